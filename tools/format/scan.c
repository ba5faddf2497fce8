#include "format/scan.h"

#include "base/crc32c.h"
#include "format/scan/kernel.h"
#include "format/scan/odd.h"

/*
 * Whole steps of 64 bytes are a body's.  What is left over at a call's end,
 * and the steps where a body stopped, go byte by byte; from a quote in an
 * unusual place on, the field is libcsv's.  All three leave the same state.
 */

enum line { EMPTY, CR_ONLY, NOT_BLANK };

enum { STEP = 64 };

/* One call of the scan. */
struct call {
	struct scan *s;
	const char *from, *p, *end;
	uint32_t *ends, *limit;	    /* NULL: they are not listed */
	struct crc32c_lanes *lanes; /* NULL: no walk sums */
};

static bool
has_room(const struct call *c)
{
	return c->ends == NULL || c->ends < c->limit;
}

/* c->p is just past the LF that ends a line. */
static void
end_line(struct call *c)
{
	struct scan *s = c->s;

	s->lines++;
	s->ends++;
	s->blank += s->line != NOT_BLANK;
	s->line = EMPTY;
	s->state = AT_FIELD;
	s->end = (size_t)(c->p - c->from);
	if (c->ends != NULL)
		*c->ends++ = (uint32_t)s->end;
}

static const char *
last_end(const struct scan_walk *w)
{
	const char *p = w->last_many;

	if (p == NULL || (w->last != NULL && w->last > p))
		return w->last;
	while (p[-1] != '\n')
		p--;
	return p;
}

/* Walks whole steps, and puts what the walk counted into the scan. */
static void
walk(struct call *c)
{
	const struct scan_kernel *body = scan_kernel_pick();
	struct scan *s = c->s;
	struct scan_walk w = scan_walk_at(s->state);
	scan_walk_fn *fn;
	const char *p;

	w.end = s->line == NOT_BLANK
		    ? 0
		    : (uint64_t)(s->line == EMPTY ? 2 : 1) << 62;
	w.from = c->p;
	w.cr_before = s->line == CR_ONLY;
	w.keep = s->keep;
	w.origin = c->from;
	w.out = c->ends;
	w.limit = c->limit;
	w.lanes = c->lanes;
	if (c->lanes != NULL)
		fn = body->csv_summed;
	else if (s->csv)
		fn = c->ends != NULL ? body->csv_ends : body->csv;
	else
		fn = c->ends != NULL ? body->line_ends : body->lines;
	p = fn(&w, c->p, c->end);
	if (p == c->p)
		return;
	c->p = p;
	c->ends = w.out;
	s->ends += w.ends;
	s->lines += w.ends + w.inner;
	s->blank += w.blank;
	if (last_end(&w) != NULL)
		s->end = (size_t)(last_end(&w) - c->from);
	s->state = (unsigned char)scan_walk_state(&w);
	s->line = NOT_BLANK;
	if (w.end >> 63)
		s->line = EMPTY;
	else if (w.end >> 62 && p[-1] == '\r')
		s->line = CR_ONLY;
}

/* The state after a byte that is neither in quotes nor an LF. */
static enum scan_state
state_after(enum scan_state state, char byte)
{
	switch (byte) {
	case '"':
		return state == AT_FIELD || state == AT_CLOSED ? AT_QUOTED
							       : AT_ODD;
	case ',':
		return state == AT_CLOSED_CR ? AT_ODD : AT_FIELD;
	case '\r':
		if (state == AT_CLOSED)
			return AT_CLOSED_CR;
		/* FALLTHROUGH */
	default:
		return state == AT_CLOSED || state == AT_CLOSED_CR
			   ? AT_ODD
			   : AT_UNQUOTED;
	}
}

