/*
 * Hashes for tables in memory: the same run of bytes, the same number.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/span.h"

/* FNV-1a, 64 bits, its halves laid over each other. */
static inline size_t
hash_span(struct span s)
{
	uint64_t h = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
	return (size_t)(h ^ h >> 32);
}

#endif
