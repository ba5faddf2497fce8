/*
 * JSON (RFC 8259) as spans of its own text: checked, cut and put together
 * without respelling a number, a string or the order of keys.  Depth is
 * bounded by JSON_DEPTH; a repeated key is not refused.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include "base/buf.h"
#include "base/span.h"

enum { JSON_DEPTH = 1024 };

/*
 * Whether text is one JSON value with nothing but white space around it:
 * strings closed, escapes legal, no control byte in a string, brackets
 * balanced, numbers well formed.  Sets *value to it without the white space.
 * Returns 0, or -1 with a constant reason in *why and its place in *at.
 */
int json_check(struct span text, struct span *value, const char **why,
    size_t *at);

enum json_kind { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE,
	JSON_FALSE, JSON_NULL };

/* Of a value that was checked. */
enum json_kind json_kind(struct span value);

/*
 * Walks the members of a checked object or the elements of a checked array.
 * Zero a struct json_walk, then set value.  json_next returns true while there
 * is one: item, and for an object the key with its quotes.
 */
struct json_walk {
	struct span value;
	struct span key, item;
	size_t at;
};
bool json_next(struct json_walk *w);

/* The number of elements of a checked array, or members of an object. */
size_t json_count(struct span value);

/* Whether a checked string (with its quotes) stands for this text, in UTF-8. */
bool json_string_is(struct span string, struct span text);

/* Adds what a checked string stands for, in UTF-8 (a lone surrogate as
 * U+FFFD), or text as a JSON string with its quotes. */
void json_unquote(struct buf *out, struct span string);
void json_quote(struct buf *out, struct span text);

#endif
