/*
 * UTF-8 (RFC 3629), and bytes that ought to be: nothing overlong, no
 * surrogates, at most U+10FFFF.  NUL is a character like any other.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

/* The bytes of the character that text begins with, 1 to 4; 0 if it begins with
 * none, or is empty. */
size_t utf8_length(struct span text);

/* Whether all of text is UTF-8. */
bool utf8_valid(struct span text);

/* Characters in text, which is UTF-8: in other bytes, those that do not look
 * like the rest of a character. */
size_t utf8_count(struct span text);

/* The bytes of the first n characters of text, counted like utf8_count; all
 * if it has no more. */
size_t utf8_head(struct span text, size_t n);

/* The bytes to keep of text for at most n bytes without half a character; bytes
 * that are not UTF-8 are cut at n. */
size_t utf8_cut(struct span text, size_t n);

#endif
