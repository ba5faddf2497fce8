#include "format/json.h"

#include "format/json/skip.h"

/* The bytes of the word at p that JSON does not have, or 0. */
static size_t
word_at(const char *p, const char *end)
{
	static const char *const words[] = { "NaN", "Infinity", "-Infinity" };
	size_t i, n;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		n = strlen(words[i]);
		if ((size_t)(end - p) >= n && memcmp(p, words[i], n) == 0)
			return n;
	}
	return 0;
}

bool
json_nulls(struct buf *out, struct span text)
{
	const char *p = text.p, *end = p + text.n, *from = p;
	bool found = false;
	size_t n;

	while (p < end) {
		if (*p == '"') {
			/* It may have no end. */
			p = json_skip_string(p, end);
			continue;
		}
		n = *p == 'N' || *p == 'I' || *p == '-' ? word_at(p, end) : 0;
		if (n > 0) {
			buf_add(out, from, (size_t)(p - from));
			buf_adds(out, "null");
			from = p + n;
			found = true;
		}
		p += n > 0 ? n : 1;
	}
	if (from < end)
		buf_add(out, from, (size_t)(end - from));
	return found;
}