static enum scan_problem
step(struct call *c)
{
	struct scan *s = c->s;
	enum scan_state state = s->state;
	char byte = *c->p;

	if (s->csv && state == AT_QUOTED) {
		if (byte == '"')
			s->state = AT_CLOSED;
		if (byte == '\n') {
			if (!s->keep)
				return SCAN_EMBEDDED_NEWLINE;
			s->lines++;
		}
		c->p++;
		return SCAN_FINE;
	}
	if (byte == '\n') {
		c->p++;
		end_line(c);
		return SCAN_FINE;
	}
	if (s->csv)
		s->state = (unsigned char)state_after(state, byte);
	if (s->state == AT_ODD) {
		s->odd = scan_odd_begin(s->odd, state);
		return SCAN_FINE;
	}
	s->line = s->line == EMPTY && byte == '\r' ? CR_ONLY : NOT_BLANK;
	c->p++;
	return SCAN_FINE;
}

static enum scan_problem
step_odd(struct call *c)
{
	struct scan *s = c->s;
	enum scan_problem problem;
	size_t used;
	bool ended;

	problem = scan_odd_feed(
	    s->odd, s, c->p, (size_t)(c->end - c->p), &used, &s->lines, &ended);
	c->p += used;
	s->line = NOT_BLANK;
	if (problem == SCAN_FINE && ended) {
		s->state = AT_FIELD;
		if (c->p[-1] == '\n')
			end_line(c);
	}
	return problem;
}

static enum scan_problem
scan(struct call *c)
{
	struct scan *s = c->s;
	enum scan_problem problem = SCAN_FINE;
	int i;

	s->end = s->bad = 0;
	while (problem == SCAN_FINE && c->p < c->end && has_room(c)) {
		if (c->end - c->p >= STEP && s->state <= AT_CLOSED)
			walk(c);
		if (s->state == AT_ODD) {
			problem = step_odd(c);
			continue;
		}
		/* The step where a body stopped, or the few bytes after the
		 * last whole one. */
		for (i = 0; i < STEP && c->p < c->end && has_room(c) &&
			    s->state != AT_ODD && problem == SCAN_FINE;
		     i++)
			problem = step(c);
	}
	s->bytes += (size_t)(c->p - c->from);
	if (problem != SCAN_FINE)
		s->bad = (size_t)(c->p - c->from);
	return problem;
}

enum scan_problem
scan_block(struct scan *s, const char *p, size_t n)
{
	struct call c = { s, p, p, p + n, NULL, NULL, NULL };

	return scan(&c);
}

enum scan_problem
scan_block_summed(struct scan *s, const char *p, size_t n, uint32_t *crc)
{
	struct crc32c_lanes lanes;
	struct call c = { s, p, p, p + n, NULL, NULL, NULL };
	enum scan_problem problem;

	if (s->csv && scan_kernel_pick()->csv_summed != NULL)
		c.lanes = &lanes;
	crc32c_lanes_begin(&lanes, *crc, p, n);
	problem = scan(&c);
	*crc = crc32c_lanes_end(&lanes);
	return problem;
}

enum scan_problem
scan_index(struct scan *s, const char *p, size_t n, uint32_t *ends, size_t max,
    size_t *count, size_t *used)
{
	struct call c = { s, p, p, p + n, ends, ends + max, NULL };
	enum scan_problem problem = scan(&c);

	*count = (size_t)(c.ends - ends);
	*used = (size_t)(c.p - p);
	return problem;
}

enum scan_problem
scan_finish(struct scan *s)
{
	s->bad = 0;
	if (s->csv && (s->state == AT_QUOTED ||
			  (s->state == AT_ODD && scan_odd_is_open(s->odd))))
		return SCAN_UNTERMINATED_QUOTE;
	return SCAN_FINE;
}

void
scan_free(struct scan *s)
{
	scan_odd_free(s->odd);
	s->odd = NULL;
}

const char *
scan_says(enum scan_problem problem)
{
	switch (problem) {
	case SCAN_FINE:
		return "no problem";
	case SCAN_EMBEDDED_NEWLINE:
		return "a newline inside a quoted field";
	case SCAN_UNTERMINATED_QUOTE:
		return "a quoted field that is never closed";
	case SCAN_AFTER_QUOTE:
		return "bytes after a closing quote";
	case SCAN_BARE_QUOTE:
		return "a quote inside an unquoted field";
	}
	return "";
}
