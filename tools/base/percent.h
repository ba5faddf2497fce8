/*
 * Percent encoding (RFC 3986, 2.1): a byte is written %XX, in capital digits.
 */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include <stdint.h>

#include "base/buf.h"

/* Which bytes are encoded: bit c % 64 of word c / 64. */
typedef const uint64_t percent_set[4];

/* The bit of an ASCII character in its word. */
#define PERCENT_BIT(c) (UINT64_C(1) << (c) % 64)

/* Control bytes, which a terminal would obey. */
extern percent_set percent_controls;

static inline bool
percent_has(percent_set set, char c)
{
	return set[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1;
}

void percent_encode(struct buf *out, struct span s, percent_set set);

/* Adds the bytes that s stands for.  0; or -1, after those before it, at a %
 * without two digits of either case, or with those of a NUL. */
int percent_decode(struct buf *out, struct span s);

#endif
