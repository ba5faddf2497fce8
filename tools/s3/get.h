/*
 * Reading an object: whole, or a range, at one version of it.
 */
#ifndef S3_GET_H
#define S3_GET_H

#include "s3/checksum.h"
#include "s3/client.h"

/* An object as it was first seen.  Zero it before its first use; an etag that
 * is set then is the one that it must have. */
struct s3_version {
	bool known;
	uint64_t size;	   /* of the whole object */
	char *etag;	   /* with its quotes; NULL: the server gave none */
	char *modified;	   /* Last-Modified; NULL: none */
	struct s3_sum sum; /* of the whole object, or "" */
	bool ranged; /* the server sent the range that was asked for, not all */
};

/* A copy, its memory its own. */
void s3_version_copy(struct s3_version *to, const struct s3_version *from);

void s3_version_free(struct s3_version *v);

/* HEAD: 0, or -1 and adds to why.  Where v is known, that it is another by now
 * is such a failure. */
int s3_head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why);

/*
 * HEAD, where checksums are wanted and what v was learnt from was of a range
 * and had none: then v gets the sum of the whole object.  0, also where there
 * is none to be had (no HEAD, no right to it, no length); -1 as above.
 */
int s3_get_sum(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why);

struct s3_get {
	const char *bucket;
	const char *key;
	uint64_t at;
	uint64_t n; /* may reach beyond the end; not 0 */
	/*
	 * Takes the bytes from at on, each once, in order; v is known by then.
	 * 1: that is enough; -1: it failed, and has added to why.  May be given
	 * more than n bytes where v is not ranged.
	 */
	int (*take)(void *arg, const struct s3_version *v, const void *p,
	    size_t n, struct buf *why);
	void *arg;
};

/*
 * Where v is known, or its etag, the object must still be that; else v is set.
 * A body that breaks off, or is less than was asked for, goes on at its byte,
 * with If-Match; bytes that came reset the count of attempts.  Nothing is taken
 * from beyond the object's end, nor from an empty one.  0: all was taken, or
 * enough; -1, and adds to why.
 */
int s3_get(struct s3_conn *conn, const struct s3_get *get, struct s3_version *v,
    struct buf *why);

#endif
