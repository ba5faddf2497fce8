#include "plugins/chat/template.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/csv.h"
#include "format/filter.h"
#include "format/json.h"

enum part_kind { PART_TEXT, PART_RECORD, PART_NAME, PART_PATH };

struct part {
	enum part_kind kind;
	struct buf text; /* JSON as it is, or the name */
	struct jsonpath *path;
	size_t column; /* PART_NAME: of the current batch, if that is CSV */
};

static struct part *
add_part(struct template *t, enum part_kind kind)
{
	struct part *p;

	t->part = mem_grow(t->part, &t->room, t->n + 1, sizeof t->part[0]);
	p = &t->part[t->n++];
	memset(p, 0, sizeof *p);
	p->kind = kind;
	return p;
}

/* The part that JSON is added to. */
static struct buf *
last_text(struct template *t, size_t from)
{
	if (t->n == from || t->part[t->n - 1].kind != PART_TEXT)
		add_part(t, PART_TEXT);
	return &t->part[t->n - 1].text;
}

/* Adds text as it is inside of a JSON string. */
static void
add_inside(struct buf *out, struct span text)
{
	size_t at = out->n;

	json_quote(out, text);
	memmove(out->p + at, out->p + at + 1, out->n - at - 2);
	out->n -= 2;
}

static int
add_placeholder(struct template *t, struct span name, struct buf *why)
{
	struct part *p;
	size_t at;

	name = span_trim(name);
	if (name.n == 0) {
		buf_adds(why, "{{}} names nothing");
		return -1;
	}
	if (span_is(name, "record")) {
		add_part(t, PART_RECORD);
		return 0;
	}
	p = add_part(t, *name.p == '$' ? PART_PATH : PART_NAME);
	buf_add(&p->text, name.p, name.n);
	if (p->kind == PART_NAME)
		return 0;
	buf_addf(why, "{{%s}}: ", buf_str(&p->text));
	p->path = jsonpath_new(name, JSONPATH_SAGEMAKER, why, &at);
	return p->path != NULL ? 0 : -1;
}

static struct span
from_to(const char *p, const char *end)
{
	return (struct span){ p, (size_t)(end - p) };
}

/* The next two braces of a kind, or NULL. */
static const char *
find_braces(const char *p, const char *end, char brace)
{
	for (; end - p >= 2; p++)
		if (p[0] == brace && p[1] == brace)
			return p;
	return NULL;
}

/* Adds the parts of a string's text, without its quotes. */
static int
add_string(struct template *t, size_t from, struct span text, struct buf *why)
{
	const char *p = text.p, *end = p + text.n, *open, *close;
	size_t start = why->n;

	while ((open = find_braces(p, end, '{')) != NULL) {
		add_inside(last_text(t, from), from_to(p, open));
		close = find_braces(open + 2, end, '}');
		if (close == NULL) {
			buf_adds(why, "{{ without }}");
			return -1;
		}
		if (add_placeholder(t, from_to(open + 2, close), why) == -1)
			return -1;
		why->n = start;
		p = close + 2;
	}
	add_inside(last_text(t, from), from_to(p, end));
	return 0;
}

/* Whether the string that ends at p is a member's name. */
static bool
is_key(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p < end && *p == ':';
}

/* Adds the parts of a checked value; those from `from` on may grow. */
static int
add_value(struct template *t, size_t from, struct span value, struct buf *why)
{
	const char *p = value.p, *end = p + value.n, *q;
	struct buf text = { 0 };
	int got = 0;

	while (got == 0 && p < end) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL)
			q = end;
		if (q > p)
			buf_add(last_text(t, from), p, (size_t)(q - p));
		if (q == end)
			break;
		p = json_skip_value(q, end);
		text.n = 0;
		json_unquote(&text, from_to(q, p));
		if (is_key(p, end) ||
		    find_braces(buf_str(&text), text.p + text.n, '{') == NULL) {
			buf_add(last_text(t, from), q, (size_t)(p - q));
			continue;
		}
		buf_addc(last_text(t, from), '"');
		got = add_string(t, from, buf_span(&text), why);
		buf_addc(last_text(t, from), '"');
	}
	buf_free(&text);
	return got;
}

