/*
 * What body.h needs of a vector unit, from three things that the file
 * including it defines first: WIDTH, a vector's bytes (16 or 32), TARGET, the
 * target attribute, and BITS(v), a bit for each byte of a vector that is 0xff
 * (0 for one that is 0), as a uint64_t.
 */
#ifndef FORMAT_JSON_VEC_H
#define FORMAT_JSON_VEC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef WIDTH /* compiled alone */
#define WIDTH 16
#define TARGET
#define BITS(v) ((uint64_t)(v)[0])
#endif

typedef unsigned char vec __attribute__((vector_size(WIDTH)));

enum { STEP = WIDTH, RUN = 32 };

TARGET static inline vec
load(const char *p)
{
	vec v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* A bit for each of 64 bytes, of which the vectors v0, v1 ... are made, that
 * has the property. */
#if WIDTH == 32
#define BITS64(property)                                                       \
	(BITS((vec)(property(v0))) | BITS((vec)(property(v1))) << 32)
#define LOAD64(p) const vec v0 = load(p), v1 = load((p) + 32)
#else
#define BITS64(property)                                                       \
	(BITS((vec)(property(v0))) | BITS((vec)(property(v1))) << 16 |         \
	    BITS((vec)(property(v2))) << 32 | BITS((vec)(property(v3))) << 48)
#define LOAD64(p)                                                              \
	const vec v0 = load(p), v1 = load((p) + 16), v2 = load((p) + 32),      \
		  v3 = load((p) + 48)
#endif

#define IS_QUOTE(v) ((v) == '"')
#define IS_BACKSLASH(v) ((v) == '\\')
#define IS_CONTROL(v) ((v) < 0x20)
/* b f n r t and /: the bits in which the letters differ do not count. */
#define IS_ESCAPE(v)                                                           \
	((((v)&0xfb) == 'b') | (((v)&0xf7) == 'f') | (((v)&0xef) == 'b') |     \
	    ((v) == 't') | ((v) == '/'))
#define IS_DIGIT(v) ((v) - '0' < 10)
#define IS_ZERO(v) ((v) == '0')
#define IS_MINUS(v) ((v) == '-')
#define IS_DOT(v) ((v) == '.')
#define IS_COMMA(v) ((v) == ',')
#define IS_BLANK(v) ((v) == ' ')

TARGET static inline uint64_t
special(const char *p)
{
	const vec v = load(p);

	return BITS((vec)(IS_QUOTE(v) | IS_BACKSLASH(v) | IS_CONTROL(v)));
}

TARGET static inline uint64_t
digits(const char *p)
{
	const vec v = load(p);
#if WIDTH < 32
	const vec w = load(p + WIDTH);

	return BITS((vec)IS_DIGIT(v)) | BITS((vec)IS_DIGIT(w)) << WIDTH;
#else
	return BITS((vec)IS_DIGIT(v));
#endif
}

/*
 * The bytes that backslashes take the meaning from, of 64.  *carry is 1 where
 * the first is one, and is set for the next 64.
 */
static inline uint64_t
escaped_bytes(uint64_t backslash, uint64_t *carry)
{
	const uint64_t even = 0x5555555555555555u;
	uint64_t b = backslash & ~*carry, sum, by;

	/* In a run of backslashes each second one is escaped.  The sum clears
	 * the runs that begin at an even place, and leaves the others. */
	sum = b + (b & ~(b << 1) & even);
	by = (b & ~sum & even) | (b & sum & ~even);
	sum = by << 1 | *carry;
	*carry = by >> 63;
	return sum;
}

/*
 * Of 64 bytes inside a string: those that may end it or that it may not hold.
 * *end are the quotes among them.  An escape with a u is in it too.
 */
TARGET static inline __attribute__((always_inline)) uint64_t
stops(const char *p, uint64_t *carry, uint64_t *end)
{
	LOAD64(p);
	uint64_t quote = BITS64(IS_QUOTE), backslash = BITS64(IS_BACKSLASH);
	uint64_t escaped = escaped_bytes(backslash, carry);
	uint64_t odd = escaped & ~(quote | backslash);

	*end = quote & ~escaped;
	if (odd != 0)
		odd &= ~BITS64(IS_ESCAPE);
	return *end | BITS64(IS_CONTROL) | odd;
}

/*
 * p is at a number, in an array: past how many of the next 64 bytes it may
 * go, to a comma or closing bracket that has nothing but well-formed numbers
 * before it (without an exponent; a blank may follow a comma).  0 where the
 * numbers must be looked at one by one.
 */
TARGET static inline unsigned
numbers(const char *p)
{
	LOAD64(p);
	uint64_t digit = BITS64(IS_DIGIT), minus = BITS64(IS_MINUS),
		 dot = BITS64(IS_DOT), comma = BITS64(IS_COMMA),
		 blank = BITS64(IS_BLANK);
	uint64_t other = ~(digit | minus | dot | comma | blank);
	uint64_t start, whole, part, bad, keep;
	unsigned last;

	/* Up to the last comma before another byte, or to a bracket. */
	other &= -other;
	keep = other - 1;
	comma &= keep;
	if (other != 0 && p[__builtin_ctzll(other)] == ']')
		comma |= other;
	if (comma == 0)
		return 0;
	last = 63 - (unsigned)__builtin_clzll(comma);
	keep = ~(uint64_t)0 >> (63 - last);
	digit &= keep;
	minus &= keep;
	dot &= keep;
	blank &= keep;

	start = 1 | (comma << 1 & ~blank & keep) | blank << 1;
	whole = (start & ~minus) | minus << 1;
	part = dot << 1;
	bad = blank & ~(comma << 1);
	bad |= minus & ~start;
	bad |= (whole | part) & ~digit;
	bad |= dot & ~(digit << 1);
	/* The sum ripples through the digits after a dot, to what ends them. */
	bad |= (digit + part) & ~digit & ~comma;
	bad |= (whole & BITS64(IS_ZERO)) << 1 & digit;
	return bad == 0 ? last : 0;
}

#endif
