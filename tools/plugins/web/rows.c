#include "plugins/web/rows.h"

#include <stdint.h>

#include "format/csv.h"
#include "format/json.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
rows_begin(struct rows *r, const struct bt_host *host, const char *accept,
    size_t records)
{
	r->host = host;
	r->records = records;
	r->kind = type_kind(span_str(accept));
	r->n = 0;
	r->why.n = 0;
	if (r->kind == TYPE_CSV || r->kind == TYPE_JSON ||
	    r->kind == TYPE_JSONLINES)
		return;
	r->kind = TYPE_JSONLINES;
	host->content_type(host, type_name(r->kind));
}

/* The place past the string at p, closed or not. */
static const char *
skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : end;
}

/* The bytes of NaN, Infinity or -Infinity at p; 0 if it is none. */
static size_t
token(const char *p, const char *end)
{
	static const char *const words[] = { "NaN", "Infinity", "-Infinity" };
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = strlen(words[i]);
		if ((size_t)(end - p) >= n && memcmp(p, words[i], n) == 0)
			return n;
	}
	return 0;
}

/* Copies text to out with null for each such token; returns the place of the
 * first in out, or SIZE_MAX.  What else is wrong with text stays so. */
static size_t
put_nulls(struct buf *out, struct span text)
{
	const char *p = text.p, *from = p, *end = p + text.n;
	size_t first = SIZE_MAX, n;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		n = *p == 'N' || *p == 'I' || *p == '-' ? token(p, end) : 0;
		if (n == 0) {
			p++;
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
		if (first == SIZE_MAX)
			first = out->n;
		buf_adds(out, "null");
		p += n;
		from = p;
	}
	buf_add(out, from, (size_t)(end - from));
	return first;
}

int
rows_check(
    struct rows *r, struct span body, struct span *value, struct buf *why)
{
	const char *reason, *again;
	size_t at, first, where;

	r->null = NULL;
	if (json_check(body, value, &reason, &at) == 0)
		return 0;
	r->text.n = 0;
	first = put_nulls(&r->text, body);
	if (first != SIZE_MAX &&
	    json_check(buf_span(&r->text), value, &again, &where) == 0) {
		r->null = r->text.p + first;
		return 0;
	}
	buf_addf(why, "the reply is not JSON: %s at byte %zu", reason, at);
	return -1;
}

int
rows_fail(struct rows *r, int status)
{
	return r->host->fail(r->host, status,
	    r->n < r->records ? (int64_t)r->n : -1, "%s", buf_str(&r->why));
}

int
rows_fail_all(struct rows *r)
{
	return r->host->fail(
	    r->host, BT_MODEL_ERROR, -1, "%s", buf_str(&r->why));
}

bool
rows_refuses(const struct rows *r, struct span value, struct buf *why)
{
	if (!r->strict || r->null == NULL || r->null < value.p ||
	    r->null >= value.p + value.n)
		return false;
	buf_adds(why,
	    "the prediction has NaN or Infinity, which JSON has not (BT_STRICT=1)");
	return true;
}

void
rows_compact(struct buf *out, struct span value)
{
	const char *p = value.p, *end = p + value.n, *from;

	while (p < end) {
		for (from = p; p < end && !is_blank(*p);)
			p = *p == '"' ? json_skip_value(p, end) : p + 1;
		buf_add(out, from, (size_t)(p - from));
		while (p < end && is_blank(*p))
			p++;
	}
}

/* Adds a scalar as a field of CSV; returns false if it is none. */
static bool
add_field(struct rows *r, struct span value)
{
	switch (json_kind(value)) {
	case JSON_IS_OBJECT:
	case JSON_IS_ARRAY:
		return false;
	case JSON_IS_STRING:
		r->field.n = 0;
		json_unquote(&r->field, value);
		csv_quote(
		    &r->line, (struct span){ buf_str(&r->field), r->field.n });
		return true;
	case JSON_IS_NULL:
		return true;
	default:
		buf_add(&r->line, value.p, value.n);
		return true;
	}
}

static bool
add_fields(struct rows *r, struct span value)
{
	struct json_walk w = { .value = value };
	bool first = true;

	if (json_kind(value) != JSON_IS_ARRAY)
		return add_field(r, value);
	for (; json_next(&w); first = false) {
		if (!first)
			buf_addc(&r->line, ',');
		if (!add_field(r, w.item))
			return false;
	}
	return true;
}

int
rows_write(struct rows *r, struct span value)
{
	if (rows_refuses(r, value, &r->why))
		return rows_fail(r, BT_BAD_INPUT);
	r->line.n = 0;
	if (r->kind != TYPE_CSV)
		rows_compact(&r->line, value);
	else if (!add_fields(r, value)) {
		buf_addf(&r->why,
		    "the prediction is %s, not a row of CSV: --accept application/jsonlines",
		    json_kind(value) == JSON_IS_OBJECT
			? "an object"
			: "an array of arrays or objects");
		return rows_fail(r, BT_BAD_ACCEPT);
	}
	/* An empty line would be no row. */
	if (r->line.n == 0)
		buf_adds(&r->line, "\"\"");
	r->host->write(r->host, r->line.p, r->line.n);
	r->host->end_record(r->host);
	r->n++;
	return BT_OK;
}

int
rows_end(struct rows *r)
{
	if (r->n > 0)
		return BT_OK;
	/* The host would take an empty array for one prediction. */
	buf_adds(&r->why, "the reply has no predictions");
	return rows_fail_all(r);
}

int
rows_write_all(struct rows *r, struct span array)
{
	struct json_walk w = { .value = array };
	int status;

	while (json_next(&w)) {
		status = rows_write(r, w.item);
		if (status != BT_OK)
			return status;
	}
	return rows_end(r);
}

void
rows_free(struct rows *r)
{
	buf_free(&r->text);
	buf_free(&r->line);
	buf_free(&r->field);
	buf_free(&r->why);
}
