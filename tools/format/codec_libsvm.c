#include <math.h>

#include "format/codec_kind.h"
#include "format/number.h"

/* The largest index that may be: one row of it is as much as a matrix holds. */
#define INDEX_MAX (CODEC_NUMBERS - 1)

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next word off *rest; one without bytes at the end or a comment. */
static struct span
word_next(struct span *rest)
{
	struct span word;
	const char *end = rest->p + rest->n, *p = rest->p;

	while (p < end && is_blank(*p))
		p++;
	word.p = p;
	if (p < end && *p == '#')
		end = p;
	while (p < end && !is_blank(*p))
		p++;
	word.n = (size_t)(p - word.p);
	rest->p = p;
	rest->n = (size_t)(end - p);
	return word;
}

static bool
is_number(const char *p, const char *end, float *v)
{
	return p < end && number_read(p, end, v) == end;
}

static bool
is_query(struct span word)
{
	return word.n > 4 && memcmp(word.p, "qid:", 4) == 0;
}

static int
refuse(struct buf *why, struct span word, const char *what)
{
	buf_adds(why, "\"");
	codec_quote(why, word);
	buf_addf(why, "\" %s", what);
	return -1;
}

/* INDEX:VALUE */
static int
pair_read(struct span word, size_t *index, float *v, struct buf *why)
{
	const char *p = word.p, *end = p + word.n;

	*index = 0;
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (*index <= INDEX_MAX)
			*index = *index * 10 + (size_t)(*p - '0');
	if (p == word.p || p == end || *p != ':')
		return refuse(why, word, "is not INDEX:VALUE");
	if (*index > INDEX_MAX)
		return refuse(why, word, "has too large an index");
	if (!is_number(p + 1, end, v))
		return refuse(why, word, "has no number after its colon");
	return 0;
}

/*
 * Raises *width to what the record wants and sets the row's numbers; row is
 * NULL where only the width is wanted.
 */
static int
row_read(struct span record, float *row, size_t *width, struct buf *why)
{
	struct span rest = record, word = word_next(&rest);
	size_t index;
	float v;

	if (word.n > 0 && memchr(word.p, ':', word.n) == NULL) {
		if (!is_number(word.p, word.p + word.n, &v))
			return refuse(
			    why, word, "is neither a label nor INDEX:VALUE");
		word = word_next(&rest);
	}
	if (is_query(word))
		word = word_next(&rest);
	for (; word.n > 0; word = word_next(&rest)) {
		if (pair_read(word, &index, &v, why) == -1)
			return -1;
		if (index >= *width)
			*width = index + 1;
		if (row != NULL)
			row[index] = v;
	}
	return 0;
}

int
codec_libsvm(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad)
{
	size_t i, width = 0;

	for (i = 0; i < n; i++)
		if (row_read(codec_record(&records[i]), NULL, &width, why) ==
		    -1) {
			*bad = (int64_t)i;
			return -1;
		}
	if (codec_matrix(m, n, width, why) == -1)
		return -1;
	for (i = 0; i < n * width; i++)
		m->values[i] = NAN;
	for (i = 0; i < n; i++)
		row_read(codec_record(&records[i]), m->values + i * width,
		    &width, why);
	return 0;
}
