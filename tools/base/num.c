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

char *
num_put(char *p, uint64_t v)
{
	char digits[NUM_MAX], *d = digits + sizeof digits;
	size_t n;

	do
		*--d = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	n = (size_t)(digits + sizeof digits - d);
	memcpy(p, d, n);
	return p + n;
}
