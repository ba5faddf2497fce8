#include "format/json.h"

#include <stdint.h>

static uint32_t
hex4(const char *p)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < 4; i++)
		v = v << 4 | (uint32_t)(p[i] <= '9' ? p[i] - '0'
						    : (p[i] | 0x20) - 'a' + 10);
	return v;
}

static size_t
utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* p is past the u; sets *end past the escape, and past a low surrogate that
 * goes with it. */
static uint32_t
code_point(const char *p, const char **end)
{
	uint32_t c = hex4(p), low;

	*end = p + 4;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c < 0xdc00 && p[4] == '\\' && p[5] == 'u') {
		low = hex4(p + 6);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*end = p + 10;
			return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		}
	}
	return 0xfffd;
}

/* What the escape at p, a backslash, stands for: its bytes, at most 4, are
 * written to `to`, their number to *n.  Returns the place past it. */
static const char *
unescape(const char *p, char to[4], size_t *n)
{
	*n = 1;
	switch (p[1]) {
	case 'b':
		to[0] = '\b';
		break;
	case 'f':
		to[0] = '\f';
		break;
	case 'n':
		to[0] = '\n';
		break;
	case 'r':
		to[0] = '\r';
		break;
	case 't':
		to[0] = '\t';
		break;
	case 'u':
		*n = utf8(to, code_point(p + 2, &p));
		return p;
	default:
		to[0] = p[1];
	}
	return p + 2;
}

/* The text of s, which has escapes, is text. */
static bool
escaped_is(struct span s, struct span text)
{
	const char *p = s.p, *end = p + s.n;
	size_t n, at = 0;
	char to[4];

	while (p < end) {
		if (*p != '\\') {
			to[0] = *p++;
			n = 1;
		} else
			p = unescape(p, to, &n);
		if (text.n - at < n || memcmp(text.p + at, to, n) != 0)
			return false;
		at += n;
	}
	return at == text.n;
}

bool
json_string_is(struct span string, struct span text)
{
	struct span s = { string.p + 1, string.n - 2 };

	/* An escape is longer than what it stands for. */
	if (s.n < text.n)
		return false;
	if (s.n > text.n)
		return memchr(s.p, '\\', s.n) != NULL && escaped_is(s, text);
	return s.n == 0 || (memcmp(s.p, text.p, s.n) == 0 &&
			       memchr(s.p, '\\', s.n) == NULL);
}

void
json_unquote(struct buf *out, struct span string)
{
	const char *p = string.p + 1, *end = string.p + string.n - 1, *q;
	size_t n;
	char to[4];

	while (p < end) {
		q = memchr(p, '\\', (size_t)(end - p));
		if (q == NULL)
			q = end;
		buf_add(out, p, (size_t)(q - p));
		if (q == end)
			break;
		p = unescape(q, to, &n);
		buf_add(out, to, n);
	}
}

void
json_quote(struct buf *out, struct span text)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "btn?fr";
	const char *p = text.p, *from = p, *end = p + text.n;
	unsigned char c;

	buf_addc(out, '"');
	for (; p < end; p++) {
		c = (unsigned char)*p;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, from, (size_t)(p - from));
		from = p + 1;
		buf_addc(out, '\\');
		if (c >= 0x20)
			buf_addc(out, (char)c);
		else if (c >= '\b' && c <= '\r' && c != '\v')
			buf_addc(out, letters[c - '\b']);
		else {
			buf_adds(out, "u00");
			buf_addc(out, hex[c >> 4]);
			buf_addc(out, hex[c & 15]);
		}
	}
	buf_add(out, from, (size_t)(end - from));
	buf_addc(out, '"');
}
