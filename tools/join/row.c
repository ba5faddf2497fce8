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

/* Puts a record (p NULL: none) and a prediction as one row, or the fields that
 * the filter selects, without line end. */
static int
put_row(struct batch *b, struct span record, struct span row)
{
	static struct fields f;
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
	f.n = 0;
	if (record.p != NULL)
		add_fields(&f, record);
	add_fields(&f, row);
	columns = jsonpath_columns(b->options->filter, f.n, &n, b->why);
	if (columns == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		field = f.at[columns[i]];
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
	struct span text = line_text(row);
	char *p, *end;

	if (row_wants_header(b) &&
	    row_put_header(b, csv_fields(text, NULL, 0)) == -1)
		return -1;
	if (put_row(b, record.p != NULL ? line_text(record) : record, text) ==
	    -1)
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
row_fail(struct batch *b, const struct lines *l, struct span line)
{
	struct buf why = *b->why;

	memset(b->why, 0, sizeof *b->why);
	batch_fail_record(
	    b, l->taken - 1, lines_offset(l, line), "%s", buf_str(&why));
	buf_free(&why);
	return -1;
}
