/*
 * Reading objects: whole, or a range, at one version of theirs.
 */
#ifndef S3_GET_H
#define S3_GET_H

#include "s3/client.h"

/* An object as it was first seen. */
struct s3_version {
	uint64_t size;	/* of the whole object */
	char *etag;	/* with its quotes; NULL: the server gave none */
	char *modified; /* Last-Modified; NULL: none */
};

void s3_version_free(struct s3_version *v);

/* HEAD: 0, or -1 and why.  *v is the caller's. */
int s3_head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why);

/*
 * Reads n bytes at offset at into p: a ranged GET, with If-Match where etag is
 * not NULL.  A body that breaks off goes on at its byte; bytes that came reset
 * the count of attempts.  A server that ignores Range is borne.  Returns how
 * many bytes (short only at the end of the object), or -1 and why: "changed
 * since ..." where the object is another by now.  v, unless NULL, gets the
 * version that the answer named.
 */
ptrdiff_t s3_read(struct s3_conn *conn, const char *bucket, const char *key,
    const char *etag, void *p, size_t n, uint64_t at, struct s3_version *v,
    struct buf *why);

#endif
