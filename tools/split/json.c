#include "split/json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/json.h"

struct json_lines {
	struct object *o;
	struct place next; /* the line at hand */
	struct buf part;   /* of it, if its end is still to come */
};

struct json_lines *
json_lines_new(struct object *o, uint64_t line)
{
	struct json_lines *j = mem_alloc(sizeof *j);

	*j = (struct json_lines){ .o = o };
	j->next.record = o->batch.first;
	j->next.byte = o->begin;
	j->next.line = line;
	return j;
}

void
json_lines_free(struct json_lines *j)
{
	buf_free(&j->part);
	free(j);
}

void
json_lines_skip(struct json_lines *j, size_t n)
{
	j->next.byte += n;
}

/* Whether a line of white space alone is no record. */
static bool
is_skipped(const struct json_lines *j, const char *p, size_t n)
{
	n -= n > 0 && p[n - 1] == '\n';
	n -= n > 0 && p[n - 1] == '\r';
	return n == 0 && type_skips_blank(j->o->kind);
}

/* Checks whole lines. */
static int
check_lines(struct json_lines *j, struct span left)
{
	struct span value;
	const char *why;
	size_t used, at;

	for (; left.n > 0; left.p += used, left.n -= used) {
		at = 0;
		why = NULL;
		if (json_check_line(left, &value, &used, &why, &at) == 0 &&
		    value.n == 0 && !is_skipped(j, left.p, used))
			why = "no value, where one should be";
		if (why != NULL)
			return object_bad(j->o, &j->next,
			    "not JSON at byte %" PRIu64 ": %s",
			    j->next.byte + at, why);
		j->next.record += value.n > 0;
		j->next.line++;
		j->next.byte += used;
	}
	return 0;
}

int
json_lines_feed(struct json_lines *j, const char *p, size_t n)
{
	const char *lf;
	size_t whole = 0;

	/* A record that is too large is refused for that. */
	if (object_exceeds(j->o, j->part.n))
		return 0;
	if (j->part.n > 0) {
		lf = memchr(p, '\n', n);
		whole = lf != NULL ? (size_t)(lf - p) + 1 : n;
		buf_add(&j->part, p, whole);
		p += whole;
		n -= whole;
		if (lf == NULL)
			return 0;
		if (json_lines_finish(j) == -1)
			return -1;
	}
	for (whole = n; whole > 0 && p[whole - 1] != '\n'; whole--)
		continue;
	buf_add(&j->part, p + whole, n - whole);
	return check_lines(j, (struct span){ p, whole });
}

int
json_lines_finish(struct json_lines *j)
{
	int status = check_lines(j, buf_span(&j->part));

	j->part.n = 0;
	return status;
}
