#include "plugins/linear/text.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/csv.h"
#include "format/json.h"

/* Makes room for the texts of one more record. */
static struct span *
texts_add(struct texts *t)
{
	t->at =
	    mem_grow(t->at, &t->room, (t->count + 1) * t->parts, sizeof *t->at);
	return t->at + t->count++ * t->parts;
}

struct fields {
	struct span *at;
	size_t room;
};

/* Finds the text columns of a record.  Fields keep their quotes: quotes,
 * doubled ones too, are no part of a word. */
static int
columns_find(const struct bt_host *host, const struct linear_model *m,
    struct fields *f, struct span record, int64_t i, struct span *out)
{
	size_t k, n;
	long c;

	n = csv_fields(record, f->at, f->room);
	if (n > f->room) {
		f->at = mem_grow(f->at, &f->room, n, sizeof *f->at);
		csv_fields(record, f->at, n);
	}
	for (k = 0; k < m->column_count; k++) {
		c = m->columns[k] < 0 ? (long)n + m->columns[k] : m->columns[k];
		if (c < 0 || (size_t)c >= n)
			return host->fail(host, BT_BAD_INPUT, i,
			    "the text is column %ld, of a row of %zu columns",
			    m->columns[k], n);
		out[k] = f->at[c];
	}
	return BT_OK;
}

static int
csv_read(const struct bt_host *host, const struct linear_model *m,
    const struct bt_request *request, struct texts *t)
{
	struct fields f = { 0 };
	struct span record;
	size_t i;
	int status = BT_OK;

	t->parts = m->column_count;
	for (i = 0; i < request->record_count && status == BT_OK; i++) {
		record.p = request->records[i].p;
		record.n = request->records[i].n;
		status =
		    columns_find(host, m, &f, record, (int64_t)i, texts_add(t));
	}
	free(f.at);
	return status;
}

static bool
member_find(struct span object, const char *name, struct span *item)
{
	struct json_walk walk = { .value = object };
	struct span wanted = span_str(name);

	while (json_next(&walk))
		if (json_string_is(walk.key, wanted)) {
			*item = walk.item;
			return true;
		}
	return false;
}

static int
value_read(const struct bt_host *host, const struct linear_model *m,
    struct span value, int64_t i, struct texts *t)
{
	struct buf text = { 0 };
	char *copy;

	if (json_kind(value) == JSON_IS_OBJECT &&
	    !member_find(value, m->field, &value))
		return host->fail(
		    host, BT_BAD_INPUT, i, "no member \"%s\"", m->field);
	if (json_kind(value) != JSON_IS_STRING)
		return host->fail(
		    host, BT_BAD_INPUT, i, "\"%s\" is not a string", m->field);
	/* A string without escapes is its own text. */
	if (memchr(value.p, '\\', value.n) == NULL) {
		*texts_add(t) = (struct span){ value.p + 1, value.n - 2 };
		return BT_OK;
	}
	json_unquote(&text, value);
	copy = host->alloc(host, text.n);
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	*texts_add(t) = (struct span){ copy, text.n };
	buf_free(&text);
	return BT_OK;
}

/* Several texts are an array, or an object with an array as "instances". */
static int
document_read(const struct bt_host *host, const struct linear_model *m,
    struct span value, int64_t i, struct texts *t)
{
	struct json_walk walk = { .value = value };
	int status = BT_OK;

	if (json_kind(value) == JSON_IS_OBJECT)
		member_find(value, "instances", &walk.value);
	if (json_kind(walk.value) != JSON_IS_ARRAY)
		return value_read(host, m, value, i, t);
	while (status == BT_OK && json_next(&walk))
		status = value_read(host, m, walk.item, i, t);
	return status;
}

static int
json_read(const struct bt_host *host, const struct linear_model *m,
    const struct bt_request *request, bool documents, struct texts *t)
{
	struct span value;
	const char *why;
	size_t i, at;
	int status = BT_OK;

	t->parts = 1;
	for (i = 0; i < request->record_count && status == BT_OK; i++) {
		value = (struct span){ request->records[i].p,
			request->records[i].n };
		if (json_check(value, &value, &why, &at) == -1)
			return host->fail(host, BT_BAD_INPUT, (int64_t)i,
			    "byte %zu: %s", at, why);
		status = documents
			     ? document_read(host, m, value, (int64_t)i, t)
			     : value_read(host, m, value, (int64_t)i, t);
	}
	return status;
}

int
texts_read(const struct bt_host *host, const struct linear_model *m,
    const struct bt_request *request, struct texts *t)
{
	size_t i;

	switch (type_kind(span_str(request->content_type))) {
	case TYPE_CSV:
		return csv_read(host, m, request, t);
	case TYPE_JSON:
		return json_read(host, m, request, true, t);
	case TYPE_JSONLINES:
		return json_read(host, m, request, false, t);
	case TYPE_TEXT:
		t->parts = 1;
		for (i = 0; i < request->record_count; i++)
			*texts_add(t) = (struct span){ request->records[i].p,
				request->records[i].n };
		return BT_OK;
	default:
		return host->fail(host, BT_BAD_CONTENT_TYPE, -1,
		    "%s: this model reads text", request->content_type);
	}
}
