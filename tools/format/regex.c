/*
 * Expressions become steps of a machine that is in many states at once
 * (Thompson's construction): a count is written out, so nothing is ever gone
 * back over.  Jumps are relative, and a part can be moved or copied as it is.
 */
#include "format/regex/program.h"

#include <stdlib.h>

#include "base/mem.h"

enum { STEPS = 65536, DEPTH = 200 };

struct reader {
	struct regex *re;
	const char *p, *end;
	const char *why;
	unsigned depth;
};

static bool alternatives(struct reader *r);

static bool
fails(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

/* Room for n steps at place at, what is there moved. */
static bool
insert(struct reader *r, size_t at, size_t n)
{
	struct regex *re = r->re;

	if (n > STEPS || re->n + n > STEPS)
		return fails(
		    r, "a regular expression with counts that are too large");
	while (re->n + n > re->size) {
		re->size = re->size * 2 + 16;
		re->steps = mem_resize(re->steps, re->size, sizeof *re->steps);
	}
	memmove(re->steps + at + n, re->steps + at,
	    (re->n - at) * sizeof *re->steps);
	re->n += n;
	return true;
}

static bool
put(struct reader *r, size_t at, enum op op, size_t x, size_t y)
{
	if (!insert(r, at, 1))
		return false;
	r->re->steps[at] = (struct step){ op, (int32_t)x, (int32_t)y };
	return true;
}

static bool
add(struct reader *r, enum op op, uint32_t x)
{
	return put(r, r->re->n, op, x, 0);
}

static struct set *
new_set(struct regex *re)
{
	struct set *s;

	re->sets = mem_resize(re->sets, re->n_sets + 1, sizeof *re->sets);
	s = &re->sets[re->n_sets++];
	memset(s, 0, sizeof *s);
	s->first = re->n_ranges;
	return s;
}

static void
add_range(struct regex *re, struct set *s, uint32_t low, uint32_t high)
{
	re->ranges =
	    mem_resize(re->ranges, re->n_ranges + 1, sizeof *re->ranges);
	re->ranges[re->n_ranges++] = (struct range){ low, high };
	s->n++;
}

/* p is past the backslash: a code point that stands for itself or n, r, t. */
static bool
escaped(struct reader *r, uint32_t *c)
{
	static const char letters[] = "nrt", bytes[] = "\n\r\t";
	const char *at;
	char b = r->p < r->end ? *r->p : '\0';

	if (b != '\0' && (at = strchr(letters, b)) != NULL)
		*c = (uint32_t)bytes[at - letters];
	else if (b != '\0' && strchr("()*+-.?[\\]^{|}$", b) != NULL)
		*c = (uint32_t)b;
	else
		return fails(r, "an escape that I-Regexp (RFC 9485) does not "
				"have");
	r->p++;
	return true;
}

/* p is past \p or \P: {Lu}, or {L} for all that begin so. */
static bool
category(struct reader *r, uint32_t *mask)
{
	static const char names[] = UNICODE_CATEGORIES;
	size_t n = (size_t)(r->end - r->p), i;

	*mask = 0;
	if (n >= 3 && *r->p == '{') {
		n = r->p[2] == '}' ? 1 : n >= 4 && r->p[3] == '}' ? 2 : 0;
		for (i = 0; n > 0 && i < sizeof names - 1; i += 2)
			if (memcmp(names + i, r->p + 1, n) == 0)
				*mask |= (uint32_t)1 << i / 2;
		r->p += n + 2;
	}
	return *mask != 0 ||
	       fails(r, "no general category, such as {Lu}, after \\p");
}

/* Whether \p or \P is next; goes past it. */
static bool
at_category(struct reader *r, bool *negated)
{
	if (r->end - r->p < 2 || *r->p != '\\' || (r->p[1] | 0x20) != 'p')
		return false;
	*negated = r->p[1] == 'P';
	r->p += 2;
	return true;
}

/* A code point of a set, not a category. */
static bool
set_point(struct reader *r, uint32_t *c)
{
	if (r->p == r->end)
		return fails(r, "a [ without its ]");
	if (*r->p == '[' || *r->p == '-')
		return fails(r, "a [ or - without \\ inside [ ]");
	if (*r->p != '\\') {
		*c = regex_point(&r->p, r->end);
		return true;
	}
	r->p++;
	return escaped(r, c);
}

static bool
set_item(struct reader *r, struct set *s)
{
	uint32_t low, high, mask;
	bool negated;

	if (at_category(r, &negated)) {
		if (!category(r, &mask))
			return false;
		s->categories |= negated ? ~mask : mask;
		return true;
	}
	if (!set_point(r, &low))
		return false;
	high = low;
	if (r->end - r->p >= 2 && *r->p == '-' && r->p[1] != ']') {
		r->p++;
		if (!set_point(r, &high))
			return false;
		if (high < low)
			return fails(r, "a range that ends before it begins");
	}
	add_range(r->re, s, low, high);
	return true;
}

/* p is past the opening bracket. */
static bool
set(struct reader *r)
{
	struct set *s = new_set(r->re);

	if (r->p < r->end && *r->p == '^') {
		s->negated = true;
		r->p++;
	}
	if (r->p < r->end && *r->p == ']')
		return fails(r, "nothing inside [ ]");
	if (r->p < r->end && *r->p == '-') {
		add_range(r->re, s, '-', '-');
		r->p++;
	}
	while (r->p < r->end && *r->p != ']')
		if (*r->p == '-' && r->end - r->p >= 2 && r->p[1] == ']') {
			add_range(r->re, s, '-', '-');
			r->p++;
		} else if (!set_item(r, s))
			return false;
	if (r->p == r->end)
		return fails(r, "a [ without its ]");
	r->p++;
	return add(r, OP_SET, (uint32_t)(r->re->n_sets - 1));
}

static bool
backslash(struct reader *r)
{
	struct set *s;
	uint32_t c, mask;
	bool negated;

	if (at_category(r, &negated)) {
		if (!category(r, &mask))
			return false;
		s = new_set(r->re);
		s->categories = mask;
		s->negated = negated;
		return add(r, OP_SET, (uint32_t)(r->re->n_sets - 1));
	}
	r->p++;
	return escaped(r, &c) && add(r, OP_CHAR, c);
}

static bool
group(struct reader *r)
{
	if (++r->depth > DEPTH)
		return fails(r, "parentheses that are too deep");
	if (!alternatives(r))
		return false;
	r->depth--;
	if (r->p == r->end)
		return fails(r, "a ( without its )");
	r->p++;
	return true;
}

static bool
atom(struct reader *r)
{
	switch (*r->p) {
	case '(':
		r->p++;
		return group(r);
	case '[':
		r->p++;
		return set(r);
	case '\\':
		return backslash(r);
	case '.':
		r->p++;
		return add(r, OP_ANY, 0);
	case '^':
		r->p++;
		return add(r, OP_START, 0);
	case '$':
		r->p++;
		return add(r, OP_END, 0);
	case '*':
	case '+':
	case '?':
	case '{':
		return fails(r, "nothing before *, +, ? or {");
	case ']':
	case '}':
		return fails(r, "a ] or } without \\ that closes nothing");
	default:
		return add(r, OP_CHAR, regex_point(&r->p, r->end));
	}
}

/* The digits of a count; at most STEPS, which is refused later. */
static bool
count(struct reader *r, size_t *n)
{
	const char *from = r->p;

	for (*n = 0; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++)
		if (*n <= STEPS)
			*n = *n * 10 + (size_t)(*r->p - '0');
	return r->p > from || fails(r, "no number in { }");
}

/* p is past {: n, n to m, or n and more (*most is SIZE_MAX). */
static bool
counts(struct reader *r, size_t *least, size_t *most)
{
	if (!count(r, least))
		return false;
	*most = *least;
	if (r->p < r->end && *r->p == ',') {
		r->p++;
		*most = SIZE_MAX;
		if (r->p < r->end && *r->p != '}' && !count(r, most))
			return false;
	}
	if (r->p == r->end || *r->p != '}')
		return fails(r, "a { without its }");
	r->p++;
	return *most >= *least ||
	       fails(r, "a count that ends before it begins");
}

/* Copies n steps from place from to the end. */
static bool
copy(struct reader *r, size_t from, size_t n)
{
	if (!insert(r, r->re->n, n))
		return false;
	memcpy(r->re->steps + r->re->n - n, r->re->steps + from,
	    n * sizeof *r->re->steps);
	return true;
}

/*
 * The steps from place from to the end, least to most times.  The least number
 * comes first; then a loop, or a chain of parts that each may be the
 * last.
 */
static bool
repeat(struct reader *r, size_t from, size_t least, size_t most)
{
	const size_t n = r->re->n - from;
	size_t i, left;

	if (most == 0) {
		r->re->n = from;
		return true;
	}
	if (least > STEPS || (most != SIZE_MAX && most > STEPS) ||
	    n * (most == SIZE_MAX ? least : most) > STEPS)
		return fails(
		    r, "a regular expression with counts that are too large");
	for (i = 1; i < least; i++)
		if (!copy(r, from, n))
			return false;
	if (most == SIZE_MAX) {
		if (least > 0)
			return put(r, r->re->n, OP_SPLIT, -n, 1);
		return put(r, from, OP_SPLIT, 1, n + 2) &&
		       put(r, r->re->n, OP_JUMP, -(n + 1), 0);
	}
	left = most - least;
	if (least == 0) {
		if (!put(r, from++, OP_SPLIT, 1, left * (n + 1)))
			return false;
		left--;
	}
	for (; left > 0; left--)
		if (!put(r, r->re->n, OP_SPLIT, 1, left * (n + 1)) ||
		    !copy(r, from, n))
			return false;
	return true;
}

static bool
quantified(struct reader *r)
{
	const size_t from = r->re->n;
	size_t least, most;

	if (!atom(r))
		return false;
	switch (r->p < r->end ? *r->p : '\0') {
	case '*':
		r->p++;
		return repeat(r, from, 0, SIZE_MAX);
	case '+':
		r->p++;
		return repeat(r, from, 1, SIZE_MAX);
	case '?':
		r->p++;
		return repeat(r, from, 0, 1);
	case '{':
		r->p++;
		return counts(r, &least, &most) && repeat(r, from, least, most);
	default:
		return true;
	}
}

/* To the end, or to a closing parenthesis. */
static bool
alternatives(struct reader *r)
{
	size_t from = r->re->n, jumps = SIZE_MAX, last;

	for (;;) {
		while (r->p < r->end && *r->p != '|' && *r->p != ')')
			if (!quantified(r))
				return false;
		if (r->p == r->end || *r->p == ')')
			break;
		r->p++;
		/* Each jump to the end holds where the one before is. */
		if (!put(r, from, OP_SPLIT, 1, r->re->n - from + 2) ||
		    !put(r, r->re->n, OP_JUMP, jumps, 0))
			return false;
		jumps = r->re->n - 1;
		from = r->re->n;
	}
	for (; jumps != SIZE_MAX; jumps = last) {
		last = r->re->steps[jumps].x < 0
			   ? SIZE_MAX
			   : (size_t)r->re->steps[jumps].x;
		r->re->steps[jumps].x = (int32_t)(r->re->n - jumps);
	}
	return true;
}

struct regex *
regex_new(struct span pattern, const char **why)
{
	struct regex *re = mem_alloc(sizeof *re);
	struct reader r = {
		.re = re, .p = pattern.p, .end = pattern.p + pattern.n
	};

	memset(re, 0, sizeof *re);
	if (alternatives(&r) && r.p < r.end)
		fails(&r, "a ) without its (");
	if (r.why != NULL || !add(&r, OP_MATCH, 0)) {
		*why = r.why;
		regex_free(re);
		return NULL;
	}
	re->now = mem_resize(NULL, re->n, sizeof *re->now);
	re->then = mem_resize(NULL, re->n, sizeof *re->then);
	re->stack = mem_resize(NULL, 2 * re->n + 1, sizeof *re->stack);
	re->rounds = mem_resize(NULL, re->n, sizeof *re->rounds);
	memset(re->rounds, 0, re->n * sizeof *re->rounds);
	return re;
}

void
regex_free(struct regex *re)
{
	if (re == NULL)
		return;
	free(re->steps);
	free(re->sets);
	free(re->ranges);
	free(re->now);
	free(re->then);
	free(re->stack);
	free(re->rounds);
	free(re);
}
