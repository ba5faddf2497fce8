/*
 * Reads an object, or a range of it, at one version.
 */
#ifndef S3_GET_H
#define S3_GET_H

#include "s3/checksum.h"
#include "s3/client.h"

/* A version of an object.  Zero it before its first use; if its etag is set
 * then, the object must have that. */
struct s3_version {
	bool known;
	uint64_t size;	   /* of the whole object */
	char *etag;	   /* with its quotes; NULL: the server gave none */
	char *modified;	   /* Last-Modified; NULL: none */
	struct s3_sum sum; /* of the whole object, or "" */
	bool ranged; /* the server sent the range that was asked for, not all */
};

/* A copy with memory of its own. */
void s3_version_copy(struct s3_version *to, const struct s3_version *from);

void s3_version_free(struct s3_version *v);

/* HEAD: 0, or -1 and adds to why.  If v is known, it is an error if the
 * object has changed. */
int s3_head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why);

/*
 * Sends a HEAD request if checksums are to be verified and the answer that v
 * was learnt from was a range without one, and gives v the sum of the whole
 * object.  0, even if there is no sum to be had (no HEAD, no permission, no
 * length); -1 as above.
 */
int s3_get_sum(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why);

struct s3_get {
	const char *bucket;
	const char *key;
	uint64_t at;
	uint64_t n; /* may reach beyond the end; not 0 */
	/*
	 * Takes the bytes from at, each once, in order; v is known by then.
	 * 1: enough; -1: it failed, and has added to why.  If v is not ranged,
	 * there may be more than n bytes.
	 */
	int (*take)(void *arg, const struct s3_version *v, const void *p,
	    size_t n, struct buf *why);
	void *arg;
};

/*
 * If v or its etag is known, the object must still be that version; otherwise v
 * is set.  If a body breaks off, or is shorter than the range, the next request
 * continues at the next byte, with If-Match; the count of attempts starts again
 * whenever bytes arrive.  take gets no bytes beyond the object's end, and none
 * of an empty object.  0: it got all, or enough; -1, and adds to why.
 */
int s3_get(struct s3_conn *conn, const struct s3_get *get, struct s3_version *v,
    struct buf *why);

#endif
