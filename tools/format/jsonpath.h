/*
 * JSONPath: RFC 9535 whole, and Batch Transform's reading of it (InputFilter
 * and OutputFilter of DataProcessing).
 */
#ifndef FORMAT_JSONPATH_H
#define FORMAT_JSONPATH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct jsonpath;

enum jsonpath_dialect {
	/* A slice's end is inclusive ($[1:4] is columns 2 to 5), indexes and
	 * slices mix, ['a','b'] on an object gives an object, a dot may stand
	 * before a bracket; all else as RFC 9535. */
	JSONPATH_SAGEMAKER,
	/* The same, and what the service refuses is refused: names with other
	 * characters than letters and digits, over 63 characters, an index
	 * beside a slice, steps, .., @, filters, functions. */
	JSONPATH_SAGEMAKER_STRICT,
	JSONPATH_RFC9535
};

/*
 * Reads a path.  NULL if it is not one: a line that says what is wrong is
 * added to why, its place (in bytes from 0) set in *at.  Yours until
 * jsonpath_free.
 */
struct jsonpath *jsonpath_new(struct span text, enum jsonpath_dialect dialect,
    struct buf *why, size_t *at);
void jsonpath_free(struct jsonpath *path);

/* Memory of the path's for *n spans or more, *n set to how many; it may move
 * when more are asked for, and what was in it stays. */
struct span *jsonpath_room(struct jsonpath *path, size_t *n);

/* Whether the path is `$` alone: everything. */
bool jsonpath_is_all(const struct jsonpath *path);

/*
 * The nodes the path selects in a checked JSON value, in order: each is a span
 * of the value's text.  Borrowed until the next call with this path.  NULL
 * if they are more than 2^24, counted with those on the way there.
 */
const struct span *jsonpath_nodes(
    struct jsonpath *path, struct span value, size_t *count);

/*
 * Adds what a filter makes of a checked JSON value: a path that can select
 * at most one node gives that node; ['a','b'] gives an object of those
 * members, in the path's order; every other path an array of its nodes.
 * Returns 0, or -1 with what is wrong added to why (a name or an index that
 * is not there); out may then hold a part.
 */
int jsonpath_filter(
    struct jsonpath *path, struct span value, struct buf *out, struct buf *why);

/*
 * For CSV, whose rows are arrays: what the path selects in a row of width
 * columns, as indexes from 0 in the path's order; borrowed until the next
 * call with this path.  NULL, with what is wrong added to why, if the path
 * has names or selects outside the row ("no column 7 in a row of 5 columns").
 */
const size_t *jsonpath_columns(
    struct jsonpath *path, size_t width, size_t *count, struct buf *why);

/* Whether it could select any, of a row as wide as it likes: no names, no
 * conditions, nothing below a column. */
bool jsonpath_has_columns(const struct jsonpath *path);

#endif
