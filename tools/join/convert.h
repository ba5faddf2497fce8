/*
 * Predictions of one type for records of the other.
 */
#ifndef JOIN_CONVERT_H
#define JOIN_CONVERT_H

#include "base/buf.h"

/*
 * Adds a checked JSON value as columns of CSV: a scalar is one, an array of
 * scalars as many, and with members so is an object; any other value is one,
 * its text.  A number has the text it has, a string is what it stands for, null
 * is empty.
 */
void convert_to_row(struct buf *out, struct span value, bool members);

/*
 * Adds a row of CSV, without its line end, as JSON: one column is a scalar,
 * several an array.  A column is a number if it is spelled like one of JSON's,
 * otherwise a string.
 */
void convert_to_json(struct buf *out, struct span row);

#endif
