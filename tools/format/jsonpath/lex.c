/*
 * The words of a path: blanks, integers, strings, literals (RFC 9535, 2.1.1,
 * 2.3.1, 2.3.3, 2.3.5).
 */
#include <stdarg.h>
#include <stdio.h>

#include "format/jsonpath/parse.h"

enum { DEPTH = 256 };

bool
parse_fails(struct parser *ps, const char *p, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_adds(ps->why, text);
	*ps->at = (size_t)(p - ps->from);
	return false;
}

bool
parse_deeper(struct parser *ps)
{
	return ++ps->depth <= DEPTH ||
	       parse_fails(ps, ps->p, "more than %d deep", DEPTH);
}

void
parse_blanks(struct parser *ps)
{
	while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\t' ||
				      *ps->p == '\n' || *ps->p == '\r'))
		ps->p++;
}

bool
parse_is(struct parser *ps, char c)
{
	if (ps->p == ps->end || *ps->p != c)
		return false;
	ps->p++;
	return true;
}

static bool
at_digit(const struct parser *ps)
{
	return ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9';
}

bool
parse_int(struct parser *ps, int64_t *v)
{
	const char *from = ps->p;
	bool minus = parse_is(ps, '-');
	int64_t n = 0;

	if (!at_digit(ps))
		return parse_fails(
		    ps, ps->p, "no digit, where a number needs one");
	if (*ps->p == '0' && minus)
		return parse_fails(ps, from, "-0 is not an index");
	if (*ps->p == '0' && ps->end - ps->p > 1 && ps->p[1] >= '0' &&
	    ps->p[1] <= '9')
		return parse_fails(ps, from, "a number with a leading zero");
	for (; at_digit(ps); ps->p++) {
		n = n * 10 + (*ps->p - '0');
		if (n > ((int64_t)1 << 53) - 1)
			return parse_fails(
			    ps, from, "an integer beyond 2^53 - 1");
	}
	*v = minus ? -n : n;
	return true;
}

static bool
hex4(struct parser *ps, uint32_t *v)
{
	int i;
	char c;

	for (*v = 0, i = 0; i < 4; i++, ps->p++) {
		c = ps->p < ps->end ? *ps->p : '\0';
		if (c >= '0' && c <= '9')
			*v = *v << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			*v = *v << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return parse_fails(ps, ps->p,
			    "no hexadecimal digit, where \\u needs four");
	}
	return true;
}

/* p is past \u.  A surrogate stands in a pair or is refused. */
static bool
unicode(struct parser *ps, struct buf *out)
{
	const char *from = ps->p - 2;
	uint32_t c, low = 0;
	char s[16];

	if (!hex4(ps, &c))
		return false;
	if (c < 0xd800 || c > 0xdfff)
		snprintf(s, sizeof s, "\"\\u%04x\"", (unsigned)c);
	else {
		if (c > 0xdbff || !parse_is(ps, '\\') || !parse_is(ps, 'u'))
			return parse_fails(ps, from, "half a surrogate pair");
		if (!hex4(ps, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return parse_fails(ps, from, "half a surrogate pair");
		snprintf(s, sizeof s, "\"\\u%04x\\u%04x\"", (unsigned)c,
		    (unsigned)low);
	}
	json_unquote(out, (struct span){ s, strlen(s) });
	return true;
}

static bool
escape(struct parser *ps, char quote, struct buf *out)
{
	static const char from[] = "btnfr/\\", to[] = "\b\t\n\f\r/\\";
	const char *at;
	char c = ps->p < ps->end ? *ps->p : '\0';

	if (c == quote)
		buf_addc(out, c);
	else if (c == 'u') {
		ps->p++;
		return unicode(ps, out);
	} else if (c != '\0' && (at = strchr(from, c)) != NULL)
		buf_addc(out, to[at - from]);
	else
		return parse_fails(ps, ps->p - 1, "no such escape");
	ps->p++;
	return true;
}

static bool
string(struct parser *ps, struct buf *out)
{
	const char *from = ps->p;
	char quote = *ps->p++;

	while (ps->p < ps->end && *ps->p != quote) {
		if ((unsigned char)*ps->p < 0x20)
			return parse_fails(
			    ps, ps->p, "a control byte in a string");
		if (*ps->p != '\\')
			buf_addc(out, *ps->p++);
		else {
			ps->p++;
			if (!escape(ps, quote, out))
				return false;
		}
	}
	return parse_is(ps, quote) ||
	       parse_fails(ps, from, "a string that is not closed");
}

/* The buffer's bytes for as long as the path lives; the buffer is freed. */
static struct span
keep(struct parser *ps, struct buf *b)
{
	struct span s = { jsonpath_alloc(ps->path, b->n), b->n };

	if (b->n > 0)
		memcpy((char *)(uintptr_t)s.p, b->p, b->n);
	buf_free(b);
	return s;
}

bool
parse_string(struct parser *ps, struct span *text)
{
	struct buf b = { 0 };
	bool fine = string(ps, &b);

	*text = keep(ps, &b);
	return fine;
}

static bool
digits(struct parser *ps)
{
	if (!at_digit(ps))
		return parse_fails(
		    ps, ps->p, "no digit, where a number needs one");
	while (at_digit(ps))
		ps->p++;
	return true;
}

static bool
number(struct parser *ps)
{
	parse_is(ps, '-');
	if (parse_is(ps, '0')) {
		if (at_digit(ps))
			return parse_fails(
			    ps, ps->p - 1, "a number with a leading zero");
	} else if (!digits(ps))
		return false;
	if (parse_is(ps, '.') && !digits(ps))
		return false;
	if (parse_is(ps, 'e') || parse_is(ps, 'E')) {
		if (!parse_is(ps, '-'))
			parse_is(ps, '+');
		return digits(ps);
	}
	return true;
}

bool
parse_literal(struct parser *ps, struct span *json)
{
	const char *from = ps->p;
	struct buf b = { 0 }, text = { 0 };
	bool fine = true;

	if (*ps->p == '"' || *ps->p == '\'') {
		fine = string(ps, &text);
		json_quote(&b, buf_span(&text));
		buf_free(&text);
	} else {
		if (*ps->p == '-' || at_digit(ps))
			fine = number(ps);
		else
			while (
			    ps->p < ps->end && *ps->p >= 'a' && *ps->p <= 'z')
				ps->p++;
		buf_add(&b, from, (size_t)(ps->p - from));
	}
	*json = keep(ps, &b);
	return fine;
}
