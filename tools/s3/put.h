/*
 * Storing an object: whole, or not at all.
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
	/* That by the look before, where the server knows no condition. */
	bool look_is_enough;
	/* The bytes are all at hand: it is looked only once, at the end. */
	bool at_hand;
	/* Of every part but the last.  0: S3_PUT_PART, from the 1001st part on
	 * so much more that 5 TiB fit. */
	uint64_t part_size;
	unsigned connections; /* parts under way at a time, at least 1 */
};

/* How what follows fails, and adds to why: only this object is the matter, the
 * server or its size has decided it; or others would fare no better. */
enum { S3_PUT_FAILED = -1, S3_PUT_REFUSED = -2 };

/* What the part of this number, from 1, holds; part_size as above.  All 10000
 * hold 5 TiB. */
uint64_t s3_put_part_size(uint64_t part_size, unsigned number);

struct s3_put;

/*
 * Begins; with if_none_match it looks whether the object is there already, and
 * again at the end, for servers that do not know the condition.
 * Client, conn, which is the caller's thread's, the names and the options'
 * texts are borrowed until it ends.  NULL, and adds to why.
 */
struct s3_put *s3_put_new(struct s3_client *client, struct s3_conn *conn,
    const char *bucket, const char *key, const struct s3_put_options *options,
    struct buf *why);

/* Room for what comes next, *n bytes and at least 1; NULL, and adds to why,
 * where a part before has failed. */
void *s3_put_room(struct s3_put *put, size_t *n, struct buf *why);

/* n bytes of the room are filled. */
void s3_put_filled(struct s3_put *put, size_t n);

/* Copies n bytes: 0, or how it failed. */
int s3_put_write(struct s3_put *put, const void *p, size_t n, struct buf *why);

/* Waits until nothing of it is under way, and holds no more than what does not
 * fill a part, until the next room: for who writes many objects by turns. */
void s3_put_settle(struct s3_put *put);

/* Another thread commits it, with its own conn. */
void s3_put_use(struct s3_put *put, struct s3_conn *conn);

/* The object is there, with all bytes: 0; or how it failed, it is not there (or
 * nobody can tell: that is said).  Ends put either way. */
int s3_put_commit(struct s3_put *put, struct buf *why);

/* Nothing of it stays, also where the client was stopped: 0; or -1, parts may
 * be left, and adds to why.  Ends put either way. */
int s3_put_abort(struct s3_put *put, struct buf *why);

/* Stores n bytes in one request: 0; or as s3_put_commit. */
int s3_put_bytes(struct s3_conn *conn, const char *bucket, const char *key,
    const struct s3_put_options *options, const void *p, size_t n,
    struct buf *why);

#endif
