/*
 * The check against jansson, on what both can agree about: jansson also
 * refuses bytes that are not UTF-8, lone surrogates and numbers beyond a
 * double.  The lines of the text are checked as lines too, and what is made of
 * a value is compared with what it was made from.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "format/json.h"
#include "format/jsonpath/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
apart(const json_error_t *e)
{
	return json_error_code(e) == json_error_numeric_overflow ||
	       json_error_code(e) == json_error_null_byte_in_key ||
	       json_error_code(e) == json_error_invalid_utf8 ||
	       strstr(e->text, "invalid Unicode") != NULL ||
	       strstr(e->text, "UTF-8") != NULL;
}

/* Each kid lies in its parent, and there are as many as jansson has. */
static void
walk(struct span value, const json_t *j)
{
	struct json_walk w = { .value = value };
	struct buf text = { 0 }, quoted = { 0 };
	size_t n = 0;

	if (json_kind(value) == JSON_IS_STRING) {
		json_unquote(&text, value);
		if (!json_string_is(value, buf_span(&text)))
			abort();
		if (j != NULL &&
		    (text.n != json_string_length(j) ||
			memcmp(buf_str(&text), json_string_value(j), text.n)))
			abort();
		json_quote(&quoted, buf_span(&text));
		if (!json_alike(value, buf_span(&quoted)))
			abort();
	} else if (*value.p == '[' || *value.p == '{') {
		while (json_next(&w)) {
			if (w.item.p <= value.p ||
			    w.item.p + w.item.n >= value.p + value.n)
				abort();
			walk(w.item, json_array_get(j, n++));
		}
		if (n != json_count(value) || (n == 0) != json_empty(value))
			abort();
		if (json_is_array(j) && n != json_array_size(j))
			abort();
	}
	buf_free(&text);
	buf_free(&quoted);
}

static void
lines(struct span block)
{
	struct span value, again;
	const char *why, *why2;
	size_t used, at, at2;
	int r;

	while (block.n > 0) {
		r = json_check_line(block, &value, &used, &why, &at);
		if (used == 0 || used > block.n ||
		    (used < block.n && block.p[used - 1] != '\n') ||
		    memchr(block.p, '\n', used - 1) != NULL)
			abort();
		if (r == -1 && at >= used && at != block.n)
			abort();
		if (r == 0 && value.n == 0)
			r = -1;
		if (json_check((struct span){ block.p, used }, &again, &why2,
			&at2) != r)
			abort();
		if (r == 0 && (value.p != again.p || value.n != again.n))
			abort();
		block.p += used;
		block.n -= used;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);
	struct span text = { copy, size }, value;
	const char *why;
	json_error_t e;
	json_t *j;
	size_t at = 0;
	int r;

	if (size > 0)
		memcpy(copy, data, size);
	r = json_check(text, &value, &why, &at);
	if (r == -1 && at > size)
		abort();
	j = json_loadb(copy, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	/* A NUL is nowhere legal; jansson lets one pass after a number. */
	if (memchr(text.p, 0, size) != NULL) {
		if (r == 0)
			abort();
	} else if (r == 0 ? j == NULL && !apart(&e) : j != NULL)
		abort();
	if (r == 0) {
		walk(value, j);
		if (!json_alike(value, value))
			abort();
	}
	lines(text);
	json_decref(j);
	free(copy);
	return 0;
}
