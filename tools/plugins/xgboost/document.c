#include "plugins/xgboost/document.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/xgboost/ubjson.h"

/* The longest of a number that is read; the text after it is not a digit. */
enum { NUMBER_LONGEST = 64 };

struct value
value_of(struct span text, bool json)
{
	if (json)
		return (struct value){ text, 0 };
	return (
	    struct value){ { text.p + 1, text.n - 1 }, (unsigned char)*text.p };
}

/* Members or elements of a value in either format. */
struct walk {
	bool json;
	struct json_walk j;
	struct ubjson_walk u;
	struct value item;
};

static bool
walk_begin(struct walk *w, struct value v, bool keyed)
{
	*w = (struct walk){ .json = v.type == 0 };
	if (v.text.p == NULL)
		return false;
	if (!w->json)
		return v.type == (keyed ? '{' : '[') &&
		       ubjson_begin(
			   &w->u, (struct ubjson_item){ v.text, v.type });
	w->j.value = v.text;
	return json_kind(v.text) == (keyed ? JSON_IS_OBJECT : JSON_IS_ARRAY);
}

static bool
walk_next(struct walk *w)
{
	if (w->json) {
		if (!json_next(&w->j))
			return false;
		w->item = (struct value){ w->j.item, 0 };
	} else {
		if (!ubjson_next(&w->u))
			return false;
		w->item = (struct value){ w->u.item.text, w->u.item.type };
	}
	return true;
}

static bool
walk_key_is(const struct walk *w, const char *name)
{
	return w->json ? json_string_is(w->j.key, span_str(name))
		       : span_is(w->u.key, name);
}

bool
value_members(struct value object, const struct member *m, size_t n)
{
	struct walk w;
	size_t i;

	for (i = 0; i < n; i++)
		*m[i].out = (struct value){ 0 };
	if (!walk_begin(&w, object, true))
		return false;
	while (walk_next(&w))
		for (i = 0; i < n; i++)
			if (walk_key_is(&w, m[i].name)) {
				if (m[i].out->text.p != NULL)
					return false;
				*m[i].out = w.item;
			}
	return true;
}

bool
value_each(struct value array, bool (*each)(void *state, struct value element),
    void *state)
{
	struct walk w;

	if (!walk_begin(&w, array, false))
		return false;
	while (walk_next(&w))
		if (!each(state, w.item))
			return false;
	return true;
}

bool
value_string(struct value v, struct buf *out)
{
	struct span s;

	out->n = 0;
	if (v.text.p == NULL)
		return false;
	if (v.type == 0) {
		if (json_kind(v.text) != JSON_IS_STRING)
			return false;
		json_unquote(out, v.text);
		return true;
	}
	if (!ubjson_string((struct ubjson_item){ v.text, v.type }, &s))
		return false;
	buf_add(out, s.p, s.n);
	return true;
}

/* INT64_MIN: it is no whole number, or too large a one. */
static int64_t
whole(struct value v)
{
	const char *p = v.text.p, *end = p + v.text.n;
	bool minus = v.type == 0 && *p == '-';
	int64_t n = 0;

	if (v.type != 0)
		return ubjson_integer((struct ubjson_item){ v.text, v.type });
	for (p += minus;
	     p < end && *p >= '0' && *p <= '9' && n < INT64_MAX / 16; p++)
		n = n * 10 + (*p - '0');
	return p == end ? (minus ? -n : n) : INT64_MIN;
}

bool
value_setting(struct value v, uint64_t max, uint64_t *out)
{
	struct buf text = { 0 };
	const char *why = NULL;
	int64_t n;

	if (value_string(v, &text))
		*out = num_parse(buf_span(&text), 0, max, &why);
	else {
		n = v.text.p != NULL ? whole(v) : -1;
		*out = n < 0 ? 0 : (uint64_t)n;
		if (n < 0 || *out > max)
			why = "";
	}
	buf_free(&text);
	return why == NULL;
}

bool
value_ints(struct value array, struct ints *out)
{
	struct walk w;
	int64_t n;

	out->n = 0;
	if (!walk_begin(&w, array, false))
		return false;
	while (walk_next(&w)) {
		n = whole(w.item);
		if (n < INT32_MIN || n > INT32_MAX)
			return false;
		out->v =
		    mem_grow(out->v, &out->room, out->n + 1, sizeof *out->v);
		out->v[out->n++] = (int32_t)n;
	}
	return true;
}

bool
value_longs(struct value array, struct longs *out)
{
	struct walk w;
	int64_t n;

	out->n = 0;
	if (!walk_begin(&w, array, false))
		return false;
	while (walk_next(&w)) {
		n = whole(w.item);
		if (n == INT64_MIN)
			return false;
		out->v =
		    mem_grow(out->v, &out->room, out->n + 1, sizeof *out->v);
		out->v[out->n++] = n;
	}
	return true;
}

/* Text in JSON ends with a comma or bracket, where strtof stops. */
static bool
read_float(struct value v, float *out, size_t *nulls)
{
	char *end;

	if (v.type != 0)
		return ubjson_float(
		    (struct ubjson_item){ v.text, v.type }, out);
	if (json_kind(v.text) == JSON_IS_NULL) {
		++*nulls;
		*out = NAN;
		return true;
	}
	if (json_kind(v.text) != JSON_IS_NUMBER || v.text.n > NUMBER_LONGEST)
		return false;
	*out = strtof(v.text.p, &end);
	return end == v.text.p + v.text.n;
}

bool
value_floats(struct value array, struct floats *out)
{
	struct walk w;

	out->n = out->nulls = 0;
	if (!walk_begin(&w, array, false))
		return false;
	while (walk_next(&w)) {
		out->v =
		    mem_grow(out->v, &out->room, out->n + 1, sizeof *out->v);
		if (!read_float(w.item, &out->v[out->n++], &out->nulls))
			return false;
	}
	return true;
}

/* 0, 1, and as XGBoost has written it at times, false and true. */
static bool
read_flag(struct value v, unsigned char *out)
{
	int64_t n;

	if (v.type == 0 && json_kind(v.text) == JSON_IS_TRUE)
		n = 1;
	else if (v.type == 0 && json_kind(v.text) == JSON_IS_FALSE)
		n = 0;
	else
		n = whole(v);
	*out = n == 1;
	return n == 0 || n == 1;
}

bool
value_flags(struct value array, struct flags *out)
{
	struct walk w;

	out->n = 0;
	if (!walk_begin(&w, array, false))
		return false;
	while (walk_next(&w)) {
		out->v =
		    mem_grow(out->v, &out->room, out->n + 1, sizeof *out->v);
		if (!read_flag(w.item, &out->v[out->n++]))
			return false;
	}
	return true;
}
