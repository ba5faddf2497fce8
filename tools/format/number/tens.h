/*
 * Powers of ten in 64 bits, which reading and writing numbers share.
 */
#ifndef FORMAT_NUMBER_TENS_H
#define FORMAT_NUMBER_TENS_H

#include <stdint.h>

enum { TENS_MIN = -64, TENS_MAX = 45, TENS_EXACT = 27 };

/*
 * 10^e is number_tens[e - TENS_MIN] * 2^(tens_log2(e) - 63), cut to the 64 bits
 * from its first on; nothing is lost where 0 <= e <= TENS_EXACT.
 */
extern const uint64_t number_tens[TENS_MAX - TENS_MIN + 1];

/* floor(e * log2(10)) */
static inline int
tens_log2(int e)
{
	return (e * 1741647) >> 19;
}

/* The high half of a * b; the low one in *low. */
static inline uint64_t
tens_multiply(uint64_t a, uint64_t b, uint64_t *low)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	*low = (uint64_t)product;
	return (uint64_t)(product >> 64);
#else
	uint64_t a0 = a & 0xffffffff, a1 = a >> 32;
	uint64_t b0 = b & 0xffffffff, b1 = b >> 32;
	uint64_t middle = a0 * b1 + (a0 * b0 >> 32);
	uint64_t carry = a1 * b0 + (middle & 0xffffffff);

	*low = a * b;
	return a1 * b1 + (middle >> 32) + (carry >> 32);
#endif
}

#endif
