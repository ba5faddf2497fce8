#include "plugins/xgboost/repr.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/* The value is w * 10^e; w has at most 17 digits and no trailing zero. */
struct digits {
	uint64_t w;
	int e;
};

static char *
copy(char *p, const char *from, size_t n)
{
	memcpy(p, from, n);
	return p + n;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

enum { TENS = 22 }; /* 2^54 * 10^22 is below 2^128 */

static const uint64_t tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000,
	10000000000000000, 100000000000000000 };

static wide
ten_to(int e)
{
	return e > 17 ? (wide)tens[17] * tens[e - 17] : tens[e];
}

/* The place of v among decimals of one length: v is at / 2^shift; all between
 * low and high reads back to it. */
struct place {
	wide at, low, high;
	int shift;
};

static wide
distance(wide a, wide b)
{
	return a > b ? a - b : b - a;
}

/*
 * The multiple of step nearest to v, or otherwise the one on its other side, if
 * it reads back to v; false if neither does.
 */
static bool
nearest(const struct place *pl, uint64_t step, uint64_t *out)
{
	uint64_t below = (uint64_t)(pl->at >> pl->shift) / step * step;
	uint64_t above = below + step;
	wide a = (wide)below << pl->shift, b = (wide)above << pl->shift;
	wide to_a = distance(a, pl->at), to_b = distance(b, pl->at);
	bool up = to_b < to_a || (to_a == to_b && below / step % 2 == 1);
	bool a_reads = a > pl->low, b_reads = b < pl->high;

	*out = b_reads && (up || !a_reads) ? above : below;
	return a_reads || b_reads;
}

/* 10^(exponent of v) or the power of ten below it. */
static int
about_log10(int exponent)
{
	return (exponent * 1262611) >> 22;
}

/*
 * v is m / 2^k.  By 10^j it becomes a number of 17 digits before the point;
 * that product, and half the distance to the doubles beside it, are exact in
 * 128 bits.  False if they would not be.
 */
static bool
shortest(double v, struct digits *out)
{
	struct place pl;
	uint64_t m, bits, w;
	int exponent, j;
	wide ten;

	memcpy(&bits, &v, sizeof bits);
	exponent = (int)(bits >> 52) - 1075;
	m = (bits & ((1ull << 52) - 1)) | 1ull << 52;
	j = 16 - about_log10(exponent + 52);
	pl.shift = 1 - exponent;
	if (j < 1 || j > TENS || pl.shift < 1)
		return false;
	if ((wide)(m << 1) * ten_to(j) >> pl.shift >= tens[17])
		j--;
	ten = ten_to(j);
	pl.at = (wide)(m << 1) * ten;
	/* The ends of its interval read as a double whose last bit is even. */
	pl.low = pl.at - (m == 1ull << 52 ? ten / 2 : ten) - (m % 2 == 0);
	pl.high = pl.at + ten + (m % 2 == 0);
	if (!nearest(&pl, 100, &w) && !nearest(&pl, 10, &w))
		nearest(&pl, 1, &w);
	for (; w % 10 == 0; j--)
		w /= 10;
	*out = (struct digits){ w, -j };
	return true;
}
#else
static bool
shortest(double v, struct digits *out)
{
	(void)v;
	(void)out;
	return false;
}
#endif

static struct digits
digits_of(const char *text, int up)
{
	struct digits d = { 0, atoi(strchr(text, 'e') + 1) };
	const char *p;

	for (p = text; *p != 'e'; p++)
		if (*p != '.')
			d.w = d.w * 10 + (uint64_t)(*p - '0');
	d.w += (uint64_t)up;
	d.e -= (int)(p - text) - (p - text > 1 ? 2 : 1);
	while (d.w % 10 == 0) {
		d.w /= 10;
		d.e++;
	}
	return d;
}

/*
 * The same by trial, for any positive v.  Next to a power of two the nearest
 * decimal may not read back to it while the one above does.
 */
static struct digits
shortest_slow(double v)
{
	char text[40], next[40];
	struct digits d;
	int n, up;

	for (n = v < DBL_MIN ? 1 : DBL_DIG; n < 18; n++) {
		snprintf(text, sizeof text, "%.*e", n - 1, v);
		for (up = 0; up < 2; up++) {
			d = digits_of(text, up);
			snprintf(next, sizeof next, "%llue%d",
			    (unsigned long long)d.w, d.e);
			if (strtod(next, NULL) == v)
				return d;
		}
	}
	return d;
}

static char *
put_exponent(char *p, const char *digits, int n, int exponent)
{
	*p++ = digits[0];
	if (n > 1) {
		*p++ = '.';
		p = copy(p, digits + 1, (size_t)n - 1);
	}
	return p +
	       sprintf(p, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

/* n digits, of which the first stands for 10^exponent. */
static char *
put_fixed(char *p, const char *digits, int n, int exponent)
{
	int i;

	if (exponent < 0) {
		p = copy(p, "0.000", (size_t)(1 - exponent));
		return copy(p, digits, (size_t)n);
	}
	if (n > exponent + 1) {
		p = copy(p, digits, (size_t)exponent + 1);
		*p++ = '.';
		return copy(
		    p, digits + exponent + 1, (size_t)(n - exponent - 1));
	}
	p = copy(p, digits, (size_t)n);
	for (i = n; i <= exponent; i++)
		*p++ = '0';
	return copy(p, ".0", 2);
}

char *
repr_write(char *p, double v)
{
	char text[20], *first, *end = text + sizeof text;
	struct digits d;
	int n, exponent;

	if (isnan(v))
		return copy(p, "nan", 3);
	if (signbit(v)) {
		*p++ = '-';
		v = -v;
	}
	if (isinf(v))
		return copy(p, "inf", 3);
	if (v == 0)
		return copy(p, "0.0", 3);
	if (!shortest(v, &d))
		d = shortest_slow(v);
	first = num_put_before(end, d.w);
	n = (int)(end - first);
	exponent = d.e + n - 1;
	if (exponent < -4 || exponent >= 16)
		return put_exponent(p, first, n, exponent);
	return put_fixed(p, first, n, exponent);
}
