/*
 * SplitType Line: records end at LF, the last may lack it.  In CSV and JSON
 * Lines a blank line is no record; a batch begins and ends with a record, and
 * has the blank lines between them in it.
 *
 * MultiRecord without a number of records goes by blocks: scanned up to where
 * the payload ends, cut at the last record end before it, so that nothing is
 * scanned twice.  The other ways need to know where each record ends.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "split/json.h"
#include "split/object.h"
#include "split/place.h"

enum { ENDS = 4096 };

/* How far a record that is too large is followed in a file to tell its size.
 * In a spool it is not: the spool would have to hold it. */
static const uint64_t follow = 1 << 30;

struct lines {
	struct object *o;
	struct scan scan;
	struct json_lines *json; /* NULL: not checked */
	bool skips_blank;
	bool each;	/* batches end by their number of records */
	bool too_large; /* the current record is */
	uint64_t at;	/* offset of the next byte */
	char before;	/* the byte before it */
	/* LFs before offset lines_at, and those of them that were not scanned.
	 */
	uint64_t lines, lines_at, skipped;
	uint32_t ends[ENDS];
};

static void *
begin(struct object *o)
{
	struct lines *l = mem_alloc(sizeof *l);

	memset(l, 0, offsetof(struct lines, ends));
	l->o = o;
	l->skips_blank = type_skips_blank(o->kind);
	l->each = o->sp->single || o->sp->max_records > 0;
	l->scan.csv = o->kind == TYPE_CSV;
	l->scan.strict = o->sp->strict;
	l->scan.keep = o->keep;
	l->at = l->lines_at = o->begin;
	if ((o->sp->check && o->kind == TYPE_JSONLINES) ||
	    (o->sp->json && type_is_json(o->kind)))
		l->json = json_lines_new(o, 1 + place_lines(o, 0, o->begin));
	return l;
}

static void
end(void *state)
{
	struct lines *l = state;

	scan_free(&l->scan);
	if (l->json != NULL)
		json_lines_free(l->json);
	free(l);
}

/* The place of the record that begins at batch.line. */
static struct place
here(const struct lines *l)
{
	const struct object *o = l->o;
	struct place place = { .header = o->header,
		.record = o->batch.first + o->batch.count,
		.byte = o->batch.line };

	place.line = 1 + place_lines(o, 0, o->begin) + l->lines +
		     place_lines(o, l->lines_at, place.byte);
	return place;
}

static ptrdiff_t
bad(const struct lines *l, enum scan_problem problem, uint64_t at)
{
	struct place place = here(l);
	const char *hint =
	    problem == SCAN_EMBEDDED_NEWLINE
		? " (--embedded-newlines=keep keeps it as one record)"
	    : problem == SCAN_BARE_QUOTE ? " (without --strict it is data)"
					 : "";

	place_find(l->o, &l->scan, &place, at);
	return object_bad(l->o, &place, "%s, column %" PRIu64 "%s",
	    scan_says(problem), place_column(l->o, place.byte, at), hint);
}

/* The records before it are good. */
static int
too_large(struct lines *l, uint64_t size, bool at_least)
{
	struct place place = here(l);

	if (l->o->batch.count > 0 && object_cut(l->o) == -1)
		return -1;
	return object_too_large(l->o, &place, size, at_least);
}

/* p[0..n) was scanned; p is the object's byte number l->at. */
static void
count_lines(struct lines *l, const char *p, size_t n)
{
	uint64_t line = l->o->batch.line, inner = 0;
	const char *tail = line > l->at ? p + (line - l->at) : p, *end = p + n;

	if (line < l->at && l->scan.end == 0)
		return;
	if (l->scan.keep)
		while (
		    (tail = memchr(tail, '\n', (size_t)(end - tail))) != NULL) {
			tail++;
			inner++;
		}
	l->lines = l->skipped + l->scan.lines - inner;
	l->lines_at = line;
}

/* Skips blank lines before the batch's first record: how many bytes. */
static size_t
skip_blank(struct lines *l, const char *p, size_t n)
{
	struct batch *b = &l->o->batch;
	size_t i = 0;

	if (!l->skips_blank || b->count > 0 || b->line != l->at)
		return 0;
	for (;; l->skipped++) {
		if (i < n && p[i] == '\n')
			i++;
		else if (i + 1 < n && p[i] == '\r' && p[i + 1] == '\n')
			i += 2;
		else
			break;
	}
	if (i > 0)
		batch_begin(b, l->at + i, b->first);
	return i;
}

