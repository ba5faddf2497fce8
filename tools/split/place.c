#include "split/place.h"

#include "format/csv.h"

enum { BLOCK = 32768 };

/* Reads again from at up to end, at most a block: how many bytes. */
static size_t
again(const struct object *o, char *p, uint64_t at, uint64_t end)
{
	size_t n = end - at < BLOCK ? (size_t)(end - at) : BLOCK;

	return input_again(&o->in, p, n, at);
}

uint64_t
place_lines(const struct object *o, uint64_t from, uint64_t to)
{
	char block[BLOCK];
	const char *p, *end;
	uint64_t lines = 0;
	size_t n;

	while (from < to && (n = again(o, block, from, to)) > 0) {
		end = block + n;
		for (p = block;
		     (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
			lines++;
		from += n;
	}
	return lines;
}

void
place_find(const struct object *o, const struct scan *how, struct place *place,
    uint64_t bad)
{
	struct scan scan = {
		.csv = how->csv, .strict = how->strict, .keep = how->keep
	};
	enum scan_problem problem;
	char block[BLOCK];
	uint64_t at = place->byte, start = at, records;
	size_t n;

	while (at < bad && (n = again(o, block, at, bad)) > 0) {
		problem = scan_block(&scan, block, n);
		if (scan.end > 0)
			start = at + scan.end;
		if (problem != SCAN_FINE)
			break;
		at += n;
	}
	records = scan.ends - (type_skips_blank(o->kind) ? scan.blank : 0);
	place->record += records;
	place->line += place_lines(o, place->byte, start);
	place->byte = start;
	scan_free(&scan);
}

uint64_t
place_column(const struct object *o, uint64_t start, uint64_t bad)
{
	char block[BLOCK];
	uint64_t column = 1;
	int state = 0;
	size_t n;

	while (start < bad && (n = again(o, block, start, bad)) > 0) {
		column += csv_commas(&state, block, n);
		start += n;
	}
	return column;
}
