#include "join/csv_index.h"

#include <stdlib.h>

#include "base/mem.h"
#include "join/fields.h"
#include "join/row.h"

/* Longer blocks of records are joined one by one. */
enum { BLOCK = 256 << 10 };

/* The separators of a block of records, and of them those of one record. */
struct index {
	uint32_t *at;
	size_t n, used;
	const char *base, *end;
	uint64_t scanned;	    /* lines.at when it was made */
	const uint32_t *separators; /* of the record; the last is its LF */
	size_t width;
};

/* Finds the record's separators; false if that is not simple. */
static bool
index_find(struct index *x, const struct lines *l, struct span record)
{
	size_t from, n, width = x->width;
	uint32_t last;

	if (l->at != x->scanned || record.p < x->base ||
	    record.p + record.n > x->end) {
		x->used = x->n = 0;
		x->base = record.p;
		x->end = l->base + l->ends[l->count - 1];
		x->scanned = l->at;
		n = (size_t)(x->end - x->base);
		if (n > BLOCK)
			return false;
		x->n = csv_index(x->base, n, x->at);
	}
	from = (size_t)(record.p - x->base);
	last = (uint32_t)(from + record.n - 1) | CSV_RECORD_END;
	while (x->used < x->n && (x->at[x->used] & ~CSV_RECORD_END) < from)
		x->used++;
	x->separators = x->at + x->used;
	if (width == 0 || width > x->n - x->used ||
	    x->separators[width - 1] != last) {
		width = 1;
		while (width <= x->n - x->used &&
		       !(x->separators[width - 1] & CSV_RECORD_END))
			width++;
		if (width > x->n - x->used || x->separators[width - 1] != last)
			return false;
		x->width = width;
	}
	x->used += width;
	return true;
}

/* Columns that follow each other, of the record or of the prediction. */
struct run {
	size_t first, last;
	bool reply;
};

/* The columns that the path selects, for rows of one shape. */
struct shape {
	size_t width, reply_width;
	struct run *runs;
	size_t n, size;
};

/* False if the path does not fit, or does not go forward. */
static bool
shape_for(struct batch *b, struct shape *s, size_t width, size_t reply_width)
{
	struct buf why = { 0 };
	const size_t *columns;
	struct run *last;
	size_t i, n, at;
	bool reply;

	if (s->width == width && s->reply_width == reply_width)
		return s->n > 0;
	s->width = width;
	s->reply_width = reply_width;
	s->n = 0;
	columns =
	    jsonpath_columns(b->options->filter, width + reply_width, &n, &why);
	buf_free(&why);
	for (i = 0; columns != NULL && i < n; i++) {
		if (i > 0 && columns[i] <= columns[i - 1]) {
			s->n = 0;
			break;
		}
		reply = columns[i] >= width;
		at = reply ? columns[i] - width : columns[i];
		last = s->n > 0 ? &s->runs[s->n - 1] : NULL;
		if (last != NULL && last->reply == reply &&
		    last->last + 1 == at) {
			last->last = at;
			continue;
		}
		if (s->n == s->size) {
			s->size = s->size * 2 + 16;
			s->runs = mem_resize(s->runs, s->size, sizeof *s->runs);
		}
		s->runs[s->n++] = (struct run){ at, at, reply };
	}
	return s->n > 0;
}

static bool
put_runs(struct batch *b, const struct index *x, struct shape *s,
    struct span record, struct span prediction)
{
	struct span f[REPLY_FIELDS], text = line_text(record);
	const char *from, *end;
	const struct run *r;
	size_t width;
	char *p;

	width = prediction_fields(line_text(prediction), f);
	if (width == 0 || !shape_for(b, s, x->width, width))
		return false;
	p = sink_room(b->sink, record.n + prediction.n + s->n + 2);
	for (r = s->runs; r < s->runs + s->n; r++) {
		if (r->reply) {
			from = f[r->first].p;
			end = f[r->last].p + f[r->last].n;
		} else {
			from = r->first == 0
				   ? record.p
				   : x->base + x->separators[r->first - 1] + 1;
			end = r->last + 1 == x->width
				  ? text.p + text.n
				  : x->base + x->separators[r->last];
		}
		p = field_copy(p, from, (size_t)(end - from));
		*p++ = ',';
	}
	p = field_copy(p - 1, text.p + text.n, record.n - text.n);
	b->sink->n = (size_t)(p - b->sink->p);
	return true;
}

int
index_rows(struct batch *b, struct lines *in, struct lines *out)
{
	struct index x = { .at = mem_alloc(BLOCK * sizeof *x.at) };
	struct span record, row;
	struct shape s = { 0 };
	int r = 0;

	while (r == 0 && lines_next(in, &record) && lines_next(out, &row))
		if ((!index_find(&x, in, record) ||
			!put_runs(b, &x, &s, record, row)) &&
		    row_put(b, record, row) == -1)
			r = row_fail(b, in, record);
	free(x.at);
	free(s.runs);
	return r;
}
