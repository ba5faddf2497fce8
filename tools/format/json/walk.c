#include "format/json.h"

#include "format/json/skip.h"

struct span
json_trim(struct span text)
{
	const char *end = text.p + text.n, *p = json_skip_blanks(text.p, end);

	while (end > p && memchr(" \t\r\n", end[-1], 4) != NULL)
		end--;
	return (struct span){ p, (size_t)(end - p) };
}

enum json_kind
json_kind(struct span value)
{
	switch (*value.p) {
	case '{':
		return JSON_IS_OBJECT;
	case '[':
		return JSON_IS_ARRAY;
	case '"':
		return JSON_IS_STRING;
	case 't':
		return JSON_IS_TRUE;
	case 'f':
		return JSON_IS_FALSE;
	case 'n':
		return JSON_IS_NULL;
	default:
		return JSON_IS_NUMBER;
	}
}

bool
json_empty(struct span value)
{
	const char *end = value.p + value.n;

	return json_skip_blanks(value.p + 1, end) == end - 1;
}

const char *
json_item(struct json_walk *w)
{
	const char *end = w->value.p + w->value.n, *p = w->value.p + w->at;

	/* Over the opening bracket, or the comma. */
	p = json_skip_blanks(p, end);
	if (end - p < 2)
		return NULL;
	p = json_skip_blanks(p + 1, end);
	if (end - p < 2)
		return NULL;
	if (*w->value.p == '{') {
		w->key.p = p;
		p = json_skip_string(p, end);
		w->key.n = (size_t)(p - w->key.p);
		p = json_skip_blanks(p, end);
		p = json_skip_blanks(p + 1, end);
	}
	w->item.p = p;
	return p;
}

void
json_past(struct json_walk *w, const char *past)
{
	w->item.n = (size_t)(past - w->item.p);
	w->at = (size_t)(past - w->value.p);
}

bool
json_next(struct json_walk *w)
{
	const char *p = json_item(w);

	if (p == NULL)
		return false;
	json_past(w, json_skip_value(p, w->value.p + w->value.n));
	return true;
}

size_t
json_count(struct span value)
{
	struct json_walk w = { .value = value };
	size_t n = 0;

	while (json_next(&w))
		n++;
	return n;
}

bool
json_member(struct span object, struct span name, struct span *item)
{
	struct json_walk w = { .value = object };
	bool found = false;

	while (json_next(&w))
		if (json_string_is(w.key, name)) {
			*item = w.item;
			found = true;
		}
	return found;
}

bool
json_predictions(struct span value, struct span *array)
{
	static const struct span name = { "predictions", 11 };

	*array = value;
	if (json_kind(value) == JSON_IS_OBJECT &&
	    !json_member(value, name, array))
		return false;
	return json_kind(*array) == JSON_IS_ARRAY;
}
