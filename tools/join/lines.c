#include "join/lines.h"

#include <errno.h>
#include <stddef.h>

#include "base/crc32c.h"
#include "format/json.h"

/* The most bytes for one call of scan_index: its offsets have 32 bits. */
enum { SCAN_MOST = 1 << 30 };

void
lines_open(struct lines *l, struct window *w, uint64_t at, uint64_t n,
    bool quotes, bool skip_blank)
{
	memset(l, 0, offsetof(struct lines, ends));
	l->window = w;
	l->at = at;
	l->end = at + n;
	l->skip_blank = skip_blank;
	l->scan.csv = l->scan.keep = quotes;
}

static bool
stop(struct lines *l, enum lines_trouble trouble)
{
	l->trouble = trouble;
	l->error = errno;
	l->end = l->at;
	l->tail = l->i = l->count = 0;
	return false;
}

static bool
bad_quotes(struct lines *l, enum scan_problem problem, size_t where)
{
	l->problem = problem;
	l->at += where;
	scan_free(&l->scan);
	return stop(l, LINES_QUOTES);
}

/* The bytes after the last LF are a line too. */
static bool
last_line(struct lines *l)
{
	enum scan_problem problem;

	if (l->tail == 0)
		return false;
	problem = scan_finish(&l->scan);
	if (problem != SCAN_FINE)
		return bad_quotes(l, problem, 0);
	l->base = l->scanned;
	l->ends[0] = 0;
	l->i = 0;
	l->count = 1;
	l->tail = 0;
	return true;
}

bool
lines_more(struct lines *l)
{
	enum scan_problem problem;
	struct span s;
	uint64_t left;
	size_t used;

	do {
		left = l->end - l->at;
		if (left == 0)
			return last_line(l);
		s = window_fill(l->window, l->at - l->tail, l->tail + 1, left);
		if (s.p == NULL)
			return stop(l, LINES_UNREADABLE);
		if (s.n <= l->tail)
			return stop(l, LINES_SHORT);
		s.p += l->tail;
		s.n -= l->tail;
		if (s.n > left)
			s.n = (size_t)left;
		if (s.n > SCAN_MOST)
			s.n = SCAN_MOST;
		problem = scan_index(
		    &l->scan, s.p, s.n, l->ends, LINES, &l->count, &used);
		if (problem != SCAN_FINE)
			return bad_quotes(l, problem, l->scan.bad);
		l->crc = crc32c(l->crc, s.p, used);
		l->at += used;
		l->i = 0;
		l->from = s.p - l->tail;
		l->base = s.p;
		l->scanned = s.p + used;
		l->tail = l->count > 0 ? used - l->ends[l->count - 1]
				       : l->tail + used;
	} while (l->count == 0);
	return true;
}

uint64_t
lines_offset(const struct lines *l, struct span line)
{
	return l->at - (uint64_t)(l->scanned - line.p);
}

/* Moves l->scanned on; for a long line, by at least as many bytes as it has. */
static bool
more_json(struct lines *l)
{
	size_t tail = (size_t)(l->scanned - l->from), n;
	uint64_t left = l->end - l->at;
	struct span s;

	if (left == 0)
		return false;
	s = window_fill(
	    l->window, l->at - tail, tail + (tail > 0 ? tail : 1), left);
	if (s.p == NULL)
		return stop(l, LINES_UNREADABLE);
	if (s.n <= tail)
		return stop(l, LINES_SHORT);
	n = s.n - tail < left ? s.n - tail : (size_t)left;
	l->crc = crc32c(l->crc, s.p + tail, n);
	l->at += n;
	l->from = s.p;
	l->scanned = s.p + tail + n;
	return true;
}

int
lines_next_json(struct lines *l, struct span *line, struct span *value,
    const char **why, uint64_t *at)
{
	struct span block;
	size_t where;
	int r;

	l->json = true;
	for (;;) {
		block.p = l->from;
		block.n = (size_t)(l->scanned - l->from);
		if (block.n > 0) {
			line->p = block.p;
			r = json_check_line(
			    block, value, &line->n, why, &where);
			if (line->n < block.n || block.p[block.n - 1] == '\n' ||
			    l->at == l->end) {
				l->from += line->n;
				if (r == 0 && value->n == 0)
					continue;
				break;
			}
		}
		if (!more_json(l))
			return 0;
	}
	l->taken++;
	if (r == 0)
		return 1;
	*at = lines_offset(l, *line) + where;
	return -1;
}

void
lines_finish(struct lines *l)
{
	struct span line, value;
	const char *why;
	uint64_t at;

	if (l->json)
		while (lines_next_json(l, &line, &value, &why, &at) != 0)
			continue;
	else
		while (lines_next(l, &line))
			continue;
	scan_free(&l->scan);
}
