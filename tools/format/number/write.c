#include "format/number.h"

#include <stdint.h>

#include "format/number/tens.h"

/* The value is w * 10^e. */
struct decimal {
	uint32_t w;
	int e;
};

/* floor(log10(2^q)), or of 3/4 of it. */
static inline int
two_log10(int q, bool less)
{
	return (q * 1262611 - (less ? 524031 : 0)) >> 22;
}

/* The whole part of x * ten / 2^64, its last bit set if there is more. */
static inline uint32_t
scaled(uint64_t ten, uint32_t x)
{
	uint64_t low, whole = tens_multiply(ten, x, &low);

	return (uint32_t)whole | (low >> 32 > 1);
}

/*
 * The shortest decimal nearest to c * 2^q among those that read back to it:
 * R. Giulietti, "The Schubfach way to render doubles" (2020), for floats.  10^k
 * is the largest power of ten not above the width of the interval of such
 * decimals, so at most one multiple of 10^(k+1) is in it, and of 10^k at
 * least one; all is counted in quarters of 10^k.  less: the float below is
 * nearer than the one above.
 */
static struct decimal
shortest(uint32_t c, int q, bool less)
{
	int k = two_log10(q, less), h = q + tens_log2(-k) + 1;
	uint64_t ten = number_tens[-k - TENS_MIN] + 1;
	uint32_t odd = c & 1; /* a tie goes to an even float */
	uint32_t low = scaled(ten, (4 * c - 2 + less) << h) + odd;
	uint32_t mid = scaled(ten, 4 * c << h);
	uint32_t high = scaled(ten, (4 * c + 2) << h) - odd;
	uint32_t w = mid / 4, tenth = w / 10;
	bool under, over;

	under = low <= 40 * tenth;
	over = 40 * tenth + 40 <= high;
	if (w >= 10 && under != over)
		return (struct decimal){ tenth + over, k + 1 };
	under = low <= 4 * w;
	over = 4 * w + 4 <= high;
	if (under == over) /* both, or neither: the nearer, or the even one */
		over = mid > 4 * w + 2 || (mid == 4 * w + 2 && (w & 1) == 1);
	return (struct decimal){ w + over, k };
}

static struct decimal
decimal_of(uint32_t bits)
{
	uint32_t fraction = bits & 0x7fffff;
	int exponent = (int)(bits >> 23);

	/* 7.038531e-26 is nearest to this one, but to the middle between it
	 * and the next once it is a double.  All others were tried. */
	if (bits == 0x15ae43fd)
		return (struct decimal){ 70385307, -33 };
	if (exponent == 0)
		return shortest(fraction, -149, false);
	return shortest(
	    fraction | 0x800000, exponent - 150, fraction == 0 && exponent > 1);
}

/* Writes w's digits at p, which has room for 10; returns how many. */
static int
digits_put(char *p, uint32_t w)
{
	char text[10], *t = text + sizeof text;
	int n;

	do
		*--t = (char)('0' + w % 10);
	while ((w /= 10) > 0);
	n = (int)(text + sizeof text - t);
	memcpy(p, t, (size_t)n);
	return n;
}

static char *
fill(char *p, int n)
{
	memset(p, '0', (size_t)n);
	return p + n;
}

static char *
copy(char *p, const char *from, int n)
{
	memcpy(p, from, (size_t)n);
	return p + n;
}

/* n digits with the point after the first one, and an exponent. */
static char *
put_exponent(char *p, const char *digits, int n, int exponent)
{
	*p++ = digits[0];
	if (n > 1) {
		*p++ = '.';
		p = copy(p, digits + 1, n - 1);
	}
	*p++ = 'e';
	*p++ = exponent < 0 ? '-' : '+';
	if (exponent < 0)
		exponent = -exponent;
	*p++ = (char)('0' + exponent / 10);
	*p++ = (char)('0' + exponent % 10);
	return p;
}

/* n digits of which the first stands for 10^exponent. */
static char *
put_fixed(char *p, const char *digits, int n, int exponent)
{
	if (exponent < 0) {
		*p++ = '0';
		*p++ = '.';
		return copy(fill(p, -exponent - 1), digits, n);
	}
	if (n <= exponent + 1)
		return fill(copy(p, digits, n), exponent + 1 - n);
	p = copy(p, digits, exponent + 1);
	*p++ = '.';
	return copy(p, digits + exponent + 1, n - exponent - 1);
}

char *
number_write(char *p, float v)
{
	struct decimal d;
	char digits[10];
	uint32_t bits;
	int n, exponent;

	memcpy(&bits, &v, sizeof bits);
	if ((bits & 0x7fffffff) > 0x7f800000)
		return copy(p, "nan", 3);
	if (bits >> 31 != 0)
		*p++ = '-';
	bits &= 0x7fffffff;
	if (bits == 0x7f800000)
		return copy(p, "inf", 3);
	if (bits == 0)
		return copy(p, "0", 1);
	d = decimal_of(bits);
	n = digits_put(digits, d.w);
	exponent = d.e + n - 1;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (exponent >= -4 && exponent <= 8) /* as %.9g */
		return put_fixed(p, digits, n, exponent);
	return put_exponent(p, digits, n, exponent);
}
