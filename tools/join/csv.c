#include "join/convert.h"
#include "join/csv_ends.h"
#include "join/csv_index.h"
#include "join/predictions.h"
#include "join/row.h"

int
join_csv_header(struct batch *b)
{
	return b->header.n > 0 ? row_put_header(b, 1) : 0;
}

/* The usual case: no filter, ids or header row. */
static void
append_rows(struct batch *b, struct lines *in, struct lines *out)
{
	struct span record, row, text;
	struct sink *s = b->sink;
	char *p;

	while (lines_next(in, &record) && lines_next(out, &row)) {
		text = line_text(record);
		row = line_text(row);
		p = sink_room(s, record.n + row.n + 2);
		memcpy(p, text.p, text.n);
		p += text.n;
		*p++ = ',';
		memcpy(p, row.p, row.n);
		p += row.n;
		if (text.n < record.n && text.p[text.n] == '\r')
			*p++ = '\r';
		*p++ = '\n';
		s->n = (size_t)(p - s->p);
	}
}

static int
join_with_reply(struct batch *b)
{
	enum { FEW = 32 }; /* records for which nothing is prepared */
	const struct join_options *o = b->options;
	struct lines in, out;
	struct span record, row;
	struct picks picks;
	int r = 0;

	batch_open_input(b, &in);
	batch_open_reply(b, &out);
	/* The header row goes out with the first record. */
	while (r == 0 && row_wants_header(b) && lines_next(&in, &record) &&
	       lines_next(&out, &row))
		if (row_put(b, record, row) == -1)
			r = row_fail(b, &in, record);
	if (r == -1)
		return -1;
	if (o->filter == NULL && o->inference_time == NULL)
		append_rows(b, &in, &out);
	else if (o->inference_time == NULL && b->result->ref.count >= FEW)
		r = ends_pick(b, &picks) ? ends_rows(b, &in, &out, &picks)
					 : index_rows(b, &in, &out);
	if (r == -1)
		return -1;
	/* The rows that are left. */
	while (lines_next(&in, &record) && lines_next(&out, &row))
		if (row_put(b, record, row) == -1 &&
		    row_fail(b, &in, record) == -1)
			return -1;
	return batch_check(b, &in, &out);
}

/* Adds the columns of a prediction in JSON, of which the path, if it is not
 * NULL, selects a part. */
static int
add_columns(
    struct batch *b, struct jsonpath *path, struct span value, struct buf *row)
{
	static struct buf selected;

	row->n = selected.n = 0;
	if (path != NULL) {
		if (jsonpath_filter(path, value, &selected, b->why) == -1)
			return -1;
		value = buf_span(&selected);
	}
	convert_to_row(row, value, path != NULL);
	return 0;
}

static int
join_json_rows(struct batch *b, struct jsonpath *path)
{
	static struct buf row;
	struct predictions p;
	struct lines in;
	struct span record, value;
	int got;

	if (predictions_open(b, &p) == -1)
		return -1;
	batch_open_input(b, &in);
	while (lines_next(&in, &record) &&
	       (got = predictions_next(b, &p, &value)) != 0)
		if ((got == -1 || add_columns(b, path, value, &row) == -1 ||
			row_put(b, record, buf_span(&row)) == -1) &&
		    row_fail(b, &in, record) == -1)
			return -1;
	return predictions_check(b, &in, &p);
}

/* A filter that selects columns is of the row; any other of the prediction. */
static int
join_with_json(struct batch *b)
{
	const struct join_options *given = b->options;
	struct join_options o = *given;
	int r;

	if (o.filter == NULL || jsonpath_has_columns(o.filter))
		return join_json_rows(b, NULL);
	o.filter = NULL;
	b->options = &o;
	r = join_json_rows(b, given->filter);
	b->options = given;
	return r;
}

static int
join_with_placeholder(struct batch *b)
{
	struct span record;
	struct lines in;

	batch_open_input(b, &in);
	while (lines_next(&in, &record))
		if (row_put(b, record, b->options->placeholder) == -1 &&
		    row_fail(b, &in, record) == -1)
			return -1;
	return batch_check(b, &in, NULL);
}

int
join_csv(struct batch *b)
{
	struct span row, none = { NULL, 0 };
	struct lines out;

	if (b->options->input)
		return b->reply == NULL		     ? join_with_placeholder(b)
		       : type_is_json(b->reply_kind) ? join_with_json(b)
						     : join_with_reply(b);
	if (b->reply == NULL)
		return join_plain(b);
	batch_open_reply(b, &out);
	while (lines_next(&out, &row))
		if (row_put(b, none, row) == -1 && row_fail(b, &out, row) == -1)
			return -1;
	return batch_check(b, NULL, &out);
}
