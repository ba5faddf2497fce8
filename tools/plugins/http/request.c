#include "plugins/http/request.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "format/csv.h"
#include "format/json.h"
#include "format/type.h"
#include "plugins/web/cells.h"

/* What is around the records, in JSON. */
struct wrap {
	const char *before, *after;
	bool objects; /* each record must be one */
};

static const struct wrap wrap_instances = { "{\"instances\":[", "]}", false };
static const struct wrap wrap_records = { "{\"dataframe_records\":[", "]}",
	true };
static const struct wrap wrap_split = { "],\"data\":[", "]}}", false };

static struct span
record_of(const struct bt_request *rq, size_t i)
{
	return (struct span){ rq->records[i].p, rq->records[i].n };
}

/* Adds a CSV record as an array, or as an object with the columns' names. */
static int
add_row(struct request *r, struct span record, struct buf *why)
{
	bool by_name = r->set->by_name;
	const struct table_entry *name = NULL;
	const char *p = record.p, *end = p + record.n, *q;
	size_t n = csv_fields(record, NULL, 0), i;

	if (r->width == 0)
		r->width = n;
	if (n != r->width) {
		buf_addf(why, "%zu fields; the %s has %zu", n,
		    r->columns.names.n > 0 ? "header row" : "first record",
		    r->width);
		return -1;
	}
	buf_addc(&r->body, by_name ? '{' : '[');
	for (i = 0; i < n; i++, p = q + 1) {
		q = csv_field_end(p, end);
		if (i > 0)
			buf_addc(&r->body, ',');
		if (by_name) {
			name = table_next(&r->columns.names, name);
			buf_add(&r->body, name->key.p, name->key.n);
			buf_addc(&r->body, ':');
		}
		r->reason.n = 0;
		if (cell_add(&r->body, (struct span){ p, (size_t)(q - p) },
			r->set->missing, &r->text, &r->reason) == CELL_BAD) {
			buf_addf(
			    why, "column %zu: %s", i + 1, buf_str(&r->reason));
			return -1;
		}
	}
	buf_addc(&r->body, by_name ? '}' : ']');
	return 0;
}

static int
add_json(struct request *r, struct span record, bool objects, struct buf *why)
{
	const char *reason;
	size_t at;

	if (json_check(record, &record, &reason, &at) == -1) {
		buf_addf(why, "not JSON at byte %zu: %s", at, reason);
		return -1;
	}
	if (r->set->protocol->form == FORM_FRAME &&
	    (json_kind(record) == JSON_IS_OBJECT) != objects) {
		buf_addf(why, "%s object; the first record is %s",
		    objects ? "no" : "an", objects ? "one" : "none");
		return -1;
	}
	buf_add(&r->body, record.p, record.n);
	return 0;
}

static int
add_text(struct request *r, struct span record, struct buf *why)
{
	if (!utf8_valid(record)) {
		buf_adds(why, "not UTF-8, as a string in JSON is");
		return -1;
	}
	json_quote(&r->body, record);
	return 0;
}

/* Begins the body and says what is around the records. */
static const struct wrap *
begin(struct request *r, const struct bt_request *rq, enum type_kind kind)
{
	bool frame = r->set->protocol->form == FORM_FRAME;
	const struct table_entry *name = NULL;
	const struct wrap *wrap = &wrap_instances;
	struct span first = record_of(rq, 0);

	if (frame && kind == TYPE_CSV && r->set->by_name)
		wrap = &wrap_records;
	else if (frame && kind == TYPE_CSV && r->columns.names.n > 0) {
		wrap = &wrap_split;
		buf_adds(&r->body, "{\"dataframe_split\":{\"columns\":[");
		while ((name = table_next(&r->columns.names, name)) != NULL) {
			if (r->body.p[r->body.n - 1] != '[')
				buf_addc(&r->body, ',');
			buf_add(&r->body, name->key.p, name->key.n);
		}
	} else if (frame && kind == TYPE_JSONLINES) {
		while (first.n > 0 && strchr(" \t\r", *first.p) != NULL) {
			first.p++;
			first.n--;
		}
		if (first.n > 0 && *first.p == '{')
			wrap = &wrap_records;
	}
	buf_adds(&r->body, wrap->before);
	return wrap;
}

/* Reads the header row if the request has the columns' names. */
static int
read_header(struct request *r, const struct bt_request *rq, struct buf *why)
{
	struct span header = { rq->header.p, rq->header.n };

	r->width = 0;
	if (header.n == 0 && r->set->by_name) {
		buf_adds(why,
		    "BT_HTTP_INSTANCE_TYPE=object needs a header row: bt-split --header");
		return -1;
	}
	if (header.n == 0 ||
	    (!r->set->by_name && r->set->protocol->form != FORM_FRAME)) {
		table_free(&r->columns.names);
		return 0;
	}
	if (columns_read(&r->columns, header, why) == -1)
		return -1;
	r->width = r->columns.names.n;
	return 0;
}

static int
make_instances(struct request *r, const struct bt_request *rq,
    enum type_kind kind, int64_t *bad, struct buf *why)
{
	const struct wrap *wrap;
	size_t i;
	int got = 0;

