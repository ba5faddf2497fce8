#include "format/libsvm.h"

#include "format/codec.h"
#include "format/number.h"

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
	buf_addc(why, '"');
	codec_quote(why, word);
	buf_addf(why, "\" %s", what);
	return -1;
}

int
libsvm_begin(struct span *rest, struct buf *why)
{
	struct span after = *rest, word = word_next(&after);
	float label;

	if (word.n > 0 && memchr(word.p, ':', word.n) == NULL) {
		if (number_read(word.p, word.p + word.n, &label) !=
		    word.p + word.n)
			return refuse(
			    why, word, "is neither a label nor INDEX:VALUE");
		*rest = after;
		word = word_next(&after);
	}
	if (word.n > 4 && memcmp(word.p, "qid:", 4) == 0)
		*rest = after;
	return 0;
}

int
libsvm_next(struct span *rest, uint64_t max, uint64_t *index, float *value,
    struct buf *why)
{
	struct span word = word_next(rest);
	const char *p = word.p, *end = p + word.n;

	if (word.n == 0)
		return 0;
	*index = 0;
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (*index <= max)
			*index = *index * 10 + (uint64_t)(*p - '0');
	if (p == word.p || p == end || *p != ':')
		return refuse(why, word, "is not INDEX:VALUE");
	if (*index > max)
		return refuse(why, word, "has too large an index");
	p++;
	if (p == end || number_read(p, end, value) != end)
		return refuse(why, word, "has no number after its colon");
	return 1;
}
