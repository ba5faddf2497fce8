#include "format/records.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/frame.h"

void
records_add(struct records *rs, const char *p, size_t n)
{
	if (rs->counts) {
		rs->n++;
		return;
	}
	if (rs->n == rs->size) {
		rs->size += rs->size / 2 + 64;
		rs->list = mem_resize(rs->list, rs->size, sizeof *rs->list);
	}
	rs->list[rs->n].p = p;
	rs->list[rs->n++].n = n;
}

static void
add_line(struct records *rs, const char *p, const char *end)
{
	if (p < end && end[-1] == '\n')
		end--;
	if (p < end && end[-1] == '\r')
		end--;
	if (p < end || !rs->skips_blank)
		records_add(rs, p, (size_t)(end - p));
}

void
records_begin(struct records *rs, bool quotes, bool skips_blank)
{
	scan_free(&rs->scan);
	rs->scan = (struct scan){ .csv = quotes, .keep = true };
	rs->skips_blank = skips_blank;
	rs->n = rs->joined.n = rs->in_parts = rs->at = rs->seen = 0;
}

int
records_lines(struct records *rs, struct span body, bool all, struct buf *why)
{
	enum { STEP = 1 << 30 }; /* scan_index counts in 32 bits */
	enum scan_problem problem = SCAN_FINE;
	uint32_t ends[256];
	const char *from;
	size_t i, n, used;

	while (rs->seen < body.n && problem == SCAN_FINE) {
		from = body.p + rs->seen;
		n = body.n - rs->seen;
		problem = scan_index(&rs->scan, from, n < STEP ? n : STEP, ends,
		    sizeof ends / sizeof ends[0], &n, &used);
		for (i = 0; i < n; i++) {
			add_line(rs, body.p + rs->at, from + ends[i]);
			rs->at = rs->seen + ends[i];
		}
		rs->seen += used;
	}
	if (problem == SCAN_FINE && all)
		problem = scan_finish(&rs->scan);
	if (problem != SCAN_FINE) {
		buf_adds(why, scan_says(problem));
		return -1;
	}
	if (all && rs->at < body.n) {
		add_line(rs, body.p + rs->at, body.p + body.n);
		rs->at = body.n;
	}
	return 0;
}

static int
cut_frames(struct records *rs, const struct frame_format *format,
    struct span body, struct buf *why)
{
	struct span record;
	const char *p;
	size_t i;
	int got;

	while (
	    (got = frame_next(format, &body, &record, &rs->part, why)) == 1) {
		if (record.p != rs->part.p) {
			records_add(rs, record.p, record.n);
			continue;
		}
		buf_add(&rs->joined, record.p, record.n);
		records_add(rs, NULL, record.n);
		rs->in_parts++;
	}
	/* joined moved while it grew: its records get their places now. */
	p = rs->joined.p;
	for (i = 0; i < rs->n; i++)
		if (rs->list[i].p == NULL) {
			rs->list[i].p = p;
			p += rs->list[i].n;
		}
	return got;
}

int
records_cut(struct records *rs, const struct ref *r, enum type_kind kind,
    struct span body, struct buf *why)
{
	records_begin(rs, r->keeps_newlines, type_skips_blank(kind));
	if (r->bare || r->split == REF_NONE) {
		if (r->count > 0 || body.n > 0)
			records_add(rs, body.p, body.n);
		return 0;
	}
	if (frame_formats[r->split] != NULL)
		return cut_frames(rs, frame_formats[r->split], body, why);
	return records_lines(rs, body, true, why);
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
	while (i-- > 0 && frame_next(frame_formats[r->split], &left, &record,
			      &part, &why) == 1)
		;
	buf_free(&part);
	buf_free(&why);
	return (size_t)(left.p - body.p);
}

void
records_free(struct records *rs)
{
	scan_free(&rs->scan);
	free(rs->list);
	buf_free(&rs->joined);
	buf_free(&rs->part);
	*rs = (struct records){ 0 };
}
