/*
 * number read       each line: the bits of the float and what is left, or none
 * number write      each line, bits in hexadecimal: the text
 * number agree N    N numerals, many of them hard: (float)strtod reads the same
 * number shortest N every N-th float: reads back, no shorter text does, none as
 *                   short is nearer
 */
#include <err.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/number.h"

enum { ROOM = 32 }; /* bytes after a numeral that must not matter */

static uint64_t
random_next(void)
{
	static uint64_t s = 88172645463325252; /* xorshift64* */

	s ^= s >> 12;
	s ^= s << 25;
	s ^= s >> 27;
	return s * 2685821657736338717;
}

static uint32_t
bits_of(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof bits);
	return bits;
}

static float
float_of(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static bool
same_float(float a, float b)
{
	return (isnan(a) && isnan(b)) || bits_of(a) == bits_of(b);
}

static void
disagree(const char *text, float v, long used, float want, long want_used)
{
	errx(1, "%s: %a after %ld bytes, not %a after %ld", text, (double)v,
	    used, (double)want, want_used);
}

/* Reads text alone, and with other bytes after it. */
static void
agree_on(const char *text)
{
	static char room[4096];
	size_t n = strlen(text);
	const char *end;
	char *want_end;
	float v = 0, want = (float)strtod(text, &want_end);

	end = number_read(text, text + n, &v);
	if (end != want_end || (end > text && !same_float(v, want)))
		disagree(text, v, end - text, want, want_end - text);
	memcpy(room, text, n);
	room[n] = ',';
	memset(room + n + 1, '7', ROOM);
	end = number_read(room, room + n + ROOM, &v);
	if (end - room != want_end - text ||
	    (end > room && !same_float(v, want)))
		disagree(text, v, end - room, want, want_end - text);
}

/* The middle of two floats, or just beside it. */
static double
between_floats(uint64_t r)
{
	uint32_t bits = (uint32_t)r % 0x7f7fffff;
	double v = ((double)float_of(bits) + (double)float_of(bits + 1)) / 2;

	if (r >> 62 != 0)
		v = nextafter(v, r >> 62 == 1 ? 0 : HUGE_VAL);
	return v;
}

static void
digits_make(char *text, uint64_t r)
{
	int i, n = 1 + (int)(r % 40);

	for (i = 0; i < n; i++)
		text[i] = (char)('0' + random_next() % 10);
	if (n > 3)
		text[(r >> 8) % (uint64_t)n] = '.';
	snprintf(text + n, 16, "e%d", (int)(r >> 20 & 127) - 64);
}

static void
letters_make(char *text, uint64_t r)
{
	static const char letters[] = "0123456789.eE+-0123nNaAiIfFtTyY,";
	int i, n = 1 + (int)(r % 12);

	for (i = 0; i < n; i++)
		text[i] = letters[random_next() % 32];
	text[n] = '\0';
}

static void
numeral_make(char *text, size_t size, unsigned kind)
{
	uint64_t r = random_next();
	int high = (int)(r >> 40 & 255);

	switch (kind % 8) {
	case 0:
		snprintf(text, size, "0.%05u", (unsigned)(r % 100000));
		break;
	case 1:
		snprintf(text, size, "%s%u.%0*u", r & 1 ? "-" : "",
		    (unsigned)(r >> 8) % 1000, high % 12, (unsigned)(r >> 32));
		break;
	case 2:
		snprintf(text, size, "%.*e", high % 160, between_floats(r));
		break;
	case 3:
		snprintf(text, size, "%.*g", 6 + high % 4,
		    (double)float_of((uint32_t)r));
		break;
	case 4:
		snprintf(text, size, "%" PRIu64 "e%d", random_next(),
		    high % 130 - 70);
		break;
	case 5:
		snprintf(text, size, "%.17g", between_floats(r));
		break;
	case 6:
		digits_make(text, r);
		break;
	default:
		letters_make(text, r);
	}
}

static void
agree(unsigned count)
{
	char text[512];
	unsigned i;

	for (i = 0; i < count; i++) {
		numeral_make(text, sizeof text, i);
		agree_on(text);
	}
}

/* How many digits text has before its exponent, without leading zeros and,
 * where there is no point, trailing ones. */
static int
digits_count(const char *text)
{
	int n = 0, zeros = 0;

	for (; *text != '\0' && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (n == 0 && *text == '0'))
			continue;
		n++;
		zeros = *text == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

static void
shortest_check(float v)
{
	char text[NUMBER_MAX + 1], other[64];
	double nearest;
	int digits, n;
	float back;

	*number_write(text, v) = '\0';
	number_read(text, text + strlen(text), &back);
	if (!same_float(back, v))
		errx(1, "%a: %s reads back to %a", (double)v, text,
		    (double)back);
	if (!isfinite(v) || v == 0)
		return;
	digits = digits_count(text);
	for (n = 1; n <= digits; n++) {
		snprintf(other, sizeof other, "%.*e", n - 1, (double)v);
		nearest = strtod(other, NULL);
		if ((float)nearest == v &&
		    (n < digits || nearest != strtod(text, NULL)))
			errx(1, "%a: %s, not %s", (double)v, text, other);
	}
}

static void
shortest(unsigned step)
{
	uint64_t bits;

	for (bits = 0; bits <= UINT32_MAX; bits += step)
		shortest_check(float_of((uint32_t)bits));
}

static void
each_line(void (*f)(char *line, size_t n))
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		line[--n] = '\0';
		f(line, (size_t)n);
	}
	free(line);
}

static void
read_line(char *line, size_t n)
{
	float v;
	const char *end = number_read(line, line + n, &v);

	if (end == line)
		puts("none");
	else
		printf("%08" PRIx32 " %s\n", bits_of(v), end);
}

static void
write_line(char *line, size_t n)
{
	char text[NUMBER_MAX + 1];

	(void)n;
	*number_write(text, float_of((uint32_t)strtoul(line, NULL, 16))) = '\0';
	puts(text);
}

int
main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned n = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;

	setlocale(LC_ALL, "");
	if (strcmp(what, "read") == 0)
		each_line(read_line);
	else if (strcmp(what, "write") == 0)
		each_line(write_line);
	else if (strcmp(what, "agree") == 0)
		agree(n);
	else if (strcmp(what, "shortest") == 0)
		shortest(n);
	else
		errx(2, "usage: number read|write|agree N|shortest N");
	return 0;
}
