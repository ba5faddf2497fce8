/*
 * Regular expressions, of JSONPath's match and search and of the API's
 * patterns: I-Regexp (RFC 9485), on Unicode code points, in time proportional
 * to the text times the expression. ^ and $ outside brackets stand for the
 * text's start and end, as in the dialects that RFC 9485 maps to; \$ is a
 * dollar sign.  Categories (\p{Lu}) are those of Unicode 14.
 */
#ifndef FORMAT_REGEX_H
#define FORMAT_REGEX_H

#include <stdint.h>

#include "base/span.h"

struct regex;

/* NULL, and a constant reason in *why, if pattern is not an I-Regexp, or takes
 * more than 65536 steps when its counts are written out. */
struct regex *regex_new(struct span pattern, const char **why);
void regex_free(struct regex *re);

/* Whether it matches all of text, or if not whole any part of it.  A byte that
 * is not UTF-8 counts as U+FFFD. */
bool regex_match(struct regex *re, struct span text, bool whole);

/* The general category of a code point: 1 << its place among these. */
#define UNICODE_CATEGORIES                                                     \
	"LuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCoCn"
uint32_t unicode_category(uint32_t c);

#endif
