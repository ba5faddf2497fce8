/*
 * Past the parts of text that was checked: json.h's own, and jsonpath's.
 * Nothing here looks for what the check has refused.
 */
#ifndef FORMAT_JSON_SKIP_H
#define FORMAT_JSON_SKIP_H

#include "format/json.h"

/* p is at a string's opening quote, an opening bracket, or any value's first
 * byte; each returns the place past it. */
const char *json_skip_string(const char *p, const char *end);
const char *json_skip_brackets(const char *p, const char *end);
const char *json_skip_value(const char *p, const char *end);

/* The first bracket from p on, which is in no string; or end. */
const char *json_next_bracket(const char *p, const char *end);

/* json_next in two steps: where the next item begins, or NULL (the key is
 * set), and that it ends at past. */
const char *json_item(struct json_walk *w);
void json_past(struct json_walk *w, const char *past);

/* The first byte from p that is not white space, or end. */
static inline const char *
json_skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

#endif
