#include "format/records.h"

#include "base/mem.h"
#include "format/recordio.h"
#include "format/scan.h"
#include "format/tfrecord.h"

static void
add(struct records *rs, const char *p, size_t n)
{
	if (rs->n == rs->size) {
		rs->size += rs->size / 2 + 64;
		rs->list = mem_resize(rs->list, rs->size, sizeof *rs->list);
	}
	rs->list[rs->n].p = p;
	rs->list[rs->n++].n = n;
}

static void
add_line(
    struct records *rs, enum type_kind kind, const char *p, const char *end)
{
	if (p < end && end[-1] == '\n')
		end--;
	if (p < end && end[-1] == '\r')
		end--;
	if (p < end || !type_skips_blank(kind))
		add(rs, p, (size_t)(end - p));
}

void
records_begin(struct records *rs)
{
	rs->n = rs->joined.n = rs->in_parts = rs->at = rs->seen = 0;
}

void
records_lines(
    struct records *rs, enum type_kind kind, struct span body, bool all)
{
	const char *end = body.p + body.n, *lf;

	while (rs->at < body.n) {
		lf = memchr(body.p + rs->seen, '\n', body.n - rs->seen);
		if (lf == NULL && !all) {
			rs->seen = body.n;
			return;
		}
		lf = lf != NULL ? lf + 1 : end;
		add_line(rs, kind, body.p + rs->at, lf);
		rs->at = rs->seen = (size_t)(lf - body.p);
	}
}

/* The same where an LF inside quotes belongs to its record. */
static int
cut_quoted(
    struct records *rs, enum type_kind kind, struct span body, struct buf *why)
{
	const char *p = body.p, *end = p + body.n, *line = p;
	struct scan scan = { .csv = true, .keep = true };
	enum scan_problem problem = SCAN_FINE;
	uint32_t ends[256];
	size_t i, count, used, step;

	for (; p < end && problem == SCAN_FINE; p += used) {
		step =
		    (size_t)(end - p) < 1u << 20 ? (size_t)(end - p) : 1u << 20;
		problem = scan_index(&scan, p, step, ends,
		    sizeof ends / sizeof ends[0], &count, &used);
		for (i = 0; i < count; line = p + ends[i++])
			add_line(rs, kind, line, p + ends[i]);
	}
	if (problem == SCAN_FINE)
		problem = scan_finish(&scan);
	scan_free(&scan);
	if (problem != SCAN_FINE) {
		buf_adds(why, scan_says(problem));
		return -1;
	}
	if (line < end)
		add_line(rs, kind, line, end);
	return 0;
}

static const struct frame_format *
frame_format(const struct ref *r)
{
	return r->split == REF_RECORDIO ? &recordio_format : &tfrecord_format;
}

/* joined moves while it grows: its records get their places at the end. */
static void
place_joined(struct records *rs)
{
	const char *p = rs->joined.p;
	size_t i;

	for (i = 0; i < rs->n; i++)
		if (rs->list[i].p == NULL) {
			rs->list[i].p = p;
			p += rs->list[i].n;
		}
}

static int
cut_frames(struct records *rs, const struct frame_format *format,
    struct span body, struct buf *why)
{
	struct span record;
	int got;

	while (
	    (got = frame_next(format, &body, &record, &rs->part, why)) == 1) {
		if (record.p != rs->part.p) {
			add(rs, record.p, record.n);
			continue;
		}
		buf_add(&rs->joined, record.p, record.n);
		add(rs, NULL, record.n);
		rs->in_parts++;
	}
	place_joined(rs);
	return got;
}

int
records_cut(struct records *rs, const struct ref *r, enum type_kind kind,
    struct span body, struct buf *why)
{
	records_begin(rs);
	if (r->bare || r->split == REF_NONE) {
		if (r->count > 0 || body.n > 0)
			add(rs, body.p, body.n);
		return 0;
	}
	if (r->split == REF_RECORDIO || r->split == REF_TFRECORD)
		return cut_frames(rs, frame_format(r), body, why);
	if (r->keeps_newlines)
		return cut_quoted(rs, kind, body, why);
	records_lines(rs, kind, body, true);
	return 0;
}

size_t
records_start(
    const struct records *rs, const struct ref *r, struct span body, size_t i)
{
	struct buf part = { 0 }, why = { 0 };
	struct span left = body, record;

	if (r->bare || r->split == REF_NONE)
		return 0;
	if (r->split == REF_LINE)
		return (size_t)(rs->list[i].p - body.p);
	while (i-- > 0 &&
	       frame_next(frame_format(r), &left, &record, &part, &why) == 1)
		;
	buf_free(&part);
	buf_free(&why);
	return (size_t)(left.p - body.p);
}
