#include "plugins/onnx/rows.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/csv.h"
#include "plugins/onnx/document.h"

void
rows_init(struct rows *r, const struct session *s)
{
	size_t i;

	*r = (struct rows){ .session = s };
	r->feeds = mem_resize(NULL, s->input_count, sizeof *r->feeds);
	for (i = 0; i < s->input_count; i++)
		r->feeds[i] = (struct feed){ .port = &s->inputs[i] };
}

void
rows_free(struct rows *r)
{
	size_t i;

	for (i = 0; r->session != NULL && i < r->session->input_count; i++)
		feed_free(&r->feeds[i]);
	free(r->feeds);
	free(r->columns.at);
	free(r->fields);
	buf_free(&r->text);
	records_free(&r->lines);
}

static size_t
fields_cut(struct rows *r, struct span record)
{
	size_t n = csv_fields(record, r->fields, r->fields_size);

	if (n > r->fields_size) {
		r->fields = mem_resize(r->fields, n, sizeof *r->fields);
		r->fields_size = n;
		csv_fields(record, r->fields, n);
	}
	return n;
}

static int
column_add(struct rows *r, struct feed *f, size_t column, struct buf *why)
{
	struct span text = r->fields[column];

	if (text.n > 0 && text.p[0] == '"') {
		r->text.n = 0;
		csv_unquote(&r->text, text);
		text = buf_span(&r->text);
	}
	if (f->port->type != ORT_STRING)
		text = span_trim(text);
	if (feed_add(f, text))
		return 0;
	buf_addf(why, "column %zu: \"", column + 1);
	codec_quote(why, text);
	buf_addf(why, "\" is not %s%s%s%s", element_name(f->port->type),
	    r->session->input_count > 1 ? ", which input \"" : "",
	    r->session->input_count > 1 ? f->port->name : "",
	    r->session->input_count > 1 ? "\" takes" : "");
	return -1;
}

