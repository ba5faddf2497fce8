/*
 * Objects one after the other, in the order in which they were asked for, while
 * several connections fetch ahead: large ones in parts, small ones side by
 * side.
 */
#ifndef S3_FETCH_H
#define S3_FETCH_H

#include "base/span.h"
#include "s3/get.h"

enum { S3_FETCH_PART = 8 * 1024 * 1024 };

struct s3_fetch;

/*
 * Holds at most connections x 2 parts of part bytes, however slowly they are
 * taken; a connection is opened where there is something for it.  The client is
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

/* Whether more should be asked for, so that the connections have work. */
bool s3_fetch_hungry(const struct s3_fetch *f);

/*
 * What comes next of the object that was asked for first and has not ended.
 * 1, and bytes that are good until the next call.  0: it has ended; it was
 * whole, of one version, and, where it was asked for from 0 to its end, has the
 * checksum that the server names.  -1: it failed, and adds to why.  After 0 and
 * -1 the next object is the first.
 */
int s3_fetch_next(struct s3_fetch *f, struct span *bytes, struct buf *why);

/* Nothing more is wanted of the object that comes now: the next is the first,
 * once the requests under way for this one have ended. */
void s3_fetch_drop(struct s3_fetch *f);

/* Ends what is under way: the client is stopped. */
void s3_fetch_free(struct s3_fetch *f);

#endif
