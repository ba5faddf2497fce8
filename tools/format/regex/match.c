#include "base/utf8.h"
#include "format/regex/program.h"

uint32_t
regex_point(const char **p, const char *end)
{
	size_t i, n = utf8_length((struct span){ *p, (size_t)(end - *p) });
	uint32_t c = (unsigned char)**p;

	if (n > 1) {
		c &= 0x7fu >> n;
		for (i = 1; i < n; i++)
			c = c << 6 | ((unsigned char)(*p)[i] & 0x3f);
	}
	*p += n > 0 ? n : 1;
	return n > 0 ? c : 0xfffd;
}

static bool
in_set(const struct regex *re, const struct set *s, uint32_t c)
{
	size_t i;

	for (i = s->first; i < s->first + s->n; i++)
		if (c >= re->ranges[i].low && c <= re->ranges[i].high)
			return !s->negated;
	if (s->categories != 0 && (unicode_category(c) & s->categories) != 0)
		return !s->negated;
	return s->negated;
}

static bool
takes(const struct regex *re, const struct step *s, uint32_t c)
{
	switch (s->op) {
	case OP_CHAR:
		return c == (uint32_t)s->x;
	case OP_SET:
		return in_set(re, &re->sets[s->x], c);
	case OP_ANY:
		return c != '\n' && c != '\r';
	default:
		return false;
	}
}

/*
 * Adds to the states after a code point those that step i leads to without
 * another.  Returns whether the end of the expression is among them.
 */
static bool
enter(struct regex *re, size_t i, bool start, bool end)
{
	const struct step *s;
	size_t n = 0;
	bool match = false;

	for (re->stack[n++] = (uint32_t)i; n > 0;) {
		i = re->stack[--n];
		if (re->rounds[i] == re->round)
			continue;
		re->rounds[i] = re->round;
		s = &re->steps[i];
		if (s->op == OP_SPLIT)
			re->stack[n++] = (uint32_t)(i + (size_t)s->y);
		if (s->op == OP_SPLIT || s->op == OP_JUMP)
			re->stack[n++] = (uint32_t)(i + (size_t)s->x);
		else if ((s->op == OP_START && start) ||
			 (s->op == OP_END && end))
			re->stack[n++] = (uint32_t)i + 1;
		else if (s->op == OP_MATCH)
			match = true;
		else
			re->then[re->n_then++] = (uint32_t)i;
	}
	return match;
}

bool
regex_match(struct regex *re, struct span text, bool whole)
{
	const char *p = text.p, *end = p + text.n;
	uint32_t c, *swap;
	bool match;
	size_t i;

	re->round++;
	re->n_then = 0;
	match = enter(re, 0, true, p == end);
	while (p < end && (whole || !match)) {
		swap = re->now;
		re->now = re->then;
		re->then = swap;
		re->n_now = re->n_then;
		re->n_then = 0;
		re->round++;
		if (re->n_now == 0 && whole)
			return false;
		match = false;
		c = regex_point(&p, end);
		for (i = 0; i < re->n_now; i++)
			if (takes(re, &re->steps[re->now[i]], c))
				match |=
				    enter(re, re->now[i] + 1, false, p == end);
		if (!whole)
			match |= enter(re, 0, false, p == end);
	}
	return match;
}
