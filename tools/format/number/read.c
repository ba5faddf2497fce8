#include "format/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/number/tens.h"

enum {
	PLAIN = 26,  /* a sign, seven digits, a point, two loads, and one */
	DIGITS = 19, /* that always fit 64 bits */
	/* More than the 767 that the midpoint of two doubles can have. */
	DIGITS_MAX = 800,
	/* With up to DIGITS digits before it, what is below 10^EXPONENT_MIN
	 * is below half the least float, and from 10^EXPONENT_MAX on above
	 * the largest. */
	EXPONENT_MIN = -64,
	EXPONENT_MAX = 38
};

#define ZEROS 0x3030303030303030 /* "00000000" */

/* The value is w * 10^e, or, where cut, between it and (w + 1) * 10^e. */
struct decimal {
	uint64_t w;
	int64_t e;
	bool cut;
};

static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
	1e22 };

static const double signed_tens[2][16] = { { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6,
					       1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
					       1e13, 1e14, 1e15 },
	{ -1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7, -1e8, -1e9, -1e10,
	    -1e11, -1e12, -1e13, -1e14, -1e15 } };

static const float signs[2] = { 1, -1 };

static const uint64_t whole_tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000 };

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* Eight bytes, the first the lowest. */
static inline uint64_t
load(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 |
	       (uint64_t)u[3] << 24 | (uint64_t)u[4] << 32 |
	       (uint64_t)u[5] << 40 | (uint64_t)u[6] << 48 |
	       (uint64_t)u[7] << 56;
}

/* The value of eight digits, the first in the lowest byte. */
static inline uint64_t
eight_digits(uint64_t t)
{
	t = (t * 10 + (t >> 8)) & 0x00ff00ff00ff00ff;
	t = (t * 100 + (t >> 16)) & 0x0000ffff0000ffff;
	return (t * 10000 + (t >> 32)) & 0xffffffff;
}

/* The high bits of those of eight bytes that are not digits, after ^ '0'; right
 * up to the first of them. */
static inline uint64_t
others(uint64_t t)
{
	return ((t + 0x0606060606060606) | t) & 0xf0f0f0f0f0f0f0f0;
}

/* Adds a run of digits to *w (which overflows after DIGITS of them); returns
 * its end. */
static const char *
digits_read(const char *p, const char *end, uint64_t *w)
{
	uint64_t t, other;
	int n;

	while (end - p >= 8) {
		t = load(p) ^ ZEROS;
		other = others(t);
		n = other == 0 ? 8 : __builtin_ctzll(other) / 8;
		if (n == 0)
			return p;
		*w = *w * whole_tens[n] + eight_digits(t << (64 - 8 * n));
		p += n;
		if (n < 8)
			return p;
	}
	for (; p < end && is_digit(*p); p++)
		*w = *w * 10 + (uint64_t)(*p - '0');
	return p;
}

/* Adds an exponent at p to *e; returns its end, p if there is none. */
static const char *
exponent_read(const char *p, const char *end, int64_t *e)
{
	const char *q = p + 1;
	bool minus = false;
	int64_t v = 0;

	if (q < end && (*q == '-' || *q == '+'))
		minus = *q++ == '-';
	if (q == end || !is_digit(*q))
		return p;
	for (; q < end && is_digit(*q); q++)
		if (v < INT64_MAX / 100)
			v = v * 10 + (*q - '0');
	*e += minus ? -v : v;
	return q;
}

/*
 * Copies the digits of p[0..end), which may have a point, from the first that
 * is not 0, at most max; returns how many.  *left is how many were left,
 * *cut whether one of these is not 0.
 */
static size_t
digits_copy(const char *p, const char *end, char *out, size_t max,
    int64_t *left, bool *cut)
{
	size_t n = 0;

	*left = 0;
	*cut = false;
	for (; p < end; p++) {
		if (*p == '.' || (n == 0 && *p == '0'))
			continue;
		if (n < max) {
			out[n++] = *p;
			continue;
		}
		++*left;
		*cut |= *p != '0';
	}
	return n;
}

/* The first DIGITS digits of p[0..end), the last of which stands for 10^e. */
static struct decimal
decimal_long(const char *p, const char *end, int64_t e)
{
	struct decimal d = { 0, 0, false };
	char text[DIGITS];
	size_t n;

	n = digits_copy(p, end, text, sizeof text, &d.e, &d.cut);
	d.e += e;
	digits_read(text, text + n, &d.w);
	return d;
}