/* Whether the line from batch.line to line_end is blank and no record; p is the
 * byte after it. */
static bool
is_blank(const struct lines *l, uint64_t line_end, const char *p)
{
	uint64_t n = line_end - l->o->batch.line;

	return l->skips_blank && (n == 1 || (n == 2 && p[-2] == '\r'));
}

/* Moves the batch on after a scan at p that found ends line ends, blank of them
 * those of blank lines. */
static void
block_ended(struct lines *l, const char *p, uint64_t ends, uint64_t blank)
{
	struct batch *b = &l->o->batch;
	const char *cut = p + l->scan.end;

	b->line = l->at + l->scan.end;
	if (!l->skips_blank)
		blank = 0;
	if (ends > blank) {
		/* Back to the end of the last record. */
		while (blank > 0 && (cut[-2] == '\n' ||
					(cut[-2] == '\r' && cut[-3] == '\n')))
			cut -= cut[-2] == '\n' ? 1 : 2;
		b->cut = l->at + (size_t)(cut - p);
		b->count += ends - blank;
	} else if (b->count == 0)
		batch_begin(b, b->line, b->first);
}

/*
 * Each of these looks at the next n bytes, at p, which are the object's from
 * l->at on: says how many of them it has dealt with, or -1 after a message.
 */

/* Up to where the payload ends. */
static ptrdiff_t
scan_by_payload(struct lines *l, const char *p, size_t n)
{
	struct batch *b = &l->o->batch;
	uint64_t ends = l->scan.ends, blank = l->scan.blank, room;
	uint64_t start = b->start;
	enum scan_problem problem;
	uint32_t sum = b->sum_seen;

	room = l->o->payload - (l->at - b->start);
	if (l->o->payload > 0 && room == 0) {
		if (b->count > 0)
			return object_cut(l->o);
		l->too_large = true;
		return 0;
	}
	if (l->o->payload > 0 && n > room)
		n = (size_t)room;
	/* A lone CR at the end of a step is the first record's, until an LF
	 * comes: then it was a blank line, which is not in the batch. */
	if (l->skips_blank && b->count == 0 && l->at == b->line + 1 &&
	    p[-1] == '\r' && p[0] == '\n')
		n = 1;
	problem = scan_block_summed(&l->scan, p, n, &sum);
	if (problem != SCAN_FINE)
		return bad(l, problem, l->at + l->scan.bad);
	if (l->scan.end > 0)
		block_ended(l, p, l->scan.ends - ends, l->scan.blank - blank);
	if (b->start == start)
		batch_summed(b, p, l->at, l->at + n, sum);
	else /* the bytes summed were blank lines */
		batch_sum(b, p, l->at, l->at + n);
	count_lines(l, p, n);
	return (ptrdiff_t)n;
}

/* p is the object's byte number l->at; the batch is summed before its line. */
static int
cut(struct lines *l, const char *p)
{
	struct batch *b = &l->o->batch;

	batch_sum(b, p, l->at, b->line);
	return object_cut(l->o);
}

static int
record_ended(struct lines *l, const char *p, uint64_t line_end)
{
	struct object *o = l->o;
	struct batch *b = &o->batch;

	if (object_exceeds(o, line_end - b->start) && b->count > 0 &&
	    cut(l, p) == -1)
		return -1;
	if (object_exceeds(o, line_end - b->start))
		return too_large(l, line_end - b->line, false);
	b->cut = b->line = line_end;
	b->count++;
	if (o->sp->single || b->count == o->sp->max_records)
		return cut(l, p);
	return 0;
}

/* Cuts where a batch has its number of records, or is full. */
static ptrdiff_t
scan_by_record(struct lines *l, const char *p, size_t n)
{
	struct batch *b = &l->o->batch;
	enum scan_problem problem;
	uint64_t line_end;
	size_t i, count, used;

	problem = scan_index(&l->scan, p, n, l->ends, ENDS, &count, &used);
	for (i = 0; i < count; i++) {
		line_end = l->at + l->ends[i];
		if (!is_blank(l, line_end, p + l->ends[i])) {
			if (record_ended(l, p, line_end) == -1)
				return -1;
			continue;
		}
		b->line = line_end;
		if (b->count == 0)
			batch_begin(b, line_end, b->first);
	}
	if (problem != SCAN_FINE)
		return bad(l, problem, l->at + l->scan.bad);
	batch_sum(b, p, l->at, l->at + used);
	count_lines(l, p, used);
	l->too_large = object_exceeds(l->o, l->at + used - b->line);
	return (ptrdiff_t)used;
}

