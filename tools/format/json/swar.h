/*
 * Eight bytes at a time in a 64-bit word: what body.h needs, in portable
 * C.  The least significant byte is the first.
 */
#ifndef FORMAT_JSON_SWAR_H
#define FORMAT_JSON_SWAR_H

#include "base/word.h"

enum { STEP = 8, RUN = 16 };

#define SWAR(byte) (0x0101010101010101u * (byte))

/* The top bit of each byte, which is all that may be set, as 8 bits. */
static inline uint64_t
swar_bits(uint64_t tops)
{
	return (tops >> 7) * 0x0102040810204080u >> 56;
}

/* The top bit of each byte of v that is less than n, n up to 128. */
static inline uint64_t
swar_less(uint64_t v, unsigned n)
{
	return ~(((v & SWAR(0x7f)) + SWAR(0x80u - n)) | v) & SWAR(0x80);
}

static inline uint64_t
special(const char *p)
{
	uint64_t v = word_load(p);
	uint64_t tops = swar_less(v, 0x20) | swar_less(v ^ SWAR('"'), 1) |
			swar_less(v ^ SWAR('\\'), 1);

	return tops == 0 ? 0 : swar_bits(tops);
}

static inline uint64_t
digits(const char *p)
{
	return swar_bits(swar_less(word_load(p) ^ SWAR('0'), 10)) |
	       swar_bits(swar_less(word_load(p + 8) ^ SWAR('0'), 10)) << 8;
}

#endif