	if (kind == TYPE_CSV && read_header(r, rq, why) == -1)
		return -1;
	wrap = begin(r, rq, kind);
	for (i = 0; i < rq->record_count; i++) {
		if (i > 0)
			buf_addc(&r->body, ',');
		if (kind == TYPE_CSV)
			got = add_row(r, record_of(rq, i), why);
		else if (kind == TYPE_JSONLINES)
			got = add_json(r, record_of(rq, i), wrap->objects, why);
		else
			got = add_text(r, record_of(rq, i), why);
		if (got == -1) {
			*bad = (int64_t)i;
			return -1;
		}
	}
	buf_adds(&r->body, wrap->after);
	return 0;
}

/* Cuts a batch that was not split into its lines. */
static int
cut_lines(struct request *r, struct bt_request *rq, enum type_kind kind,
    struct buf *why)
{
	struct span all = record_of(rq, 0);

	if (rq->record_count > 1 ||
	    (kind != TYPE_CSV && kind != TYPE_JSONLINES) ||
	    memchr(all.p, '\n', all.n) == NULL)
		return 0;
	records_begin(&r->lines, kind == TYPE_CSV, true);
	if (records_lines(&r->lines, all, true, why) == -1)
		return -1;
	rq->records = r->lines.list;
	rq->record_count = r->lines_sent = r->lines.n;
	return 0;
}

static int
make_tensors(struct request *r, const struct bt_request *rq,
    enum type_kind kind, int64_t *bad, struct buf *why)
{
	r->tensors.in = &r->inputs;
	r->tensors.columns = &r->columns;
	r->tensors.missing = r->set->missing;
	return tensors_add(&r->tensors, &r->body, rq, kind, bad, why);
}

static int
make_json(struct request *r, struct bt_request rq, enum type_kind kind,
    int64_t *bad, struct buf *why)
{
	size_t records = rq.record_count;
	int got = cut_lines(r, &rq, kind, why);

	if (got == 0 && rq.record_count == 0) {
		buf_adds(why, "no records");
		return BT_BAD_INPUT;
	}
	if (got == 0 && r->set->protocol->form == FORM_TENSORS)
		got = make_tensors(r, &rq, kind, bad, why);
	else if (got == 0)
		got = make_instances(r, &rq, kind, bad, why);
	if (got == 0)
		return BT_OK;
	if (*bad >= 0 && rq.record_count != records) {
		r->reason.n = 0;
		buf_addf(&r->reason, "record %" PRId64 " of it: ", *bad);
		buf_add(&r->reason, why->p, why->n);
		why->n = 0;
		buf_add(why, r->reason.p, r->reason.n);
		*bad = -1;
	}
	return BT_BAD_INPUT;
}

/* A record as it is, after the header row if the batch begins with that. */
static struct span
make_record(struct request *r, const struct bt_request *rq, size_t i)
{
	struct span record = record_of(rq, i);
	size_t header = (size_t)(rq->records->p - rq->body);

	if (rq->header.n == 0 || header == 0)
		return record;
	buf_add(&r->body, rq->body, header);
	buf_add(&r->body, record.p, record.n);
	return buf_span(&r->body);
}

static int
make_document(const struct bt_request *rq, struct span *body, struct buf *why)
{
	if (rq->record_count > 1) {
		buf_addf(why,
		    "%zu documents are no request: bt-split --batch-strategy SingleRecord, or application/jsonlines for records",
		    rq->record_count);
		return BT_BAD_INPUT;
	}
	*body = (struct span){ rq->body, rq->body_size };
	return BT_OK;
}

/* The user's limit is for requests: the batch is within it without what the
 * protocol adds. */
static int
check_size(const struct request *r, struct span body, struct buf *why)
{
	if (r->set->payload == 0 || body.n <= r->set->payload)
		return BT_OK;
	buf_addf(why,
	    "a request of %zu bytes: SAGEMAKER_MAX_PAYLOAD_IN_MB allows %" PRIu64,
	    body.n, r->set->payload);
	return BT_TOO_LARGE;
}

int
request_make(struct request *r, const struct bt_request *rq, size_t i,
    struct span *body, int64_t *bad, struct buf *why)
{
	enum type_kind kind = type_kind(span_str(rq->content_type));
	enum form form = r->set->protocol->form;
	struct span batch = { rq->body, rq->body_size };
	int status;

	*bad = -1;
	r->body.n = r->lines_sent = 0;
	r->type = "application/json";
	r->is_document = form_is_json(form) && kind == TYPE_JSON;
	if (r->is_document)
		return make_document(rq, body, why);
	if (form == FORM_RECORD) {
		if (kind != TYPE_JSONLINES)
			r->type = rq->content_type;
		*body = make_record(r, rq, i);
		return BT_OK;
	}
	if (form == FORM_BATCH) {
		r->type = rq->content_type;
		*body = batch;
		return BT_OK;
	}
	status = make_json(r, *rq, kind, bad, why);
	*body = buf_span(&r->body);
	if (status == BT_OK && rq->record_count > 1)
		status = check_size(r, *body, why);
	return status;
}

void
request_free(struct request *r)
{
	inputs_free(&r->inputs);
	columns_free(&r->columns);
	tensors_free(&r->tensors);
	buf_free(&r->body);
	buf_free(&r->text);
	buf_free(&r->reason);
	records_free(&r->lines);
}
