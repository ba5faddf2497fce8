/*
 * Shorthand: any bytes are read without harm; what was refused has a reason
 * and a place; what was read, written with every string in double quotes and
 * every list in brackets, is read as the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "format/shorthand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
load(const char *value, struct buf *text, struct buf *why)
{
	if (*value == 'x') {
		buf_adds(why, "refused");
		return -1;
	}
	buf_adds(text, value);
	return 0;
}

/* Backslashes are taken in pairs only after quotes were found, so that one
 * before a quote, or at the end, has no spelling. */
static bool
has_spelling(const json_t *v)
{
	const char *name, *text = json_string_value(v);
	json_t *below;
	size_t i;

	if (json_is_string(v))
		return strchr(text, '\\') == NULL;
	if (json_is_array(v)) {
		json_array_foreach (v, i, below)
			if (!has_spelling(below))
				return false;
		return true;
	}
	json_object_foreach ((json_t *)(uintptr_t)v, name, below)
		if (!has_spelling(below))
			return false;
	return true;
}

static void add(struct buf *b, const json_t *v);

static void
add_members(struct buf *b, const json_t *object)
{
	const char *name, *comma = "";
	json_t *v;

	json_object_foreach ((json_t *)(uintptr_t)object, name, v) {
		buf_addf(b, "%s%s=", comma, name);
		add(b, v);
		comma = ",";
	}
}

static void
add_string(struct buf *b, const json_t *v)
{
	const char *p;

	buf_addc(b, '"');
	for (p = json_string_value(v); *p != '\0'; p++) {
		if (*p == '"')
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
	buf_addc(b, '"');
}

static void
add(struct buf *b, const json_t *v)
{
	json_t *below;
	size_t i;

	if (json_is_string(v)) {
		add_string(b, v);
	} else if (json_is_array(v)) {
		buf_addc(b, '[');
		json_array_foreach (v, i, below) {
			if (i > 0)
				buf_addc(b, ',');
			add(b, below);
		}
		buf_addc(b, ']');
	} else {
		buf_addc(b, '{');
		add_members(b, v);
		buf_addc(b, '}');
	}
}

static void
there_and_back(const json_t *object)
{
	struct buf text = { 0 }, why = { 0 };
	json_t *again;
	size_t at;

	if (!has_spelling(object))
		return;
	add_members(&text, object);
	again = shorthand_read(buf_span(&text), load, &why, &at);
	if (again == NULL || !json_equal(object, again))
		abort();
	json_decref(again);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct buf why = { 0 };
	size_t at = SIZE_MAX;
	json_t *v = shorthand_read(text, load, &why, &at);

	if (at > size || (v == NULL) == (why.n == 0))
		abort();
	if (v != NULL)
		there_and_back(v);
	json_decref(v);
	buf_free(&why);
	return 0;
}
