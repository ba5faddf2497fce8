/*
 * Past the parts of checked text: nothing here looks for what the check has
 * refused.
 */
#ifndef FORMAT_JSON_SKIP_H
#define FORMAT_JSON_SKIP_H

#include "format/json.h"

/* The place past the string at p, its opening quote. */
const char *json_skip_string(const char *p, const char *end);

/* The first byte from p that is not white space, or end. */
static inline const char *
json_skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

#endif