/* The whole row is for the one input, whatever its width. */
static int
row_whole(struct rows *r, size_t n, struct buf *why)
{
	size_t i;

	feed_begin(r->feeds);
	if (feed_shape(r->feeds, n, why) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (column_add(r, r->feeds, i, why) == -1)
			return -1;
	feed_end(r->feeds);
	return 0;
}

static int
row_dealt(struct rows *r, size_t n, struct buf *why)
{
	const struct columns *c = &r->columns;
	size_t i, k, at = 0;
	struct feed *f;

	if (n != c->width) {
		buf_addf(why, "%zu column%s, but %s %zu", n, n == 1 ? "" : "s",
		    c->named ? "the header has" : "the model's inputs take",
		    c->width);
		return -1;
	}
	for (i = 0; i < r->session->input_count; i++) {
		f = &r->feeds[i];
		feed_begin(f);
		for (k = 0; k < f->port->width; k++)
			if (column_add(r, f, c->at[at++], why) == -1)
				return -1;
		feed_end(f);
	}
	return 0;
}

static int
read_csv(struct rows *r, const struct bt_request *request,
    const struct bt_span *records, size_t n, struct buf *why, int64_t *bad)
{
	bool whole = r->session->input_count == 1;
	size_t i, fields = 0;

	if (!whole && request->header.n > 0)
		fields = fields_cut(r, codec_record(&request->header));
	if (!whole &&
	    columns_find(&r->columns, r->session, r->fields, fields, why) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		fields = fields_cut(r, codec_record(&records[i]));
		if ((whole ? row_whole(r, fields, why)
			   : row_dealt(r, fields, why)) == -1) {
			*bad = (int64_t)i;
			return -1;
		}
	}
	r->count = n;
	return 0;
}

/* Rows of floats for one input: what most models take. */
static int
read_floats(struct rows *r, const struct bt_span *records, size_t n,
    struct buf *why, int64_t *bad)
{
	struct feed *f = r->feeds;

	if (codec_decode(TYPE_CSV, records, n, &f->matrix, why, bad) == -1)
		return -1;
	r->count = n;
	if (n == 0 || f->matrix.columns == f->port->width)
		return 0;
	*bad = 0;
	buf_addf(why, "%zu column%s, but the model's input \"%s\", ",
	    f->matrix.columns, f->matrix.columns == 1 ? "" : "s",
	    f->port->name);
	port_describe(f->port, why);
	buf_addf(why, ", takes %zu", f->port->width);
	return -1;
}

/* A line of text is the one string of the one input. */
static int
read_text(struct rows *r, const struct bt_span *records, size_t n,
    struct buf *why, int64_t *bad)
{
	struct feed *f = r->feeds;
	size_t i;

	for (i = 0; i < n; i++) {
		feed_begin(f);
		if (!feed_add(f, codec_record(&records[i]))) {
			*bad = (int64_t)i;
			buf_adds(why, "a NUL, which a string cannot contain");
			return -1;
		}
		feed_end(f);
	}
	r->count = n;
	return 0;
}

static int
read_kind(struct rows *r, const struct bt_request *request, enum type_kind kind,
    const struct bt_span *records, size_t n, struct buf *why, int64_t *bad)
{
	const struct port *port = r->feeds->port;
	bool one = r->session->input_count == 1;

	if (kind == TYPE_TEXT)
		return read_text(r, records, n, why, bad);
	if (kind != TYPE_CSV)
		return document_read(r, kind, records, n, why, bad);
	if (one && port->type == ORT_FLOAT && port->width > 0)
		return read_floats(r, records, n, why, bad);
	return read_csv(r, request, records, n, why, bad);
}

/* An object that was not split is one record to the host; these are its lines.
 */
static int
read_lines(struct rows *r, const struct bt_request *request,
    enum type_kind kind, struct buf *why, int64_t *bad)
{
	struct span body = { request->records->p, request->records->n };
	struct records *rs = &r->lines;

	records_begin(rs, kind == TYPE_CSV, true);
	if (records_lines(rs, body, true, why) == -1)
		*bad = (int64_t)rs->n;
	else if (read_kind(r, request, kind, rs->list, rs->n, why, bad) == 0)
		return 0;
	if (*bad >= 0) {
		buf_addf(why, " (line %lld of it)", (long long)*bad);
		*bad = 0;
	}
	return -1;
}

static bool
can_read(const struct session *s, enum type_kind kind)
{
	if (kind == TYPE_TEXT)
		return s->input_count == 1 && s->inputs[0].width == 1 &&
		       s->inputs[0].type == ORT_STRING;
	return kind == TYPE_CSV || type_is_json(kind);
}

int
rows_read(struct rows *r, const struct bt_host *host,
    const struct bt_request *request)
{
	struct span type = { request->content_type,
		strlen(request->content_type) };
	enum type_kind kind = type_kind(type);
	const struct bt_span *records = request->records;
	size_t i, n = request->record_count;
	struct buf why = { 0 };
	int64_t bad = -1;
	int status = BT_OK;

	if (!can_read(r->session, kind))
		return host->fail(host, BT_BAD_CONTENT_TYPE, -1,
		    "%s: this model takes text/csv and JSON%s",
		    request->content_type,
		    can_read(r->session, TYPE_TEXT) ? ", text/plain" : "");
	for (i = 0; i < r->session->input_count; i++)
		feed_clear(&r->feeds[i]);
	r->count = 0;
	r->inside = kind != TYPE_JSON && n == 1 &&
		    memchr(records->p, '\n', records->n) != NULL;
	if ((r->inside ? read_lines(r, request, kind, &why, &bad)
		       : read_kind(r, request, kind, records, n, &why, &bad)) ==
	    -1) {
		codec_hint_header(&why, request, bad);
		status =
		    host->fail(host, BT_BAD_INPUT, bad, "%s", buf_str(&why));
	}
	buf_free(&why);
	return status;
}