/* 2^k, of a normal double. */
static inline double
two(int k)
{
	uint64_t bits = (uint64_t)(k + 1023) << 52;
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/*
 * The value, where the bounds of it that 64 bits of the power of ten give are
 * the same float.  A shorter way to what D. Lemire, "Number Parsing at a
 * Gigabyte per Second" (2021), does for doubles: if a float is needed, 64
 * bits decide all but ties and what is made to look like one.
 */
static bool
decimal_bounds(struct decimal d, float *v)
{
	int e = (int)d.e, shift = __builtin_clzll(d.w);
	uint64_t high, low;
	double scale, least, most;

	high = tens_multiply(d.w << shift, number_tens[e - TENS_MIN], &low);
	/* Without its last bit it converts as a signed number: no branch. */
	scale = two(tens_log2(e) + 2 - shift);
	if (e >= 0 && e <= TENS_EXACT && !d.cut) {
		/* A last bit of 1 stands for all bits below it. */
		high = high >> 1 | ((high & 1) | (low != 0));
		*v = (float)((double)(int64_t)high * scale);
		return true;
	}
	/* The power is short by less than one in its last bit, and w, shifted
	 * by no more than 4 where it was cut, by less than one.  No power
	 * begins with 0xff, so there is room for a few more. */
	high >>= 1;
	least = (double)(int64_t)(high | 1) * scale;
	most = (double)(int64_t)(high + (d.cut ? 11 : 2)) * scale;
	*v = (float)least;
	return (float)most == *v;
}

/*
 * What the bounds do not decide: strtod(3) does.  It is given whole digits, so
 * that the locale's decimal point does not matter, and no more of them than
 * can: a last digit of 1 stands for all after it.
 */
static float
number_exact(const char *p, const char *end, int64_t e)
{
	char text[DIGITS_MAX + 32];
	int64_t left;
	bool cut;
	size_t n;

	n = digits_copy(p, end, text, DIGITS_MAX, &left, &cut);
	if (cut) {
		text[n++] = '1';
		left--;
	}
	snprintf(text + n, sizeof text - n, "e%lld", (long long)(e + left));
	return (float)strtod(text, NULL);
}

/* How many digits of p[0..end) count, a point being at point or nowhere. */
static inline int64_t
significant(const char *p, const char *end, const char *point)
{
	while (p < end && (*p == '0' || *p == '.'))
		p++;
	return end - p - (p <= point && point < end);
}

/* The digits in p[0..end), a point being at point or nowhere, the last of which
 * stands for 10^e. */
static float
number_value(
    const char *p, const char *end, const char *point, struct decimal d)
{
	int64_t e = d.e;
	float v;

	if (end - p > DIGITS && significant(p, end, point) > DIGITS)
		d = decimal_long(p, end, e);
	if (d.w == 0 || d.e < EXPONENT_MIN)
		return 0;
	if (d.e > EXPONENT_MAX)
		return HUGE_VALF;
	return decimal_bounds(d, &v) ? v : number_exact(p, end, e);
}

/* Whether p begins with the word, whatever its case. */
static bool
begins(const char *p, const char *end, const char *word)
{
	for (; *word != '\0'; p++, word++)
		if (p == end || (*p | 0x20) != *word)
			return false;
	return true;
}

/* "inf", "infinity", "nan"; NULL if there is none. */
static const char *
word_read(const char *p, const char *end, float *v)
{
	if (begins(p, end, "nan")) {
		*v = NAN;
		return p + 3;
	}
	if (!begins(p, end, "inf"))
		return NULL;
	*v = HUGE_VALF;
	return begins(p + 3, end, "inity") ? p + 8 : p + 3;
}

/* Any number. */
static __attribute__((noinline)) const char *
number_any(const char *p, const char *end, float *v)
{
	struct decimal d = { 0, 0, false };
	const char *first, *q, *point, *last;
	bool minus;
	float value;

	if (p == end)
		return p;
	minus = *p == '-';
	first = p + (minus | (*p == '+'));
	q = point = digits_read(first, end, &d.w);
	if (q < end && *q == '.') {
		q = digits_read(q + 1, end, &d.w);
		d.e = -(q - point - 1);
	}
	if (q - first - (q > point) <= 0) {
		q = word_read(first, end, &value);
		if (q == NULL)
			return p;
		*v = value * signs[minus];
		return q;
	}
	last = q;
	if (q < end && (*q | 0x20) == 'e')
		q = exponent_read(q, end, &d.e);
	/* Clinger's case, where one operation on exact doubles is right. */
	if (FLT_EVAL_METHOD == 0 && last - first <= DIGITS &&
	    d.w <= 1ull << 53 && d.e >= -22 && d.e <= 22)
		value = (float)(d.e < 0 ? (double)d.w / tens[-d.e]
					: (double)d.w * tens[d.e]);
	else
		value = number_value(first, last, point, d);
	*v = value * signs[minus];
	return q;
}

/* How many digits t, eight bytes ^ '0' of which at least one is not a digit,
 * begins with; adds them to *w. */
static inline int
run(uint64_t t, uint64_t other, uint64_t *w)
{
	int n = __builtin_ctzll(other) / 8;

	/* By 8 once more: a shift by 64 would be none. */
	*w = *w * whole_tens[n] + eight_digits(t << (56 - 8 * n) << 8);
	return n;
}

/*
 * At most seven digits before the point and fifteen after it, no exponent,
 * and PLAIN bytes to look at: nearly all numbers, with few branches that their
 * lengths and signs would mislead.
 */
const char *
number_read(const char *p, const char *end, float *v)
{
	uint64_t t, other, w = 0;
	const char *q;
	bool minus;
	int n = 0, whole;

	if (FLT_EVAL_METHOD != 0 || end - p < PLAIN)
		return number_any(p, end, v);
	minus = *p == '-';
	t = load(p + minus) ^ ZEROS;
	other = others(t);
	if (other == 0 || (other & 0xf0) != 0)
		return number_any(p, end, v);
	whole = run(t, other, &w);
	q = p + minus + whole;
	if (*q == '.') {
		t = load(++q) ^ ZEROS;
		other = others(t);
		if (other == 0) {
			w = w * whole_tens[8] + eight_digits(t);
			n = 8;
			t = load(q + 8) ^ ZEROS;
			other = others(t);
			if (other == 0)
				return number_any(p, end, v);
		}
		n += run(t, other, &w);
		q += n;
	}
	if ((*q | 0x20) == 'e' || whole + n > DIGITS || w > 1ull << 53)
		return number_any(p, end, v);
	*v = (float)((double)(int64_t)w / signed_tens[minus][n]);
	return q;
}
