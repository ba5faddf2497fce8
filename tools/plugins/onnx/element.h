/*
 * The types of tensors' elements, and their values as text.
 */
#ifndef PLUGINS_ONNX_ELEMENT_H
#define PLUGINS_ONNX_ELEMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "plugins/onnx/ort.h"

/* "int64"; NULL for an unsupported type. */
const char *element_name(enum ort_element type);
size_t element_size(enum ort_element type); /* bytes; not of strings */

/*
 * Sets *value, of any type but string, to the value of text: a decimal number,
 * for an integer in its range and without a fraction other than zero; true,
 * false, 1, 0 for bool.  Empty text is NaN if the type has one.  False if text
 * is not a value of the type.
 */
bool element_read(enum ort_element type, struct span text, void *value);

/*
 * Adds the value as text; in JSON an infinite value or NaN is null.  A float,
 * double or float16 becomes the shortest text that reads back to it.
 */
void element_write(
    enum ort_element type, const void *value, bool json, struct buf *out);

#endif
