/*
 * How dear a number is, in nanoseconds of one thread, the best of ROUNDS in
 * turn, a line for each kind: read by strtof(3), by number_read, the ratio;
 * written by printf(3)'s %.9g, by number_write, the ratio; decoded from CSV
 * rows of 30, and the GB/s of that.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "format/codec.h"
#include "format/number.h"
#include "clock.h"

enum { ROUNDS = 9, ROWS = 8000, COLUMNS = 30, NUMBERS = ROWS * COLUMNS };

struct data {
	struct buf text; /* rows of CSV, a NUL after them */
	struct bt_span *rows;
	struct bt_matrix m;
};

static volatile float sink;

/* From 0 to 1. */
static double
draw(void)
{
	static uint64_t state = 20240601;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) * 0x1p-53;
}

static double
value(const char *kind)
{
	double v = draw();

	if (kind[0] == 's') /* short: 0.15398 */
		return round(v * 1e5) / 1e5;
	if (kind[0] == 'm') /* mixed: -12.3456, 0.00123456 */
		return (draw() - 0.5) * pow(10, floor(v * 7) - 2);
	if (kind[0] == 'w') /* whole: 0 to 9999 */
		return floor(v * 10000);
	return v - 0.5; /* long: -0.34601658310953846 */
}

static void
data_make(struct data *d, const char *kind)
{
	const char *format = kind[0] == 'l' ? "%.17g" : "%.6g";
	size_t i, at = 0;

	d->rows = mem_resize(NULL, ROWS, sizeof *d->rows);
	for (i = 0; i < NUMBERS; i++) {
		buf_addf(&d->text, format, value(kind));
		buf_addc(&d->text, i % COLUMNS < COLUMNS - 1 ? ',' : '\n');
		if (i % COLUMNS == COLUMNS - 1) {
			d->rows[i / COLUMNS].n = d->text.n - 1 - at;
			at = d->text.n;
		}
	}
	buf_str(&d->text);
	for (i = 0, at = 0; i < ROWS; at += d->rows[i++].n + 1)
		d->rows[i].p = d->text.p + at;
}

static void
read_strtof(struct data *d)
{
	char *p = d->text.p, *end = p + d->text.n;
	float sum = 0;

	for (; p < end; p++)
		sum += strtof(p, &p);
	sink = sum;
}

static void
read_number(struct data *d)
{
	const char *p = d->text.p, *end = p + d->text.n;
	float sum = 0, v = 0;

	for (; p < end; p++) {
		p = number_read(p, end, &v);
		sum += v;
	}
	sink = sum;
}

static void
read_codec(struct data *d)
{
	struct buf why = { 0 };
	int64_t bad;

	if (codec_decode(TYPE_CSV, d->rows, ROWS, &d->m, &why, &bad) == -1)
		errx(1, "%s", buf_str(&why));
}

static void
write_printf(struct data *d)
{
	char text[64];
	size_t i;

	for (i = 0; i < NUMBERS; i++) {
		snprintf(text, sizeof text, "%.9g", (double)d->m.values[i]);
		sink = text[0];
	}
}

static void
write_number(struct data *d)
{
	char text[NUMBER_MAX];
	size_t i;

	for (i = 0; i < NUMBERS; i++) {
		number_write(text, d->m.values[i]);
		sink = text[0];
	}
}

static void
measure(const char *kind)
{
	static void (*const works[])(struct data *) = { read_codec, read_strtof,
		read_number, write_printf, write_number };
	double best[5] = { 1, 1, 1, 1, 1 }, start, took;
	struct data d = { { 0 }, NULL, { 0, 0, NULL } };
	size_t round, i;

	data_make(&d, kind);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < 5; i++) {
			start = now();
			works[i](&d);
			took = (now() - start) / NUMBERS;
			if (took < best[i])
				best[i] = took;
		}
	printf("%-6s %7.1f %7.1f %6.1f %7.1f %7.1f %6.1f %7.1f %6.2f\n", kind,
	    best[1] * 1e9, best[2] * 1e9, best[1] / best[2], best[3] * 1e9,
	    best[4] * 1e9, best[3] / best[4], best[0] * 1e9,
	    (double)d.text.n / NUMBERS / best[0] * 1e-9);
	free(d.rows);
	free(d.m.values);
	buf_free(&d.text);
}

int
main(void)
{
	measure("short");
	measure("mixed");
	measure("whole");
	measure("long");
	return 0;
}
