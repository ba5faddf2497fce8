#include "format/result.h"

/* Takes up to the next tab off *line; a tab before the end is wanted. */
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

int
result_parse(struct result *res, struct span line, const char **why)
{
	struct span reply;

	memset(res, 0, sizeof *res);
	if (take_column(&line, &res->text) == -1 ||
	    take_column(&line, &reply) == -1) {
		*why = "not REF, a tab, REPLY-REF or !, a tab, keys";
		return -1;
	}
	res->keys = line;
	if (ref_parse(&res->ref, res->text, why) == -1)
		return -1;
	res->answered = !span_is(reply, "!");
	return res->answered ? ref_parse(&res->reply, reply, why) : 0;
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