/* Whether the parts [from, to) hold a placeholder. */
static bool
has_placeholder(const struct template *t, size_t from, size_t to)
{
	for (; from < to; from++)
		if (t->part[from].kind != PART_TEXT)
			return true;
	return false;
}

int
template_read(
    struct template *t, struct span body, const char *many, struct buf *why)
{
	const char *end = body.p + body.n;
	struct span value;

	t->many = many != NULL;
	if (!t->many) {
		if (add_value(t, 0, body, why) == -1)
			return -1;
		t->to = t->n;
	} else {
		if (!json_member(body, span_str(many), &value) ||
		    json_kind(value) != JSON_IS_STRING) {
			buf_addf(why,
			    "%s: a string is required for many records a request",
			    many);
			return -1;
		}
		if (add_value(t, 0, from_to(body.p, value.p), why) == -1)
			return -1;
		buf_addc(last_text(t, 0), '[');
		t->from = t->n;
		if (add_value(t, t->n, value, why) == -1)
			return -1;
		t->to = t->n;
		buf_addc(last_text(t, t->n), ']');
		if (add_value(t, t->to, from_to(value.p + value.n, end), why) ==
		    -1)
			return -1;
		if (has_placeholder(t, 0, t->from) ||
		    has_placeholder(t, t->to, t->n)) {
			buf_addf(why,
			    "a placeholder outside of %s: only with records_per_request 1",
			    many);
			return -1;
		}
	}
	if (has_placeholder(t, t->from, t->to))
		return 0;
	buf_adds(why, "no placeholder, such as {{record}}");
	return -1;
}

/* Sets the column of a name in the header row. */
static int
find_column(struct template *t, struct part *p, struct buf *why)
{
	const struct table_entry *e = NULL;

	t->value.n = 0;
	json_quote(&t->value, buf_span(&p->text));
	for (p->column = 0; (e = table_next(&t->columns.names, e)) != NULL;
	     p->column++)
		if (e->key.n == t->value.n &&
		    memcmp(e->key.p, t->value.p, e->key.n) == 0)
			return 0;
	buf_addf(why, "{{%s}}: the header row has no such column",
	    buf_str(&p->text));
	return -1;
}

int
template_begin(struct template *t, const struct bt_request *rq,
    enum type_kind kind, struct buf *why)
{
	struct span header = { rq->header.p, rq->header.n };
	struct part *p;
	bool named = false;

	for (p = t->part; p < t->part + t->n; p++) {
		named |= p->kind == PART_NAME;
		if (p->kind < PART_NAME || type_filters(kind))
			continue;
		buf_addf(why,
		    "{{%s}} is not for records of %s: write {{record}}",
		    buf_str(&p->text), rq->content_type);
		return -1;
	}
	if (!named || kind != TYPE_CSV)
		return 0;
	if (header.n == 0) {
		buf_adds(why,
		    "names of columns need the header row: bt-split --header=send, or write {{$[0]}}");
		return -1;
	}
	if (columns_read(&t->columns, header, why) == -1)
		return -1;
	for (p = t->part; p < t->part + t->n; p++)
		if (p->kind == PART_NAME && find_column(t, p, why) == -1)
			return -1;
	return 0;
}

/* Adds what a value of JSON stands for: a string its text, others as they are.
 */
static void
add_json(struct buf *out, struct span value)
{
	if (json_kind(value) == JSON_IS_STRING)
		json_unquote(out, value);
	else
		buf_add(out, value.p, value.n);
}

