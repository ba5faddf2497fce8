/*
 * xgboost KIND N: N doubles of a kind, each as the xgboost plugin writes it
 * and as printf's %a.
 *
 *	any	any bits
 *	float	floats of any bits
 *	chance	floats from 0 to 1
 *	rest	what they lack to 1
 *	edge	powers of two, and the doubles beside them
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/xgboost/repr.c"

static uint64_t state = 20240601;

static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static double
from_bits(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}

static double
from_float_bits(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof f);
	return (double)f;
}

static double
chance(void)
{
	return (double)((float)(uint32_t)(draw() >> 40) / 16777216.0f);
}

static double
pick(const char *kind, uint64_t i)
{
	if (strcmp(kind, "float") == 0)
		return from_float_bits((uint32_t)(draw() >> 16));
	if (strcmp(kind, "chance") == 0)
		return chance();
	if (strcmp(kind, "rest") == 0)
		return 1.0 - chance();
	if (strcmp(kind, "edge") == 0)
		return from_bits(((i / 3 % 2046 + 1) << 52) + i % 3 - 1);
	return from_bits(draw());
}

int
main(int argc, char *argv[])
{
	char text[REPR_MAX + 1];
	uint64_t i, n;
	double v;

	if (argc != 3)
		errx(2, "usage: xgboost KIND N");
	n = strtoull(argv[2], NULL, 10);
	for (i = 0; i < n; i++) {
		v = pick(argv[1], i);
		*repr_write(text, v) = '\0';
		printf("%s %a\n", text, v);
	}
	return 0;
}
