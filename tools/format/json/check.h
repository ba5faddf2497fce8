/*
 * What the bodies of the check share: json.h's own.
 */
#ifndef FORMAT_JSON_CHECK_H
#define FORMAT_JSON_CHECK_H

#include <stdint.h>

#include "base/cpu.h"
#include "format/json.h"

#define JSON_WHY_VALUE "no value, where one should be"
#define JSON_WHY_AFTER "something after the value"
#define JSON_WHY_MEMBER "no comma or } after a member"
#define JSON_WHY_ELEMENT "no comma or ] after an element"
#define JSON_WHY_NAME "no name in quotes, where a member should be"
#define JSON_WHY_COLON "no colon after a name"
#define JSON_WHY_OPEN_STRING "a string that is not closed"
#define JSON_WHY_CONTROL "a control byte in a string"
#define JSON_WHY_ESCAPE "an escape that JSON does not have"
#define JSON_WHY_NO_DIGIT "no digit, where a number needs one"
#define JSON_WHY_ZERO "a number with a leading zero"
#define JSON_WHY_DEEP "brackets more than 1024 deep"
#define JSON_WHY_ENDS "the text ends inside a value"

struct json_check {
	struct span text;
	bool line;		  /* LF ends it */
	const char *begin, *past; /* the value; both at a blank line's end */
	const char *stop;	  /* the LF, or the end */
	const char *why, *bad;	  /* if -1 is returned */
};

enum {
	JSON_KIND_WORD,
	JSON_KIND_STRING,
	JSON_KIND_NUMBER,
	JSON_KIND_OBJECT,
	JSON_KIND_ARRAY
};

/* By a byte: what value it begins; which it is after a backslash. */
extern const unsigned char json_kinds[256], json_escapes[256], json_hex[256];

/* Whether p, just past a backslash, is a legal escape; reads 5 bytes at most,
 * and none after one that is not legal. */
static inline bool
json_escape(const char *p)
{
	unsigned char c = (unsigned char)*p;

	if (c != 'u')
		return json_escapes[c] != 0;
	return json_hex[(unsigned char)p[1]] && json_hex[(unsigned char)p[2]] &&
	       json_hex[(unsigned char)p[3]] && json_hex[(unsigned char)p[4]];
}

struct json_kernel {
	struct cpu_body cpu;
	int (*check)(struct json_check *c);
};

extern const struct json_kernel json_plain, json_sse2, json_avx2, json_neon;

#endif
