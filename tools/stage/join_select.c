/*
 * Columns of joined rows, fast, where the rows are of a simple kind; for any
 * other row row_put does the work.
 *
 * Columns that a path counts from the row's two ends ($[0,-1]) are looked for
 * from there, and the rest of the record is not looked at.  For other paths
 * the separators of a block of records are found at once.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "format/csv.h"
#include "stage/join_row.h"

/* Where it pays: a batch of FEW records is done by row_put. */
enum { FEW = 32, PICKS = 16, FRONT = 8, REPLY_FIELDS = 8, BLOCK = 256 << 10 };

/* Copies up to 16 bytes as 16: both ends have slack. */
static inline char *
copy(char *to, const char *from, size_t n)
{
	if (n <= 16)
		memcpy(to, from, 16);
	else
		memcpy(to, from, n);
	return to + n;
}

/* The fields of a prediction; 0 where they are more than REPLY_FIELDS. */
static size_t
prediction_fields(struct span text, struct span *f)
{
	size_t n;

	f[0] = text;
	if (memchr(text.p, ',', text.n) == NULL)
		return 1;
	n = csv_fields(text, f, REPLY_FIELDS);
	return n <= REPLY_FIELDS ? n : 0;
}

/* A column: the n-th from the front, or from the end. */
struct pick {
	bool back;
	size_t n;
};

struct picks {
	struct pick at[PICKS];
	size_t n;
	size_t front; /* fields of the record that are looked for */
};

/* What the path selects of a row of width columns; false where that is an
 * error, or more than PICKS. */
static bool
columns_of(struct batch *b, size_t width, size_t *at, size_t *n)
{
	struct buf why = { 0 };
	const size_t *columns =
	    jsonpath_columns(b->options->filter, width, n, &why);

	buf_free(&why);
	if (columns == NULL || *n == 0 || *n > PICKS)
		return false;
	memcpy(at, columns, *n * sizeof *at);
	return true;
}

/* Whether the path counts from the ends: by trying it on rows of two widths. */
static bool
picks_from_ends(struct batch *b, struct picks *picks)
{
	enum { WIDTH = 1000 };
	size_t one[PICKS], other[PICKS], n, i;

	picks->front = 0;
	if (!columns_of(b, WIDTH, one, &picks->n) ||
	    !columns_of(b, WIDTH + 1, other, &n) || n != picks->n)
		return false;
	for (i = 0; i < n; i++) {
		picks->at[i].back = other[i] == one[i] + 1;
		if (!picks->at[i].back && other[i] != one[i])
			return false;
		picks->at[i].n =
		    picks->at[i].back ? WIDTH - 1 - one[i] : one[i];
		if (!picks->at[i].back && one[i] >= picks->front)
			picks->front = one[i] + 1;
	}
	return picks->front <= FRONT;
}

/* The end of a field in quotes: bytes after a closing quote belong to it, as
 * in csv_fields. */
static const char *
quoted_end(const char *p, const char *end)
{
	const char *q;

	for (p++; p < end; p = q + 2) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL || q + 1 == end)
			return end;
		if (q[1] == ',')
			return q + 1;
	}
	return end;
}

/* The record's first n fields; false where they are fewer. */
static bool
front_fields(struct span record, struct span *f, size_t n)
{
	const char *p = record.p, *end = p + record.n, *q = p;
	size_t i;

	for (i = 0; i < n; i++, p = q + 1) {
		if (i > 0 && q == end)
			return false;
		if (p < end && *p == '"')
			q = quoted_end(p, end);
		else if ((q = memchr(p, ',', (size_t)(end - p))) == NULL)
			q = end;
		f[i].p = p;
		f[i].n = (size_t)(q - p);
	}
	return true;
}

static bool
put_picks(struct sink *s, const struct picks *picks, struct span line,
    struct span prediction)
{
	struct span front[FRONT], back[REPLY_FIELDS], text = line_text(line), f;
	size_t i, width;
	char *p;

	width = prediction_fields(line_text(prediction), back);
	if (width == 0 || !front_fields(text, front, picks->front))
		return false;
	p = sink_room(s, picks->n * (line.n + prediction.n + 1) + 2);
	for (i = 0; i < picks->n; i++) {
		if (!picks->at[i].back)
			f = front[picks->at[i].n];
		else if (picks->at[i].n < width)
			f = back[width - 1 - picks->at[i].n];
		else
			return false;
		p = copy(p, f.p, f.n);
		*p++ = ',';
	}
	p = copy(p - 1, text.p + text.n, line.n - text.n);
	if (line.p[line.n - 1] != '\n')
		*p++ = '\n';
	s->n = (size_t)(p - s->p);
	return true;
}

static int
rows_by_ends(struct batch *b, struct lines *in, struct lines *out,
    const struct picks *picks)
{
	struct span record, row;

	while (lines_next(in, &record) && lines_next(out, &row))
		if (!put_picks(b->sink, picks, record, row) &&
		    row_put(b, record, row) == -1)
			return row_fail(b, in, record);
	return 0;
}

/* The separators of a block of records, and of them those of one record. */
struct index {
	uint32_t *at;
	size_t n, used;
	const char *base, *end;
	uint64_t scanned;	    /* lines.at when it was made */
	const uint32_t *separators; /* of the record; the last is its LF */
	size_t width;
};

static bool
index_block(struct index *x, const struct lines *l, struct span record)
{
	const char *end = l->base + l->ends[l->count - 1];
	size_t n = (size_t)(end - record.p);

	x->used = x->n = 0;
	x->base = record.p;
	x->end = end;
	x->scanned = l->at;
	if (n > BLOCK)
		return false;
	x->n = csv_index(record.p, n, x->at);
	return true;
}

/* Finds the record's separators; false where that is not simple. */
static bool
index_find(struct index *x, const struct lines *l, struct span record)
{
	size_t from, width = x->width;
	uint32_t last;

	if ((l->at != x->scanned || record.p < x->base ||
		record.p + record.n > x->end) &&
	    !index_block(x, l, record))
		return false;
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

/* What the path selects, for rows of one shape. */
struct shape {
	size_t width, reply_width;
	struct run *runs;
	size_t n, size;
};

static void
add_column(struct shape *s, size_t column)
{
	bool reply = column >= s->width;
	size_t at = reply ? column - s->width : column;

	if (s->n > 0 && s->runs[s->n - 1].reply == reply &&
	    s->runs[s->n - 1].last + 1 == at) {
		s->runs[s->n - 1].last = at;
		return;
	}
	if (s->n == s->size) {
		s->size = s->size * 2 + 16;
		s->runs = mem_resize(s->runs, s->size, sizeof *s->runs);
	}
	s->runs[s->n++] = (struct run){ at, at, reply };
}

/* False where the path does not fit, or does not go forward. */
static bool
shape_for(struct batch *b, struct shape *s, size_t width, size_t reply_width)
{
	struct buf why = { 0 };
	const size_t *columns;
	size_t i, n;

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
		add_column(s, columns[i]);
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
		p = copy(p, from, (size_t)(end - from));
		*p++ = ',';
	}
	p = copy(p - 1, text.p + text.n, record.n - text.n);
	b->sink->n = (size_t)(p - b->sink->p);
	return true;
}

static int
rows_by_index(struct batch *b, struct lines *in, struct lines *out)
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

int
select_rows(struct batch *b, struct lines *records, struct lines *predictions)
{
	struct picks picks;

	if (b->result->ref.count < FEW)
		return 0;
	return picks_from_ends(b, &picks)
		   ? rows_by_ends(b, records, predictions, &picks)
		   : rows_by_index(b, records, predictions);
}
