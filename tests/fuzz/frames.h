/*
 * What the fuzzers of framed formats share: bytes walked in pieces give what
 * they give in one, and what frame_next makes of them.
 */
#include <stdlib.h>

#include "format/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
want(int is)
{
	if (!is)
		abort();
}

/* All that is to be known of a walk over p[0..n), `step` bytes at a time. */
static void
walk(const struct frame_format *format, const char *p, size_t n, size_t step,
    struct buf *found)
{
	struct frame f = { .format = format, .sums = true };
	struct buf why = { 0 };
	size_t at = 0, end = 0;
	ptrdiff_t used = 0;

	while (at < n) {
		size_t piece = n - at < step ? n - at : step;

		used = frame_walk(&f, p + at, piece, &why);
		if (used == -1)
			break;
		want(used > 0 && (size_t)used <= piece);
		at += (size_t)used;
		if (!f.ended)
			continue;
		want(f.size == at - end && f.data <= f.size);
		buf_addf(found, "%zu %u %u\n", at, f.parts,
		    f.parts == 1 ? f.crc32c : 0);
		end = at;
	}
	if (used != -1 && !frame_whole(&f))
		frame_cut_short(&f, &why);
	buf_addf(found, "%zu %s", end, buf_str(&why));
	buf_free(&why);
}

static size_t
walk_records(const char *found)
{
	size_t lines = 0;

	while ((found = strchr(found, '\n')) != NULL)
		found++, lines++;
	return lines;
}

static void
check_next(const struct frame_format *format, const char *p, size_t n,
    struct buf *found)
{
	struct buf joined = { 0 }, why = { 0 };
	struct span framed = { p, n }, record;
	size_t records = 0, sum = 0, i;
	int got;

	while (
	    (got = frame_next(format, &framed, &record, &joined, &why)) == 1) {
		records++;
		for (i = 0; i < record.n; i++)
			sum += (unsigned char)record.p[i];
	}
	want(records == walk_records(buf_str(found)));
	want((got == -1) == (why.n > 0));
	if (why.n > 0)
		want(strstr(buf_str(found), buf_str(&why)) != NULL);
	want(sum < SIZE_MAX);
	buf_free(&joined);
	buf_free(&why);
}

static void
check_walks(
    const struct frame_format *format, const char *p, size_t n, size_t step)
{
	struct buf whole = { 0 }, pieces = { 0 };

	walk(format, p, n, n + 1, &whole);
	walk(format, p, n, step, &pieces);
	want(whole.n == pieces.n && memcmp(whole.p, pieces.p, whole.n) == 0);
	check_next(format, p, n, &whole);
	buf_free(&whole);
	buf_free(&pieces);
}

/* Reads framed, which holds data twice. */
static void
check_written(
    const struct frame_format *format, struct buf *framed, struct span data)
{
	struct buf joined = { 0 }, why = { 0 };
	struct span rest = buf_span(framed), record;
	int i;

	for (i = 0; i < 2; i++) {
		want(frame_next(format, &rest, &record, &joined, &why) == 1);
		want(record.n == data.n &&
		     memcmp(record.p, data.p, data.n) == 0);
	}
	want(rest.n == 0);
	buf_free(&joined);
	buf_free(&why);
}

static void
add_little_endian(struct buf *out, uint64_t v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		buf_addc(out, (char)(v & 255));
}