/* Follows the record that is too large to its end. */
static ptrdiff_t
follow_large(struct lines *l, const char *p, size_t n)
{
	enum scan_problem problem;
	size_t count, used;
	uint64_t size;

	problem = scan_index(&l->scan, p, n, l->ends, 1, &count, &used);
	if (problem != SCAN_FINE)
		return bad(l, problem, l->at + l->scan.bad);
	size = l->at + used - l->o->batch.line;
	if (count > 0)
		return too_large(l, size, false);
	if (l->o->in.spooled != NULL)
		return too_large(l, size, true);
	return size > follow ? too_large(l, follow, true) : (ptrdiff_t)used;
}

/* The header row has ended at offset at, or the object in it. */
static void
header_ended(struct lines *l, uint64_t at)
{
	struct object *o = l->o;
	struct ref *r = &o->refs.ref;

	if (o->sp->header != HEADER_SKIP) {
		r->header_offset = o->batch.line;
		r->header_length = at - o->batch.line;
	}
	r->sends_header = o->sp->header == HEADER_SEND;
	if (r->sends_header)
		object_reserve(o, r->header_length);
	o->header = false;
	batch_begin(&o->batch, at, o->batch.first);
}

static ptrdiff_t
scan_header(struct lines *l, const char *p, size_t n)
{
	struct batch *b = &l->o->batch;
	enum scan_problem problem;
	size_t count, used;

	problem = scan_index(&l->scan, p, n, l->ends, 1, &count, &used);
	if (problem != SCAN_FINE)
		return bad(l, problem, l->at + l->scan.bad);
	if (object_exceeds(l->o, l->at + used - b->line))
		l->too_large = true;
	if (l->too_large && count > 0)
		return too_large(l, l->at + used - b->line, false);
	if (count > 0 && is_blank(l, l->at + used, p + used))
		batch_begin(b, l->at + used, b->first);
	else if (count > 0)
		header_ended(l, l->at + used);
	return (ptrdiff_t)used;
}

/* Whether the object's bytes so far end inside a record. */
static bool
inside(const struct lines *l)
{
	uint64_t n = l->at - l->o->batch.line;

	return n > 1 || (n == 1 && !(l->skips_blank && l->before == '\r'));
}

static int
feed(void *state, const char *p, size_t n)
{
	struct lines *l = state;
	const char *end = p + n;
	ptrdiff_t used;

	/* A byte order mark is no part of the first record. */
	if (l->at == 0 && type_skips_bom(l->o->kind) && n >= 3 &&
	    memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		l->at = l->lines_at = 3;
		batch_begin(&l->o->batch, 3, l->o->batch.first);
		if (l->json != NULL)
			json_lines_skip(l->json, 3);
	}
	if (l->json != NULL &&
	    json_lines_feed(l->json, p, (size_t)(end - p)) == -1)
		return -1;
	for (; p < end; p += used) {
		n = (size_t)(end - p);
		used = (ptrdiff_t)skip_blank(l, p, n);
		if (used == 0)
			used = l->too_large   ? follow_large(l, p, n)
			       : l->o->header ? scan_header(l, p, n)
			       : l->each      ? scan_by_record(l, p, n)
					      : scan_by_payload(l, p, n);
		if (used == -1)
			return -1;
		l->at += (uint64_t)used;
	}
	l->before = end[-1];
	if (l->o->batch.count > 0 || inside(l))
		refs_release(&l->o->refs);
	return 0;
}

static int
finish(void *state)
{
	struct lines *l = state;
	struct batch *b = &l->o->batch;
	enum scan_problem problem = scan_finish(&l->scan);

	if (problem != SCAN_FINE)
		return (int)bad(l, problem, l->at);
	if (l->json != NULL && !l->too_large &&
	    json_lines_finish(l->json) == -1)
		return -1;
	if (l->too_large)
		return too_large(l, l->at - b->line, false);
	if (inside(l) && l->o->header)
		header_ended(l, l->at);
	else if (inside(l) && record_ended(l, "", l->at) == -1)
		return -1;
	return b->count > 0 ? cut(l, "") : 0;
}

const struct cutter split_lines = { begin, feed, finish, end };
