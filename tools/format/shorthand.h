/*
 * The AWS CLI's shorthand syntax for structures, as its options take them:
 *
 *	A=b  A=b,c (a list)  A=[b,c]  A={B=c,D=e}  A="b, c"  A='b'  A@=file://b
 *
 * Values are strings, lists and objects; what they should be is not known
 * here.
 */
#ifndef FORMAT_SHORTHAND_H
#define FORMAT_SHORTHAND_H

#include <jansson.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * Adds to text what a value after @= stands for: the bytes of a file where it
 * is a file:// URI.  Returns 0, or -1 with a line added to why.
 */
typedef int shorthand_load(
    const char *value, struct buf *text, struct buf *why);

/*
 * Reads text.  The caller's reference; NULL if it is not in the syntax, with
 * a line added to why, and its place (in bytes from 0) in *at.
 */
json_t *shorthand_read(
    struct span text, shorthand_load *load, struct buf *why, size_t *at);

#endif
