/*
 * Gzip (RFC 1952) as a stream: every member of it, each checked by its
 * CRC-32 and size.  What follows the last member, zeros too, is an error, so
 * that nothing appended to a file is lost.
 */
#ifndef FORMAT_GUNZIP_H
#define FORMAT_GUNZIP_H

#include <stdint.h>

#include "base/span.h"

struct gunzip;

/* NULL if there is no memory. */
struct gunzip *gunzip_new(void);
void gunzip_free(struct gunzip *z);

/* Whether n bytes at the start of an object are gzip's: 1f 8b 08. */
bool gunzip_magic(const char *p, size_t n);

/*
 * Takes compressed bytes off the front of in and writes up to n bytes to out.
 * Returns how many it wrote; 0 means that it needs more of in.  Or -1 and a
 * reason in *why, which lasts until gunzip_free; gunzip_at is where.
 */
ptrdiff_t gunzip_read(
    struct gunzip *z, struct span *in, char *out, size_t n, const char **why);

/* The compressed bytes have ended: 0 if a member does too, or as above. */
int gunzip_finish(struct gunzip *z, const char **why);

/* How many compressed bytes were taken. */
uint64_t gunzip_at(const struct gunzip *z);

#endif
