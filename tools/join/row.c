#include "join/row.h"

#include "base/mem.h"
#include "format/csv.h"

/* The fields of a joined row. */
struct fields {
	struct span *at;
	size_t n, size;
};

static void
add_fields(struct fields *f, struct span record)
{
	size_t n, room = f->size - f->n;

	n = csv_fields(record, room > 0 ? f->at + f->n : NULL, room);
	if (n > room) {
		f->at = mem_grow(f->at, &f->size, f->n + n, sizeof *f->at);
		csv_fields(record, f->at + f->n, n);
	}
	f->n += n;
}

static void
put_text(struct sink *s, const char *text)
{
	sink_add(s, span_str(text));
}

/* The columns of a record (p NULL: none) and a prediction that the filter
 * selects, of f; NULL and why. */
static const size_t *
select_columns(struct batch *b, struct fields *f, struct span record,
    struct span row, size_t *n)
{
	f->n = 0;
	if (record.p != NULL)
		add_fields(f, record);
	add_fields(f, row);
	return jsonpath_columns(b->options->filter, f->n, n, b->why);
}

static struct fields fields;

/* Puts a record and a prediction as one row, or the fields that the filter
 * selects, without line end. */
static int
put_row(struct batch *b, struct span record, struct span row)
{
	const size_t *columns;
	struct span field;
	size_t i, n;
	char *p;

	if (b->options->filter == NULL) {
		if (record.p != NULL) {
			sink_add(b->sink, record);
			put_text(b->sink, ",");
		}
		sink_add(b->sink, row);
		return 0;
	}
	columns = select_columns(b, &fields, record, row, &n);
	if (columns == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		field = fields.at[columns[i]];
		p = sink_room(b->sink, field.n + 1);
		if (i > 0)
			*p++ = ',';
		memcpy(p, field.p, field.n);
		b->sink->n += field.n + (i > 0);
	}
	return 0;
}

/* Puts the end of the line that the row was made from: an LF if it has none and
 * by_line asks for one. */
static void
put_end(struct batch *b, struct span line)
{
	size_t n = line_text(line).n;
	struct span end = { line.p + n, line.n - n };

	if (end.n == 0 || end.p[end.n - 1] != '\n') {
		sink_add(b->sink, end);
		if (b->by_line)
			put_text(b->sink, "\n");
	} else {
		sink_add(b->sink, end);
	}
}

int
row_put_header(struct batch *b, size_t width)
{
	struct buf names = { 0 };
	size_t i;
	int r;

	*b->header_done = true;
	if (width == 1)
		buf_adds(&names, "SageMakerOutput");
	for (i = 0; width > 1 && i < width; i++)
		buf_addf(&names, "%sSageMakerOutput%zu", i > 0 ? "," : "", i);
	r = put_row(b, line_text(b->header), buf_span(&names));
	buf_free(&names);
	if (r == -1)
		return batch_fail(b, " (of the header row)");
	if (b->options->inference_time != NULL)
		put_text(
		    b->sink, ",SageMakerInferenceId,SageMakerInferenceTime");
	put_end(b, b->header);
	return 0;
}

int
row_put(struct batch *b, struct span record, struct span row)
{
	struct span text = line_text(row), joined = record;
	char *p, *end;
	size_t n;

	if (record.p != NULL)
		joined = line_text(record);
	if (row_wants_header(b)) {
		/* A row that cannot be made has no header row before it. */
		if (b->losses != NULL && b->options->filter != NULL &&
		    select_columns(b, &fields, joined, text, &n) == NULL)
			return -1;
		if (row_put_header(b, csv_fields(text, NULL, 0)) == -1) {
			b->losses = NULL;
			return -1;
		}
	}
	if (put_row(b, joined, text) == -1)
		return -1;
	if (b->options->inference_time != NULL) {
		p = sink_room(b->sink, 1 + ID_LENGTH + 1);
		*p = ',';
		end = ids_put(&b->ids, p + 1);
		*end++ = ',';
		b->sink->n += (size_t)(end - p);
		put_text(b->sink, b->options->inference_time);
	}
	put_end(b, record.p != NULL ? record : row);
	return 0;
}

int
row_lose(struct batch *b, const struct lines *l, struct span line)
{
	struct buf why = *b->why;

	memset(b->why, 0, sizeof *b->why);
	batch_fail_record(
	    b, l->taken - 1, lines_offset(l, line), "%s", buf_str(&why));
	buf_free(&why);
	return batch_lose(b, l->taken - 1, l, line);
}

int
row_put_placeholder(struct batch *b, struct span line)
{
	b->ids.record++;
	if (b->options->on_error != ON_ERROR_PLACEHOLDER)
		return 0;
	if (row_wants_header(b) && row_put_header(b, 1) == -1)
		return -1;
	sink_add(b->sink, b->options->placeholder);
	put_end(b, line);
	return 0;
}

int
row_fail(struct batch *b, const struct lines *l, struct span line)
{
	const struct join_options *o = b->options;

	if (row_lose(b, l, line) == -1)
		return -1;
	if (o->on_error == ON_ERROR_PLACEHOLDER && o->input &&
	    row_put(b, line, o->placeholder) == 0)
		return 0;
	if (b->losses == NULL)
		return -1;
	b->why->n = 0;
	return row_put_placeholder(b, line);
}
