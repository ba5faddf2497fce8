#include "plugins/onnx/half.h"

#include <math.h>

/* The fraction's 10 bits, and the least exponent of what has a leading 1. */
enum { FRACTION = 10, ONE = 1 << FRACTION, EXPONENT_MIN = -14 };

uint16_t
half_of(double v)
{
	unsigned sign = signbit(v) ? 0x8000 : 0, bits;
	int e;

	if (isnan(v))
		return 0x7e00;
	v = fabs(v);
	if (v >= 65536)
		return (uint16_t)(sign | 0x7c00);
	/* Its last bit is worth 2^(e - FRACTION), for all below the least
	 * exponent the same. */
	frexp(v, &e);
	e = v < ldexp(1, EXPONENT_MIN) ? EXPONENT_MIN : e - 1;
	bits = (unsigned)rint(ldexp(v, FRACTION - e));
	/* The leading 1, if there is one, counts as 1 in the exponent; rounding
	 * up to a power of two carries into it. */
	return (uint16_t)(sign |
			  (((unsigned)(e - EXPONENT_MIN) << FRACTION) + bits));
}

double
half_value(uint16_t half)
{
	int exponent = half >> FRACTION & 31, fraction = half & (ONE - 1);
	double v;

	if (exponent == 31)
		v = fraction != 0 ? (double)NAN : (double)INFINITY;
	else if (exponent == 0)
		v = ldexp(fraction, EXPONENT_MIN - FRACTION);
	else
		v = ldexp(
		    ONE + fraction, exponent - 1 + EXPONENT_MIN - FRACTION);
	return half & 0x8000 ? -v : v;
}
