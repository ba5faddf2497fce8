#include "format/number.h"

#include <stdint.h>

#include "base/num.h"
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

/* The most bytes of digits, and what is copied of any: a length that is known
 * takes no call of memcpy. */
enum { DIGITS = 16 };

static char *
copy(char *p, const char *from, int n)
{
	memcpy(p, from, DIGITS);
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

/* n digits, and zeros, of which the first stands for 10^exponent. */
static char *
put_fixed(char *p, const char *digits, int n, int exponent)
{
	if (exponent < 0)
		return copy(
		    copy(p, "0.00000000000000", 1 - exponent), digits, n);
	p = copy(p, digits, exponent + 1);
	if (n <= exponent + 1)
		return p;
	*p++ = '.';
	return copy(p, digits + exponent + 1, n - exponent - 1);
}

static char *
put_name(char *p, const char name[3])
{
	memcpy(p, name, 3);
	return p + 3;
}

char *
number_write(char *p, float v)
{
	struct decimal d;
	char text[3 * DIGITS], *digits;
	uint32_t bits;
	int n, exponent;

	memcpy(&bits, &v, sizeof bits);
	if ((bits & 0x7fffffff) > 0x7f800000)
		return put_name(p, "nan");
	if (bits >> 31 != 0)
		*p++ = '-';
	bits &= 0x7fffffff;
	if (bits == 0x7f800000)
		return put_name(p, "inf");
	if (bits == 0) {
		*p = '0';
		return p + 1;
	}
	d = decimal_of(bits);
	memset(text, '0', sizeof text);
	digits = num_put_before(text + DIGITS, d.w);
	n = (int)(text + DIGITS - digits);
	exponent = d.e + n - 1;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (exponent >= -4 && exponent <= 8) /* as %.9g */
		return put_fixed(p, digits, n, exponent);
	return put_exponent(p, digits, n, exponent);
}
