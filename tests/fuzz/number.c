/*
 * number_read against strtod, alone and with bytes after it; what it read is
 * written and read again.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/number.h"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

static void
same(float a, float b)
{
	if (isnan(a) ? !isnan(b) : memcmp(&a, &b, sizeof a) != 0)
		abort();
}

static void
round_trip(float v)
{
	char text[NUMBER_MAX];
	const char *end = number_write(text, v);
	float back;

	if (end - text > NUMBER_MAX || number_read(text, end, &back) != end)
		abort();
	same(v, back);
}

/* What strtod reads and number_read does not. */
static bool
is_left_out(const char *text)
{
	if (*text == '-' || *text == '+')
		text++;
	if (strchr(" \t\n\v\f\r", *text) != NULL)
		return true;
	return (text[0] == '0' && (text[1] | 0x20) == 'x') ||
	       strchr(text, '(') != NULL;
}

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	/* No byte to spare before the first of these, many after the second. */
	char *text = mem_dup(data, n), *alone = mem_alloc(n);
	const char *end, *padded;
	char *want;
	float v = 0, w = 0;

	memcpy(alone, data, n);
	end = number_read(alone, alone + n, &v);
	padded = number_read(text, text + n, &w);
	if (padded - text != end - alone)
		abort();
	same(v, w);
	if (strlen(text) == n && !is_left_out(text)) {
		w = (float)strtod(text, &want);
		if (want - text != end - alone)
			abort();
		if (want > text)
			same(w, v);
	}
	round_trip(v);
	if (n >= sizeof v) {
		memcpy(&v, data, sizeof v);
		round_trip(v);
	}
	free(alone);
	free(text);
	return 0;
}
