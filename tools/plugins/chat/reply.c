#include "plugins/chat/reply.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "format/json.h"
#include "plugins/chat/schema.h"
#include "plugins/web/rows.h"

/* Sets *value to a member of a value, which may be of any kind. */
static bool
member(struct span object, const char *name, struct span *value)
{
	return object.p != NULL && json_kind(object) == JSON_IS_OBJECT &&
	       json_member(object, span_str(name), value);
}

static uint64_t
number(struct span object, const char *name)
{
	struct span value;
	const char *why;

	if (!member(object, name, &value))
		return 0;
	return num_parse(value, 0, UINT32_MAX, &why);
}

void
reply_usage(struct span reply, struct usage *usage)
{
	struct span value;

	if (!member(reply, "usage", &value))
		return;
	usage->prompt_tokens += number(value, "prompt_tokens");
	usage->completion_tokens += number(value, "completion_tokens");
}

/* Puts the items in the order of their indexes. */
static int
set_items(struct reply *r, struct span list, size_t n, struct buf *why)
{
	struct json_walk w = { .value = list };
	struct span value;
	const char *reason;
	size_t i, at;

	for (i = 0; json_next(&w); i++) {
		at = i;
		if (member(w.item, "index", &value)) {
			at = num_parse(value, 0, n - 1, &reason);
			if (reason != NULL)
				at = n;
		}
		/* One of several choices is enough. */
		if (at < n && r->item[at].p == NULL)
			r->item[at] = w.item;
	}
	for (i = 0; i < n; i++)
		if (r->item[i].p == NULL) {
			buf_addf(why, "the reply has no item %zu of %zu", i, n);
			return -1;
		}
	return 0;
}

int
reply_read(struct reply *r, struct span body, size_t n, struct usage *usage,
    struct buf *why)
{
	const char *reason;
	struct span value, list;
	size_t at;

	if (json_check(body, &value, &reason, &at) == -1) {
		buf_addf(
		    why, "the reply is not JSON: %s at byte %zu", reason, at);
		return -1;
	}
	reply_usage(value, usage);
	if ((!member(value, "choices", &list) &&
		!member(value, "data", &list)) ||
	    json_kind(list) != JSON_IS_ARRAY) {
		buf_adds(why, "the reply has neither choices nor data");
		return -1;
	}
	r->item = mem_grow(r->item, &r->room, n, sizeof r->item[0]);
	memset(r->item, 0, n * sizeof r->item[0]);
	return set_items(r, list, n, why);
}

