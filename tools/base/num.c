#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t
num_parse(struct span s, uint64_t min, uint64_t max, const char **why)
{
	static char text[64];
	uint64_t v = 0, digit;
	size_t i;

	*why = NULL;
	for (i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
		digit = (uint64_t)(s.p[i] - '0');
		if (v > (UINT64_MAX - digit) / 10) {
			v = UINT64_MAX;
			max = max == UINT64_MAX ? max - 1 : max;
			continue;
		}
		v = v * 10 + digit;
	}
	if (i == 0 || i < s.n)
		*why = "not a whole number";
	else if (v < min)
		snprintf(text, sizeof text, "less than %" PRIu64, min);
	else if (v > max)
		snprintf(text, sizeof text, "more than %" PRIu64, max);
	else
		return v;
	if (*why == NULL)
		*why = text;
	return 0;
}

const char num_pairs[] = "00010203040506070809101112131415161718192021222324"
			 "25262728293031323334353637383940414243444546474849"
			 "50515253545556575859606162636465666768697071727374"
			 "75767778798081828384858687888990919293949596979899";

char *
num_put(char *p, uint64_t v)
{
	uint64_t above = 10;
	size_t n = 1, i;

	for (; n < NUM_MAX - 3 && v >= above * 1000; n += 4)
		above *= 10000;
	for (; n < NUM_MAX && v >= above; n++)
		above *= 10;
	for (i = n; i > 1; v /= 100)
		memcpy(p + (i -= 2), num_pairs + v % 100 * 2, 2);
	if (i > 0)
		*p = (char)('0' + v);
	return p + n;
}

int
num_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
num_hex32(struct span s, uint32_t *v)
{
	size_t i;
	int digit;

	*v = 0;
	for (i = 0; i < s.n; i++) {
		if ((digit = num_hex_digit(s.p[i])) == -1)
			return -1;
		*v = *v << 4 | (uint32_t)digit;
	}
	return s.n == 8 ? 0 : -1;
}

char *
num_put_hex32(char *p, uint32_t v)
{
	static const char hex[] = "0123456789abcdef";
	int i;

	for (i = 28; i >= 0; i -= 4)
		*p++ = hex[v >> i & 15];
	return p;
}
