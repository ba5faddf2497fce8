#include "join/csv_ends.h"

#include "format/csv.h"
#include "join/fields.h"
#include "join/row.h"

/* The columns that the path selects of a row of width columns; false if that is
 * an error, or more than PICKS. */
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

/* Tries the path on rows of two widths. */
bool
ends_pick(struct batch *b, struct picks *picks)
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

/* False if the record or the prediction has not got them all. */
static bool
put_picks(struct sink *s, const struct picks *picks, struct span line,
    struct span prediction)
{
	struct span front[FRONT], back[REPLY_FIELDS], text = line_text(line), f;
	const char *from = text.p, *end = text.p + text.n, *to = from;
	size_t i, width;
	char *p;

	width = prediction_fields(line_text(prediction), back);
	if (width == 0)
		return false;
	for (i = 0; i < picks->front; i++, from = to + 1) {
		if (i > 0 && to == end)
			return false;
		to = csv_field_end(from, end);
		front[i] = (struct span){ from, (size_t)(to - from) };
	}
	p = sink_room(s, picks->n * (line.n + prediction.n + 1) + 2);
	for (i = 0; i < picks->n; i++) {
		if (!picks->at[i].back)
			f = front[picks->at[i].n];
		else if (picks->at[i].n < width)
			f = back[width - 1 - picks->at[i].n];
		else
			return false;
		p = field_copy(p, f.p, f.n);
		*p++ = ',';
	}
	p = field_copy(p - 1, end, line.n - text.n);
	if (line.p[line.n - 1] != '\n')
		*p++ = '\n';
	s->n = (size_t)(p - s->p);
	return true;
}

int
ends_rows(struct batch *b, struct lines *in, struct lines *out,
    const struct picks *picks)
{
	struct span record, row;

	while (lines_next(in, &record) && lines_next(out, &row))
		if (!put_picks(b->sink, picks, record, row) &&
		    row_put(b, record, row) == -1 &&
		    row_fail(b, in, record) == -1)
			return -1;
	return 0;
}
