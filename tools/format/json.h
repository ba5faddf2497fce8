/*
 * JSON (RFC 8259) as spans of its own text: checked, cut and put together
 * without respelling a number, a string or the order of keys.  Depth is
 * bounded by JSON_DEPTH; a repeated key is not refused; bytes that are not
 * UTF-8 pass.
 *
 * The check is done by one of several bodies with equal results, the fastest
 * that the machine has; BT_CPU=avx2|sse2|neon|plain in the
 * environment forces one that it has.
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
int json_check(
    struct span text, struct span *value, const char **why, size_t *at);

/*
 * The same for the first line of block, which ends after LF or with the block
 * (JSON Lines): finds the LF and checks in one pass, faster than memchr(3) and
 * json_check.  A line of white space alone has a value of no bytes.  Sets
 * *used to the line's bytes, LF included, whether it is right or wrong; *at
 * counts from the block's first byte.
 */
int json_check_line(struct span block, struct span *value, size_t *used,
    const char **why, size_t *at);

/*
 * Adds text, which need not be JSON, with null for each NaN, Infinity and
 * -Infinity outside its strings: numbers that some programs write although JSON
 * has none of them.  Returns whether there was one.
 */
bool json_nulls(struct buf *out, struct span text);

/* Text without the white space around it. */
struct span json_trim(struct span text);

/* The name of the body in use: "avx2". */
const char *json_kernel_name(void);

/* jansson has JSON_OBJECT and so on. */
enum json_kind {
	JSON_IS_OBJECT,
	JSON_IS_ARRAY,
	JSON_IS_STRING,
	JSON_IS_NUMBER,
	JSON_IS_TRUE,
	JSON_IS_FALSE,
	JSON_IS_NULL
};

/* Of a value that was checked.  An object's last byte is its closing brace. */
enum json_kind json_kind(struct span value);

/* Whether a checked object or array has nothing in it. */
bool json_empty(struct span value);

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

/* json_next in two steps, for who knows a quicker way past an item: where the
 * next one begins, or NULL (the key is set), and that it ends at past. */
const char *json_item(struct json_walk *w);
void json_past(struct json_walk *w, const char *past);

/* In checked text: the place past the value at p; and the first bracket from p
 * on that is not in a string, or end. */
const char *json_skip_value(const char *p, const char *end);
const char *json_next_bracket(const char *p, const char *end);

/* The number of elements of a checked array, or members of an object. */
size_t json_count(struct span value);

/*
 * Sets *item to the member of a checked object with this name (in UTF-8), the
 * last if it is repeated; false if there is none.
 */
bool json_member(struct span object, struct span name, struct span *item);

/* Whether a checked value is an array of predictions, or {"predictions":
 * [...]}, as a model's reply; then *array is that. */
bool json_predictions(struct span value, struct span *array);

/* Whether a checked string (with its quotes) stands for this text, in UTF-8. */
bool json_string_is(struct span string, struct span text);

/* Adds what a checked string stands for, in UTF-8 (a lone surrogate as
 * U+FFFD), or text as a JSON string with its quotes. */
void json_unquote(struct buf *out, struct span string);
void json_quote(struct buf *out, struct span text);

#endif
