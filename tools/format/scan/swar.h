/* Sums over the bits of a word, if there is no instruction for them. */
#ifndef FORMAT_SCAN_SWAR_H
#define FORMAT_SCAN_SWAR_H

#include <stdint.h>

/* Each bit the xor of all bits up to it. */
static inline uint64_t
swar_fill(uint64_t m)
{
	m ^= m << 1;
	m ^= m << 2;
	m ^= m << 4;
	m ^= m << 8;
	m ^= m << 16;
	return m ^ m << 32;
}

/* How many bits are set. */
static inline unsigned
swar_ones(uint64_t m)
{
	m -= m >> 1 & 0x5555555555555555u;
	m = (m & 0x3333333333333333u) + (m >> 2 & 0x3333333333333333u);
	m = (m + (m >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (unsigned)(m * 0x0101010101010101u >> 56);
}

#endif
