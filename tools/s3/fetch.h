/*
 * Reads objects one after the other, in the order in which they were asked for,
 * while several connections fetch ahead: large objects in parts, small ones
 * side by side.
 */
#ifndef S3_FETCH_H
#define S3_FETCH_H

#include "base/span.h"
#include "s3/get.h"

enum { S3_FETCH_PART = 8 * 1024 * 1024 };

struct s3_fetch;

/*
 * Holds at most connections x 2 parts of part bytes, however slowly they are
 * read.  A connection is opened when there is work for it.  The client is
 * borrowed.
 */
struct s3_fetch *s3_fetch_new(
    struct s3_client *client, unsigned connections, size_t part);

/*
 * Asks for an object.  likely is its size as a list had it, UINT64_MAX if it is
 * not known; it is a hint.  The names are copied.
 */
void s3_fetch_add(
    struct s3_fetch *f, const char *bucket, const char *key, uint64_t likely);

/*
 * Asks for the rest of an object whose version v is known, from offset at,
 * which is before its end.
 */
void s3_fetch_add_rest(struct s3_fetch *f, const char *bucket, const char *key,
    uint64_t at, const struct s3_version *v);

/* Whether to ask for more, so that the connections have work. */
bool s3_fetch_hungry(const struct s3_fetch *f);

/*
 * The next bytes of the first object that has not ended.  1: bytes, which are
 * valid until the next call.  0: the object has ended; it was whole and of one
 * version, and if it was fetched from its start, its checksum is right.  -1: it
 * failed, and adds to why.  After 0 and -1 the next object is the first.
 */
int s3_fetch_next(struct s3_fetch *f, struct span *bytes, struct buf *why);

/* Drops the current object; returns when its requests in progress have
 * ended.  The next object is the first. */
void s3_fetch_drop(struct s3_fetch *f);

/* Ends all requests in progress, and stops the client. */
void s3_fetch_free(struct s3_fetch *f);

#endif
