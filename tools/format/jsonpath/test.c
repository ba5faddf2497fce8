/*
 * Filters: whether an expression is true of a node (RFC 9535, 2.3.5 and 2.4).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/jsonpath/compare.h"
#include "format/jsonpath/parts.h"
#include "format/regex.h"

/* JSON text, or nothing (p NULL).  Lengths and counts are written here. */
struct value {
	struct span json;
	char text[24];
};

/* How many nodes a query selects, and the first of them. */
static size_t
look(struct jsonpath *path, struct query *q, struct span node,
    struct span *first)
{
	const size_t from = path->n;
	size_t count;

	if (q->absolute) {
		/* Its nodes stay for the document. */
		if (q->round != path->round) {
			jsonpath_select(path, q->segments, path->root);
			q->count = path->n - from;
			q->nodes =
			    mem_resize(q->nodes, q->count, sizeof *q->nodes);
			if (q->count > 0)
				memcpy(q->nodes, path->nodes + from,
				    q->count * sizeof *q->nodes);
			q->round = path->round;
			path->n = from;
		}
		if (q->count > 0)
			*first = q->nodes[0];
		return q->count;
	}
	if (q->single)
		return jsonpath_only(q, node, first);
	jsonpath_select(path, q->segments, node);
	count = path->n - from;
	if (count > 0)
		*first = path->nodes[from];
	path->n = from;
	return count;
}

static void
set_count(struct value *v, size_t n)
{
	v->json.p = v->text;
	v->json.n = (size_t)snprintf(v->text, sizeof v->text, "%zu", n);
}

static void
set_length(struct jsonpath *path, struct value *v)
{
	switch (json_kind(v->json)) {
	case JSON_IS_STRING:
		path->subject.n = 0;
		json_unquote(&path->subject, v->json);
		set_count(v, utf8_count(buf_span(&path->subject)));
		break;
	case JSON_IS_ARRAY:
	case JSON_IS_OBJECT:
		set_count(v, json_count(v->json));
		break;
	default:
		v->json.p = NULL;
	}
}

static void
evaluate(
    struct jsonpath *path, struct expr *e, struct span node, struct value *v)
{
	size_t n;

	v->json = (struct span){ NULL, 0 };
	switch (e->kind) {
	case EXPR_LITERAL:
		v->json = e->literal;
		break;
	case EXPR_ONLY:
		look(path, &e->query, node, &v->json);
		break;
	case EXPR_LENGTH:
		evaluate(path, e->a, node, v);
		if (v->json.p != NULL)
			set_length(path, v);
		break;
	case EXPR_COUNT:
		n = look(path, &e->a->query, node, &v->json);
		set_count(v, n);
		break;
	case EXPR_VALUE:
		if (look(path, &e->a->query, node, &v->json) != 1)
			v->json.p = NULL;
		break;
	default:
		break;
	}
}

static bool
equal(const struct value *a, const struct value *b)
{
	if (a->json.p == NULL || b->json.p == NULL)
		return a->json.p == b->json.p;
	return json_alike(a->json, b->json);
}

static bool
less(const struct value *a, const struct value *b)
{
	return a->json.p != NULL && b->json.p != NULL &&
	       json_before(a->json, b->json);
}

static bool
compare(struct jsonpath *path, struct expr *e, struct span node)
{
	struct value a, b;

	evaluate(path, e->a, node, &a);
	evaluate(path, e->b, node, &b);
	switch (e->compare) {
	case COMPARE_EQ:
		return equal(&a, &b);
	case COMPARE_NE:
		return !equal(&a, &b);
	case COMPARE_LT:
		return less(&a, &b);
	case COMPARE_GT:
		return less(&b, &a);
	case COMPARE_LE:
		return less(&a, &b) || equal(&a, &b);
	default:
		return less(&b, &a) || equal(&a, &b);
	}
}

static bool
is_string(const struct value *v)
{
	return v->json.p != NULL && json_kind(v->json) == JSON_IS_STRING;
}

/* The regular expression that a string holds, NULL if it is not one: most
 * often the last one again. */
static struct regex *
regex_of(struct expr *e, struct span string)
{
	const char *why;

	if (e->compiled && json_string_is(string, buf_span(&e->pattern)))
		return e->regex;
	regex_free(e->regex);
	e->pattern.n = 0;
	json_unquote(&e->pattern, string);
	e->regex = regex_new(buf_span(&e->pattern), &why);
	e->compiled = true;
	return e->regex;
}

static bool
matches(struct jsonpath *path, struct expr *e, struct span node)
{
	struct value text, pattern;
	struct regex *re;

	evaluate(path, e->a, node, &text);
	evaluate(path, e->b, node, &pattern);
	if (!is_string(&text) || !is_string(&pattern))
		return false;
	if ((re = regex_of(e, pattern.json)) == NULL)
		return false;
	path->subject.n = 0;
	json_unquote(&path->subject, text.json);
	return regex_match(re, buf_span(&path->subject), e->kind == EXPR_MATCH);
}

bool
jsonpath_test(struct jsonpath *path, struct expr *e, struct span node)
{
	struct span first;

	for (;;) {
		switch (e->kind) {
		case EXPR_OR:
			if (jsonpath_test(path, e->a, node))
				return true;
			break;
		case EXPR_AND:
			if (!jsonpath_test(path, e->a, node))
				return false;
			break;
		case EXPR_NOT:
			return !jsonpath_test(path, e->a, node);
		case EXPR_COMPARE:
			return compare(path, e, node);
		case EXPR_EXISTS:
			return look(path, &e->query, node, &first) > 0;
		default:
			return matches(path, e, node);
		}
		e = e->b;
	}
}
