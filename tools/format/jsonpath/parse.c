/*
 * Segments and selectors (RFC 9535, 2.3 and 2.5), and what Batch Transform's
 * dialect adds and takes away.
 */
#include "format/jsonpath/parse.h"

static bool
strict(const struct parser *ps)
{
	return ps->path->dialect == JSONPATH_SAGEMAKER_STRICT;
}

static bool
lenient(const struct parser *ps)
{
	return ps->path->dialect != JSONPATH_RFC9535;
}

/* Bytes of names after a dot; the dialect's may begin with a digit, and have
 * - in them. */
static bool
in_name(const struct parser *ps, char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80)
		return true;
	if (c >= '0' && c <= '9')
		return !first || lenient(ps);
	return c == '-' && !first && lenient(ps);
}

static bool
at_int(const struct parser *ps)
{
	return ps->p < ps->end &&
	       (*ps->p == '-' || (*ps->p >= '0' && *ps->p <= '9'));
}

/* p is at the first colon. */
static bool
slice(struct parser *ps, struct part *part)
{
	const char *from = ps->p;

	part->kind = PART_SLICE;
	part->step = 1;
	ps->p++;
	parse_blanks(ps);
	if (at_int(ps)) {
		part->has_end = true;
		if (!parse_int(ps, &part->end))
			return false;
		parse_blanks(ps);
	}
	if (!parse_is(ps, ':'))
		return true;
	if (strict(ps))
		return parse_fails(ps, from, "steps are not supported");
	parse_blanks(ps);
	return !at_int(ps) || parse_int(ps, &part->step);
}

static bool
index_or_slice(struct parser *ps, struct part *part)
{
	const char *past;

	if (at_int(ps)) {
		part->kind = PART_INDEX;
		part->has_start = true;
		if (!parse_int(ps, &part->index))
			return false;
	}
	past = ps->p;
	parse_blanks(ps);
	if (ps->p < ps->end && *ps->p == ':')
		return slice(ps, part);
	ps->p = past;
	return part->has_start ||
	       parse_fails(ps, past,
		   "no name in quotes, index, slice, * or ? in brackets");
}

static bool
selector(struct parser *ps, struct part *part)
{
	const char *from = ps->p;

	switch (ps->p < ps->end ? *ps->p : '\0') {
	case '"':
	case '\'':
		part->kind = PART_NAME;
		if (!parse_string(ps, &part->name))
			return false;
		if (strict(ps) &&
		    memchr(part->name.p, '.', part->name.n) != NULL)
			return parse_fails(
			    ps, from, "a dot in a name is not supported");
		return true;
	case '*':
		ps->p++;
		part->kind = PART_WILD;
		return true;
	case '?':
		ps->p++;
		parse_blanks(ps);
		part->kind = PART_FILTER;
		return (part->filter = parse_expr(ps)) != NULL;
	default:
		return index_or_slice(ps, part);
	}
}

/* The service takes several names or several indexes, else one selector. */
static bool
plain_list(struct parser *ps, const char *from, const struct part *first)
{
	const struct part *p;

	if (first->next == NULL)
		return true;
	for (p = first; p != NULL; p = p->next)
		if (p->kind == PART_SLICE)
			return parse_fails(ps, from,
			    "only single range filters of format (eg: [1:5]) "
			    "are supported; %.*s is not",
			    (int)(ps->p - from), from);
		else if (p->kind == PART_WILD || p->kind != first->kind)
			return parse_fails(ps, from,
			    "only several names or several indexes are "
			    "supported; %.*s is not",
			    (int)(ps->p - from), from);
	return true;
}

/* p is at the opening bracket. */
static bool
bracketed(struct parser *ps, struct segment *seg)
{
	struct part **last = &seg->parts;
	const char *from = ps->p;

	do {
		ps->p++;
		parse_blanks(ps);
		*last = jsonpath_alloc(ps->path, sizeof **last);
		if (!selector(ps, *last))
			return false;
		last = &(*last)->next;
		parse_blanks(ps);
	} while (ps->p < ps->end && *ps->p == ',');
	if (!parse_is(ps, ']'))
		return parse_fails(ps, ps->p, "no comma or ] after a selector");
	return !strict(ps) || plain_list(ps, from, seg->parts);
}

/* p is at a dot or an opening bracket. */
static bool
segment(struct parser *ps, struct segment *seg)
{
	const char *from = ps->p;
	bool dot = parse_is(ps, '.');
	struct part *part;
	char *name;

	seg->descends = dot && parse_is(ps, '.');
	if (seg->descends && strict(ps))
		return parse_fails(ps, from, "\"..\" is not supported");
	if (dot && lenient(ps))
		parse_blanks(ps);
	if (ps->p < ps->end && *ps->p == '[' &&
	    (!dot || seg->descends || lenient(ps)))
		return bracketed(ps, seg);
	seg->parts = part = jsonpath_alloc(ps->path, sizeof *part);
	if (parse_is(ps, '*')) {
		part->kind = PART_WILD;
		return true;
	}
	for (from = ps->p; ps->p < ps->end; ps->p++)
		if (!in_name(ps, *ps->p, ps->p == from))
			break;
	if (ps->p == from)
		return parse_fails(ps, from, "no name after a dot");
	part->kind = PART_NAME;
	part->name.n = (size_t)(ps->p - from);
	part->name.p = name = jsonpath_alloc(ps->path, part->name.n);
	memcpy(name, from, part->name.n);
	return true;
}

bool
parse_segments(struct parser *ps, struct query *q)
{
	struct segment **last = &q->segments;
	const struct part *part;
	const char *past;

	q->single = true;
	for (;;) {
		past = ps->p;
		parse_blanks(ps);
		if (ps->p == ps->end || (*ps->p != '.' && *ps->p != '[')) {
			ps->p = past;
			return true;
		}
		*last = jsonpath_alloc(ps->path, sizeof **last);
		if (!segment(ps, *last))
			return false;
		part = (*last)->parts;
		q->single =
		    q->single && !(*last)->descends && part->next == NULL &&
		    (part->kind == PART_NAME || part->kind == PART_INDEX);
		last = &(*last)->next;
	}
}
