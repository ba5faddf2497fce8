/*
 * Checked JSON values compared as what they stand for (RFC 9535, 2.3.5.2.2).
 */
#ifndef FORMAT_JSONPATH_COMPARE_H
#define FORMAT_JSONPATH_COMPARE_H

#include "base/span.h"

/*
 * Whether two values are equal: numbers as integers of any size if both are
 * written as such, else as doubles; objects whatever the order of their names
 * (the last of a repeated one counts).
 */
bool json_alike(struct span a, struct span b);

/* Whether a is less than b: two numbers, or two strings by code point; no
 * other values are. */
bool json_before(struct span a, struct span b);

#endif
