/*
 * The types that tensors are made of: text to values.
 */
#ifndef PLUGINS_ONNX_ELEMENT_H
#define PLUGINS_ONNX_ELEMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "plugins/onnx/ort.h"

/* "int64"; NULL for a type that is not dealt with. */
const char *element_name(enum ort_element type);
size_t element_size(enum ort_element type); /* bytes; not of strings */

/*
 * Sets *value, of a type that is not string, to what text stands for: a
 * decimal number, for an integer without a fraction other than zero and in its
 * range; true, false, 1, 0 for bool.  No text is NaN, where the type has one.
 * False where text is none of that.
 */
bool element_read(enum ort_element type, struct span text, void *value);

/*
 * Adds the value as text; for JSON what is not finite is null.  A float,
 * double or float16 is the shortest text that reads back to it.
 */
void element_write(
    enum ort_element type, const void *value, bool json, struct buf *out);

#endif
