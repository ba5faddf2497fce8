#include "base/utf8.h"

/* A byte after a character's first. */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
utf8_length(struct span text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t i, n;

	if (text.n == 0)
		return 0;
	n = p[0] < 0x80	  ? 1
	    : p[0] < 0xc2 ? 0
	    : p[0] < 0xe0 ? 2
	    : p[0] < 0xf0 ? 3
	    : p[0] < 0xf5 ? 4
			  : 0;
	if (n > text.n)
		return 0;
	for (i = 1; i < n; i++)
		if (!continues(text.p[i]))
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

bool
utf8_valid(struct span text)
{
	size_t n;

	for (; text.n > 0; text.p += n, text.n -= n)
		if ((n = utf8_length(text)) == 0)
			return false;
	return true;
}

size_t
utf8_count(struct span text)
{
	size_t i, n = 0;

	for (i = 0; i < text.n; i++)
		n += !continues(text.p[i]);
	return n;
}

size_t
utf8_head(struct span text, size_t n)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (!continues(text.p[i]) && n-- == 0)
			break;
	return i;
}

size_t
utf8_cut(struct span text, size_t n)
{
	size_t at = n;

	if (text.n <= n)
		return text.n;
	while (at > 0 && n - at < 3 && continues(text.p[at]))
		at--;
	return continues(text.p[at]) ? n : at;
}
