/*
 * Filter expressions and the types of functions (RFC 9535, 2.3.5 and 2.4).
 */
#include "format/jsonpath/parse.h"
#include "format/regex.h"

static const struct function {
	const char *name;
	enum expr_kind kind;
	unsigned values, nodes; /* arguments: values, or one of nodes */
} functions[] = {
	{ "length", EXPR_LENGTH, 1, 0 },
	{ "count", EXPR_COUNT, 0, 1 },
	{ "match", EXPR_MATCH, 2, 0 },
	{ "search", EXPR_SEARCH, 2, 0 },
	{ "value", EXPR_VALUE, 0, 1 },
};

static struct expr *operand(struct parser *ps);

static struct expr *
new_expr(struct parser *ps, enum expr_kind kind)
{
	struct expr *e = jsonpath_alloc(ps->path, sizeof *e);

	e->kind = kind;
	return e;
}

/* e will hold memory of its own. */
static void
hold(struct parser *ps, struct expr *e)
{
	e->next_holder = ps->path->holders;
	ps->path->holders = e;
}

static bool
is_value(const struct expr *e)
{
	return e->kind >= EXPR_LITERAL;
}

/* e as a value: a query must be one that selects at most one node. */
static bool
as_value(struct parser *ps, const char *from, struct expr *e)
{
	if (e->kind == EXPR_EXISTS && e->query.single)
		e->kind = EXPR_ONLY;
	return is_value(e) ||
	       parse_fails(ps, from,
		   e->kind == EXPR_EXISTS
		       ? "a query that may select several nodes is not a value"
		       : "a function that is true or false is not a value");
}

static bool
argument(struct parser *ps, const struct function *f, struct expr **arg)
{
	const char *from;

	parse_blanks(ps);
	from = ps->p;
	if ((*arg = operand(ps)) == NULL)
		return false;
	parse_blanks(ps);
	if (f->values > 0)
		return as_value(ps, from, *arg);
	return (*arg)->kind == EXPR_EXISTS ||
	       parse_fails(ps, from, "%s() takes a query", f->name);
}

/* A pattern that is written in the path can be read with it. */
static bool
pattern(struct parser *ps, const char *from, struct expr *e)
{
	const char *why;

	hold(ps, e);
	if (e->b->kind != EXPR_LITERAL ||
	    json_kind(e->b->literal) != JSON_IS_STRING)
		return true;
	json_unquote(&e->pattern, e->b->literal);
	e->compiled = true;
	e->regex = regex_new(buf_span(&e->pattern), &why);
	return e->regex != NULL || ps->path->dialect == JSONPATH_RFC9535 ||
	       parse_fails(ps, from, "%s", why);
}

static struct expr *
call(struct parser *ps, const struct function *f)
{
	struct expr *e = new_expr(ps, f->kind);
	const char *from;

	if (!argument(ps, f, &e->a))
		return NULL;
	if (f->values == 2) {
		if (!parse_is(ps, ',')) {
			parse_fails(
			    ps, ps->p, "%s() takes two arguments", f->name);
			return NULL;
		}
		parse_blanks(ps);
		from = ps->p;
		if (!argument(ps, f, &e->b) || !pattern(ps, from, e))
			return NULL;
	}
	if (parse_is(ps, ')'))
		return e;
	parse_fails(ps, ps->p, "no ) after the arguments of %s()", f->name);
	return NULL;
}

/* A function, or true, false, null. */
static struct expr *
word(struct parser *ps)
{
	const char *p = ps->p;
	struct expr *e;
	struct span s;
	size_t i;

	while (p < ps->end &&
	       ((*p >= 'a' && *p <= 'z') ||
		   (p > ps->p && ((*p >= '0' && *p <= '9') || *p == '_'))))
		p++;
	s = (struct span){ ps->p, (size_t)(p - ps->p) };
	if (p < ps->end && *p == '(') {
		for (i = 0; i < sizeof functions / sizeof functions[0]; i++)
			if (span_is(s, functions[i].name)) {
				ps->p = p + 1;
				return call(ps, &functions[i]);
			}
		parse_fails(ps, ps->p, "no function %.*s()", (int)s.n, s.p);
		return NULL;
	}
	if (span_is(s, "true") || span_is(s, "false") || span_is(s, "null")) {
		e = new_expr(ps, EXPR_LITERAL);
		return parse_literal(ps, &e->literal) ? e : NULL;
	}
	parse_fails(
	    ps, ps->p, "no query, function or literal, where one should be");
	return NULL;
}

