/*
 * Reading a JSONPath: what its parsers share.  Each returns false, or NULL,
 * once something is wrong, which has then been said.
 */
#ifndef FORMAT_JSONPATH_PARSE_H
#define FORMAT_JSONPATH_PARSE_H

#include "format/jsonpath/parts.h"

struct parser {
	struct jsonpath *path;
	const char *from, *p, *end;
	struct buf *why;
	size_t *at;
	unsigned depth; /* of filters and parentheses */
};

/* Says what is wrong at p. */
bool parse_fails(struct parser *ps, const char *p, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* At most this deep: the parser and the filters call themselves. */
bool parse_deeper(struct parser *ps);

void parse_blanks(struct parser *ps);
bool parse_is(struct parser *ps, char c); /* and goes past it */

/* An integer of I-JSON, from -(2^53 - 1). */
bool parse_int(struct parser *ps, int64_t *v);

/* A string in either quotes: what it stands for. */
bool parse_string(struct parser *ps, struct span *text);

/* A literal: its JSON text. */
bool parse_literal(struct parser *ps, struct span *json);

/* A query's segments, p just past $ or @. */
bool parse_segments(struct parser *ps, struct query *q);

/* The expression of a filter. */
struct expr *parse_expr(struct parser *ps);

#endif
