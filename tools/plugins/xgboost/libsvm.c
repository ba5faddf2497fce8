#include "plugins/xgboost/libsvm.h"

#include "format/number.h"

enum { QUOTE_MAX = 40 }; /* bytes of a word in a message */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next word off *rest; one without bytes at the end or a comment. */
static struct span
word_next(struct span *rest)
{
	const char *p = rest->p, *end = p + rest->n;
	struct span word;

	while (p < end && is_blank(*p))
		p++;
	word.p = p;
	if (p < end && *p == '#')
		end = p;
	while (p < end && !is_blank(*p))
		p++;
	word.n = (size_t)(p - word.p);
	*rest = (struct span){ p, (size_t)(end - p) };
	return word;
}

static int
refuse(struct buf *why, struct span word, const char *what)
{
	size_t i, n = word.n < QUOTE_MAX ? word.n : QUOTE_MAX;

	buf_addc(why, '"');
	for (i = 0; i < n; i++)
		if ((unsigned char)word.p[i] < ' ' || word.p[i] == 0x7f)
			buf_addf(why, "\\x%02x", (unsigned)word.p[i]);
		else
			buf_addc(why, word.p[i]);
	buf_addf(why, "%s\" %s", n < word.n ? "..." : "", what);
	return -1;
}

static int
pair_read(struct span word, struct sparse *s, uint32_t *least, struct buf *why)
{
	const char *p = word.p, *end = p + word.n;
	uint64_t index = 0;
	float v;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (index < UINT32_MAX)
			index = index * 10 + (uint64_t)(*p - '0');
	if (p == word.p || p == end || *p != ':')
		return refuse(why, word, "is not INDEX:VALUE");
	if (index >= UINT32_MAX)
		return refuse(why, word, "has too large an index");
	p++;
	if (p == end || number_read(p, end, &v) != end)
		return refuse(why, word, "has no number after its colon");
	if (index < *least)
		*least = (uint32_t)index;
	sparse_add(s, (uint32_t)index, v);
	return 0;
}

static bool
is_query(struct span word)
{
	return word.n > 4 && memcmp(word.p, "qid:", 4) == 0;
}

int
libsvm_read(
    struct span line, struct sparse *s, uint32_t *least, struct buf *why)
{
	struct span word = word_next(&line);
	float label;

	if (word.n > 0 && memchr(word.p, ':', word.n) == NULL) {
		if (number_read(word.p, word.p + word.n, &label) !=
		    word.p + word.n)
			return refuse(
			    why, word, "is neither a label nor INDEX:VALUE");
		word = word_next(&line);
	}
	if (is_query(word))
		word = word_next(&line);
	for (; word.n > 0; word = word_next(&line))
		if (pair_read(word, s, least, why) == -1)
			return -1;
	sparse_end_row(s);
	return 0;
}