/* Adds the column's text. */
static int
pick_column(
    const struct part *p, struct span record, struct buf *out, struct buf *why)
{
	const char *at = record.p, *end = at + record.n, *q;
	size_t i;

	for (i = 0;; i++, at = q + 1) {
		q = csv_field_end(at, end);
		if (i == p->column)
			break;
		if (q == end) {
			buf_addf(why,
			    "%zu fields; the header row has column %zu", i + 1,
			    p->column + 1);
			return -1;
		}
	}
	csv_unquote(out, from_to(at, q));
	return 0;
}

static int
pick_member(
    const struct part *p, struct span record, struct buf *out, struct buf *why)
{
	const char *reason;
	struct span value;
	size_t at;

	if (json_check(record, &record, &reason, &at) == -1)
		buf_addf(why, "not JSON at byte %zu: %s", at, reason);
	else if (json_kind(record) != JSON_IS_OBJECT)
		buf_adds(why, "not a JSON object");
	else if (!json_member(record, buf_span(&p->text), &value))
		buf_adds(why, "no such member");
	else {
		add_json(out, value);
		return 0;
	}
	return -1;
}

static int
pick_path(struct template *t, const struct part *p, enum type_kind kind,
    struct span record, struct buf *out, struct buf *why)
{
	t->text.n = 0;
	if (filter_record(p->path, kind, record, &t->text, why) == -1)
		return -1;
	if (kind != TYPE_CSV)
		add_json(out, json_trim(buf_span(&t->text)));
	else if (csv_fields(buf_span(&t->text), NULL, 0) > 1)
		buf_add(out, t->text.p, t->text.n);
	else
		csv_unquote(out, buf_span(&t->text));
	return 0;
}

/* Adds the text that the part stands for in a record. */
static int
pick(struct template *t, const struct part *p, enum type_kind kind,
    struct span record, struct buf *out, struct buf *why)
{
	size_t start = why->n;
	int got = 0;

	if (p->kind == PART_RECORD) {
		buf_add(out, record.p, record.n);
		buf_adds(why, "{{record}}: ");
	} else {
		buf_addf(why, "{{%.*s}}: ", (int)p->text.n, p->text.p);
		got = p->kind == PART_PATH
			  ? pick_path(t, p, kind, record, out, why)
		      : kind == TYPE_CSV ? pick_column(p, record, out, why)
					 : pick_member(p, record, out, why);
	}
	if (got == 0 && !utf8_valid(buf_span(out))) {
		buf_adds(why, "not UTF-8, as a string in JSON is");
		got = -1;
	}
	if (got == 0)
		why->n = start;
	return got;
}

static void
add_texts(const struct template *t, size_t from, size_t to, struct buf *out)
{
	for (; from < to; from++)
		buf_add(out, t->part[from].text.p, t->part[from].text.n);
}

void
template_open(const struct template *t, struct buf *out)
{
	add_texts(t, 0, t->from, out);
}

int
template_add(struct template *t, enum type_kind kind, struct span record,
    struct buf *out, struct buf *why)
{
	size_t i, start = out->n;

	/* An object's last record may end with CR. */
	if (kind == TYPE_CSV && record.n > 0 && record.p[record.n - 1] == '\r')
		record.n--;
	if (t->many && out->p[out->n - 1] != '[')
		buf_addc(out, ',');
	for (i = t->from; i < t->to; i++) {
		if (t->part[i].kind == PART_TEXT) {
			add_texts(t, i, i + 1, out);
			continue;
		}
		t->value.n = 0;
		if (pick(t, &t->part[i], kind, record, &t->value, why) == -1) {
			out->n = start;
			return -1;
		}
		add_inside(out, buf_span(&t->value));
	}
	return 0;
}

void
template_close(const struct template *t, struct buf *out)
{
	add_texts(t, t->to, t->n, out);
}

void
template_free(struct template *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		buf_free(&t->part[i].text);
		jsonpath_free(t->part[i].path);
	}
	free(t->part);
	columns_free(&t->columns);
	buf_free(&t->value);
	buf_free(&t->text);
}
