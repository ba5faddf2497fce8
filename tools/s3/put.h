/*
 * Stores an object: whole, or not at all.
 */
#ifndef S3_PUT_H
#define S3_PUT_H

#include "s3/client.h"

enum {
	S3_PUT_PART = 8 * 1024 * 1024,
	S3_PUT_PART_MIN = 5 * 1024 * 1024,
	S3_PUT_PARTS_MAX = 10000,
};

struct s3_put_options {
	const char *content_type; /* NULL: the server's default */
	const char *kms_key_id;	  /* NULL: the bucket's own encryption */
	bool if_none_match;	  /* refuse to replace an object */
	/* If the server does not support that, rely on the lookup before. */
	bool look_is_enough;
	/* All bytes are available: look up once, at the end. */
	bool at_hand;
	/* Of every part but the last.  0: S3_PUT_PART, growing from the 1001st
	 * part, so that 5 TiB fit. */
	uint64_t part_size;
	unsigned connections; /* parts in progress at a time, at least 1 */
};

/* How the functions below fail, and add to why.  REFUSED: the server or the
 * object's size has decided against this object alone.  FAILED: others would
 * fail, too. */
enum { S3_PUT_FAILED = -1, S3_PUT_REFUSED = -2 };

/* The size of the part of this number, from 1; part_size as above.  All
 * 10000 hold 5 TiB. */
uint64_t s3_put_part_size(uint64_t part_size, unsigned number);

struct s3_put;

/*
 * Begins an object.  With if_none_match it looks up whether the object exists,
 * and again at the end, for servers that do not support the condition.  client,
 * conn (of the calling thread), the names and the options' texts are borrowed
 * until it ends.  NULL, and adds to why.
 */
struct s3_put *s3_put_new(struct s3_client *client, struct s3_conn *conn,
    const char *bucket, const char *key, const struct s3_put_options *options,
    struct buf *why);

/* Room for the next bytes, *n and at least 1; NULL, and adds to why, if an
 * earlier part has failed. */
void *s3_put_room(struct s3_put *put, size_t *n, struct buf *why);

/* The first n bytes of the room have been filled. */
void s3_put_filled(struct s3_put *put, size_t n);

/* Copies n bytes: 0, or how it failed. */
int s3_put_write(struct s3_put *put, const void *p, size_t n, struct buf *why);

/* Waits for the requests in progress, and keeps only the bytes that do not
 * fill a part, until the next room: for callers that write many objects in
 * turn. */
void s3_put_settle(struct s3_put *put);

/* Another thread will commit it, with its own conn. */
void s3_put_use(struct s3_put *put, struct s3_conn *conn);

/* Completes the object: 0; or how it failed: the object does not exist (or
 * why says that this is not known).  Frees put either way. */
int s3_put_commit(struct s3_put *put, struct buf *why);

/* Removes the parts, even if the client was stopped: 0; or -1, and adds to
 * why: parts may be left.  Frees put either way. */
int s3_put_abort(struct s3_put *put, struct buf *why);

/* Stores n bytes in one request: 0, or as s3_put_commit. */
int s3_put_bytes(struct s3_conn *conn, const char *bucket, const char *key,
    const struct s3_put_options *options, const void *p, size_t n,
    struct buf *why);

#endif
