/*
 * The requests that store an object: one for all of it, or those of an upload
 * in parts.
 */
#ifndef S3_PUT_REQUESTS_H
#define S3_PUT_REQUESTS_H

#include "base/span.h"
#include "s3/put.h"

enum { S3_CRC_TEXT = 13 }; /* 8 bytes in base64, and NUL */

/* An object to store; all but upload is borrowed. */
struct s3_storing {
	struct s3_conn *conn;
	const char *bucket, *key;
	struct s3_put_options o;
	char *upload; /* its id, to be freed; NULL: not in parts so far */
};

/* The server's answer to a part. */
struct s3_stored {
	char *etag;	       /* to be freed */
	char crc[S3_CRC_TEXT]; /* "": it knows no such checksums */
};

/* These return 0; or how they failed (see s3/put.h), and add to why. */

/* Fails if the object exists, for servers that do not support If-None-Match
 * and would replace it. */
int s3_storing_look(const struct s3_storing *s, struct buf *why);

int s3_storing_whole(
    const struct s3_storing *s, struct span bytes, struct buf *why);

int s3_storing_begin(struct s3_storing *s, struct buf *why);

/* Part number, from 1, over a connection that may be another thread's. */
int s3_storing_part(struct s3_conn *conn, const struct s3_storing *s,
    unsigned number, struct span bytes, struct s3_stored *stored,
    struct buf *why);

/* Makes the object of n parts.  *open: it is not known whether that failed,
 * and the upload has to be left alone. */
int s3_storing_end(const struct s3_storing *s, const struct s3_stored *parts,
    unsigned n, bool *open, struct buf *why);

/* Removes all parts. */
int s3_storing_abort(const struct s3_storing *s, struct buf *why);

#endif