static struct span
trim(struct span s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.p[0]) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && strchr(" \t\r\n", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

/* Without what a model thought before it answered, which some servers leave in
 * the answer. */
static struct span
without_thoughts(struct span s)
{
	static const char begin[] = "<think>", end[] = "</think>";
	const size_t b = sizeof begin - 1, e = sizeof end - 1;
	size_t i;

	s = trim(s);
	if (s.n < b || memcmp(s.p, begin, b) != 0)
		return s;
	for (i = b; i + e <= s.n; i++)
		if (memcmp(s.p + i, end, e) == 0)
			return trim((struct span){ s.p + i + e, s.n - i - e });
	return s;
}

/* Whether the answer has what the prediction is made of. */
static int
check_columns(const struct settings *set, struct span answer, struct buf *why)
{
	struct json_walk w = { .value = set->columns };
	struct buf name = { 0 };
	struct span value;
	int got = 0;

	while (got == 0 && set->columns.n > 0 && json_next(&w)) {
		name.n = 0;
		json_unquote(&name, w.item);
		if (!member(answer, buf_str(&name), &value)) {
			buf_addf(why, "the answer has no %s", name.p);
			got = -1;
		}
	}
	buf_free(&name);
	return got;
}

static int
check_schema(const struct settings *set, struct span answer, struct buf *why)
{
	json_error_t error;
	json_t *value;
	size_t start = why->n;
	int got;

	if (set->schema == NULL)
		return 0;
	buf_adds(why, "the answer: ");
	value = json_loadb(answer.p, answer.n, JSON_DECODE_ANY, &error);
	if (value == NULL) {
		buf_adds(why, error.text);
		return -1;
	}
	got = schema_check(set->schema, value, why);
	json_decref(value);
	if (got == 0)
		why->n = start;
	return got;
}

static enum reply_is
add_answer(const struct settings *set, struct span text, struct buf *out,
    struct buf *why)
{
	const char *reason;
	struct span value;
	size_t at;

	text = without_thoughts(text);
	if (text.n == 0) {
		buf_adds(why, "the answer is empty");
		return REPLY_BAD;
	}
	if (!set->json) {
		json_quote(out, text);
		return REPLY_GOOD;
	}
	if (json_check(text, &value, &reason, &at) == -1) {
		buf_addf(
		    why, "the answer is not JSON: %s at byte %zu", reason, at);
		return REPLY_BAD;
	}
	if (check_columns(set, value, why) == -1 ||
	    check_schema(set, value, why) == -1)
		return REPLY_BAD;
	rows_compact(out, value);
	return REPLY_GOOD;
}

static enum reply_is
add_embedding(struct span item, struct buf *out, struct buf *why)
{
	struct span value;

	if (!member(item, "embedding", &value) ||
	    (json_kind(value) != JSON_IS_ARRAY &&
		json_kind(value) != JSON_IS_STRING)) {
		buf_adds(why, "the reply has no embedding");
		return REPLY_BAD;
	}
	rows_compact(out, value);
	return REPLY_GOOD;
}

/* Whether the model ended its answer itself. */
static enum reply_is
check_reason(const struct settings *set, struct span item, struct buf *why)
{
	static const char *const good[] = { "stop", "eos_token",
		"stop_sequence" };
	struct span value;
	size_t i;

	if (!member(item, "finish_reason", &value) ||
	    json_kind(value) != JSON_IS_STRING)
		return REPLY_GOOD;
	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		if (json_string_is(value, span_str(good[i])))
			return REPLY_GOOD;
	if (json_string_is(value, span_str("length"))) {
		buf_adds(why,
		    "the answer was cut (finish_reason length): allow more tokens");
		/* What is to be JSON may have been lost in blanks. */
		return set->json ? REPLY_BAD : REPLY_REFUSED;
	}
	buf_addf(why, "the answer was not finished (finish_reason %.*s)",
	    value.n < 40 ? (int)value.n : 40, value.p);
	return json_string_is(value, span_str("content_filter")) ? REPLY_REFUSED
								 : REPLY_BAD;
}

enum reply_is
reply_answer(struct reply *r, const struct settings *set, size_t i,
    struct buf *out, struct buf *why)
{
	struct span item = r->item[i], message, text;
	enum reply_is is;

	if (set->endpoint == ENDPOINT_EMBEDDINGS)
		return add_embedding(item, out, why);
	is = check_reason(set, item, why);
	if (is != REPLY_GOOD)
		return is;
	r->text.n = 0;
	if (set->endpoint == ENDPOINT_COMPLETIONS)
		message = item;
	else if (!member(item, "message", &message)) {
		buf_adds(why, "the reply has no message");
		return REPLY_BAD;
	}
	if (member(message, "refusal", &text) &&
	    json_kind(text) == JSON_IS_STRING) {
		buf_adds(why, "the model refused: ");
		json_unquote(&r->text, text);
		buf_add(why, r->text.p, utf8_cut(buf_span(&r->text), 200));
		return REPLY_REFUSED;
	}
	if (!member(message,
		set->endpoint == ENDPOINT_CHAT ? "content" : "text", &text) ||
	    json_kind(text) != JSON_IS_STRING) {
		buf_adds(why, "the reply has no text");
		return REPLY_BAD;
	}
	json_unquote(&r->text, text);
	return add_answer(set, buf_span(&r->text), out, why);
}

void
reply_prediction(const struct settings *set, struct span answer, bool by_name,
    struct buf *out)
{
	struct json_walk w = { .value = set->columns };
	struct buf name = { 0 };
	struct span value;
	char between = by_name ? '{' : '[';

	while (json_next(&w)) {
		buf_addc(out, between);
		between = ',';
		name.n = 0;
		json_unquote(&name, w.item);
		if (by_name) {
			buf_add(out, w.item.p, w.item.n);
			buf_addc(out, ':');
		}
		if (!member(answer, buf_str(&name), &value))
			value = span_str("null");
		/* A field of CSV holds no structure, but its text. */
		if (!by_name && json_kind(value) <= JSON_IS_ARRAY)
			json_quote(out, value);
		else
			buf_add(out, value.p, value.n);
	}
	buf_addc(out, by_name ? '}' : ']');
	buf_free(&name);
}

void
reply_free(struct reply *r)
{
	free(r->item);
	buf_free(&r->text);
}
