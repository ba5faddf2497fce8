#include "format/result.h"

#include <stdlib.h>

#include "base/crc32c.h"
#include "base/num.h"

/* Takes what is before the next tab off *line; -1 if there is no tab. */
static int
take_column(struct span *line, struct span *column)
{
	const char *tab = memchr(line->p, '\t', line->n);

	if (tab == NULL)
		return -1;
	column->p = line->p;
	column->n = (size_t)(tab - line->p);
	line->p += column->n + 1;
	line->n -= column->n + 1;
	return 0;
}

struct span
result_key(const struct result *res, const char *key)
{
	struct span word, rest = res->keys, none = { NULL, 0 };
	size_t n = strlen(key);
	const char *blank;

	while (rest.n > 0) {
		blank = memchr(rest.p, ' ', rest.n);
		word.p = rest.p;
		word.n = blank != NULL ? (size_t)(blank - rest.p) : rest.n;
		rest.p += word.n + (blank != NULL);
		rest.n -= word.n + (blank != NULL);
		if (word.n > n && word.p[n] == '=' &&
		    memcmp(word.p, key, n) == 0) {
			word.p += n + 1;
			word.n -= n + 1;
			return word;
		}
	}
	return none;
}

double
result_number(const struct result *res, const char *key)
{
	struct span s = result_key(res, key);
	char text[32];

	if (s.p == NULL || s.n >= sizeof text)
		return 0;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return strtod(text, NULL);
}

static const char sum_key[] = " sum=";

void
result_add_sum(struct buf *line)
{
	uint32_t sum = crc32c(0, line->p, line->n);

	buf_adds(line, sum_key);
	line->n = (size_t)(num_put_hex32(buf_room(line, 8), sum) - line->p);
}

int
result_parse(struct result *res, struct span line, const char **why)
{
	const char *first = line.p;
	struct span reply, digits;
	uint32_t sum;

	memset(res, 0, sizeof *res);
	if (take_column(&line, &res->text) == -1 ||
	    take_column(&line, &reply) == -1 ||
	    (line.n > 0 && memchr(line.p, '\t', line.n) != NULL)) {
		*why = "not REF, a tab, REPLY-REF or !, a tab, keys";
		return -1;
	}
	res->keys = line;
	/* The sum, if there is one, is that of all before its key. */
	digits = result_key(res, "sum");
	if (digits.p != NULL && (num_hex32(digits, &sum) == -1 ||
				    sum != crc32c(0, first,
					       (size_t)(digits.p - first) -
						   (sizeof sum_key - 1)))) {
		*why = "its sum= is not that of the line: cut off, or changed";
		return -1;
	}
	if (ref_parse(&res->ref, res->text, why) == -1)
		return -1;
	res->answered = !span_is(reply, "!");
	return res->answered ? ref_parse(&res->reply, reply, why) : 0;
}

static bool
is_word(struct span path)
{
	static struct buf text;

	text.n = 0;
	return memchr(path.p, '%', path.n) == NULL ||
	       ref_decode(&text, path) == 0;
}

int
result_read(struct result *res, struct span line, const char **why)
{
	if (line.n >= REF_MAX) {
		*why = "longer than a result line can be";
		return -1;
	}
	if (result_parse(res, line, why) == -1)
		return -1;
	if (is_word(res->ref.path) &&
	    (!res->answered || is_word(res->reply.path)))
		return 0;
	*why = "bad percent encoding in its path";
	return -1;
}