/* A literal, a query or a function. */
static struct expr *
operand(struct parser *ps)
{
	char c = ps->p < ps->end ? *ps->p : '\0';
	struct expr *e;

	if (!parse_deeper(ps))
		return NULL;
	if (c == '@' || c == '$') {
		ps->p++;
		e = new_expr(ps, EXPR_EXISTS);
		e->query.absolute = c == '$';
		if (e->query.absolute)
			hold(ps, e);
		if (!parse_segments(ps, &e->query))
			return NULL;
	} else if (c == '"' || c == '\'' || c == '-' ||
		   (c >= '0' && c <= '9')) {
		e = new_expr(ps, EXPR_LITERAL);
		if (!parse_literal(ps, &e->literal))
			return NULL;
	} else if ((e = word(ps)) == NULL)
		return NULL;
	ps->depth--;
	return e;
}

static bool
comparison_operator(struct parser *ps, enum compare *op)
{
	static const struct {
		const char *text;
		enum compare op;
	} ops[] = { { "==", COMPARE_EQ }, { "!=", COMPARE_NE },
		{ "<=", COMPARE_LE }, { ">=", COMPARE_GE }, { "<", COMPARE_LT },
		{ ">", COMPARE_GT } };
	size_t i, n;

	for (i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		n = strlen(ops[i].text);
		if ((size_t)(ps->end - ps->p) >= n &&
		    memcmp(ps->p, ops[i].text, n) == 0) {
			ps->p += n;
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

/* An operand alone, as a test. */
static bool
as_test(struct parser *ps, const char *from, const struct expr *e)
{
	return !is_value(e) ||
	       parse_fails(ps, from,
		   e->kind == EXPR_LITERAL
		       ? "a literal is not compared with anything"
		       : "a function's value is not compared with anything");
}

static struct expr *
comparison_or_test(struct parser *ps)
{
	const char *from = ps->p, *past;
	struct expr *a = operand(ps), *e;
	enum compare op;

	if (a == NULL)
		return NULL;
	past = ps->p;
	parse_blanks(ps);
	if (!comparison_operator(ps, &op)) {
		ps->p = past;
		return as_test(ps, from, a) ? a : NULL;
	}
	e = new_expr(ps, EXPR_COMPARE);
	e->compare = op;
	e->a = a;
	if (!as_value(ps, from, a))
		return NULL;
	parse_blanks(ps);
	from = ps->p;
	if ((e->b = operand(ps)) == NULL || !as_value(ps, from, e->b))
		return NULL;
	return e;
}

static struct expr *
basic(struct parser *ps)
{
	struct expr *e, *negated = NULL;
	const char *from;

	if (parse_is(ps, '!')) {
		negated = new_expr(ps, EXPR_NOT);
		parse_blanks(ps);
	}
	from = ps->p;
	if (parse_is(ps, '(')) {
		parse_blanks(ps);
		if ((e = parse_expr(ps)) == NULL)
			return NULL;
		parse_blanks(ps);
		if (!parse_is(ps, ')')) {
			parse_fails(ps, ps->p, "no ) to close a parenthesis");
			return NULL;
		}
	} else if (negated == NULL)
		return comparison_or_test(ps);
	else if ((e = operand(ps)) == NULL || !as_test(ps, from, e))
		return NULL;
	if (negated == NULL)
		return e;
	negated->a = e;
	return negated;
}

/* What sub reads, once or joined by an operator, two bytes op: a list in b, so
 * that its length is not a depth. */
static struct expr *
chain(struct parser *ps, enum expr_kind kind, char op,
    struct expr *(*sub)(struct parser *ps))
{
	struct expr *head = NULL, **last = &head, *e;
	const char *past;

	for (;;) {
		if ((*last = sub(ps)) == NULL)
			return NULL;
		past = ps->p;
		parse_blanks(ps);
		if (!parse_is(ps, op) || !parse_is(ps, op)) {
			ps->p = past;
			return head;
		}
		parse_blanks(ps);
		e = new_expr(ps, kind);
		e->a = *last;
		*last = e;
		last = &e->b;
	}
}

static struct expr * and (struct parser * ps)
{
	return chain(ps, EXPR_AND, '&', basic);
}

struct expr *
parse_expr(struct parser *ps)
{
	struct expr *e;

	if (!parse_deeper(ps))
		return NULL;
	e = chain(ps, EXPR_OR, '|', and);
	ps->depth--;
	return e;
}
