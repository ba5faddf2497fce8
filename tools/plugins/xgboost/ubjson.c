#include "plugins/xgboost/ubjson.h"

#include <stdint.h>

enum { DEPTH = 64 };

struct reader {
	struct span text;
	struct trees *trees;
	struct trees_ints *list; /* that the value is in, or NULL */
	size_t at;
	int depth;
	const char *why;
};

static int
fail(struct reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return -1;
}

static int
take(struct reader *r, uint64_t n)
{
	if (n > r->text.n - r->at)
		return fail(r, "it is cut short");
	r->at += (size_t)n;
	return 0;
}

static int
marker(struct reader *r)
{
	if (take(r, 1) == -1)
		return -1;
	return (unsigned char)r->text.p[r->at - 1];
}

/* Bytes of a value of a type of fixed size; -1: its size varies. */
static int
width(int type)
{
	switch (type) {
	case 'Z':
	case 'N':
	case 'T':
	case 'F':
		return 0;
	case 'i':
	case 'U':
	case 'C':
		return 1;
	case 'I':
		return 2;
	case 'l':
	case 'd':
		return 4;
	case 'L':
	case 'D':
		return 8;
	default:
		return -1;
	}
}

/* An integer, big endian; 0 for any other type. */
static int64_t
integer(const char *p, int type)
{
	int bytes = width(type), i;
	uint64_t v = type != 'U' && (*p & 0x80) != 0 ? UINT64_MAX : 0;

	if (strchr("iUIlL", type) == NULL)
		return 0;
	for (i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

/* A count or length: an integer of any type. */
static int
length(struct reader *r, uint64_t *n)
{
	int type = marker(r), bytes = width(type);
	const char *p = r->text.p + r->at;
	int64_t v;

	if (type == -1)
		return -1;
	if (bytes < 1 || strchr("iUIlL", type) == NULL)
		return fail(r, "a length that is not a whole number");
	if (take(r, (uint64_t)bytes) == -1)
		return -1;
	v = integer(p, type);
	*n = (uint64_t)v;
	return v >= 0 ? 0 : fail(r, "a length below 0");
}

static int
string(struct reader *r, struct span *out)
{
	uint64_t n;

	if (length(r, &n) == -1)
		return -1;
	*out = (struct span){ r->text.p + r->at, (size_t)n };
	return take(r, n);
}

static int value(struct reader *r, int type);

/* The optional type and count before the elements. */
static int
head(struct reader *r, int *type, bool *counted, uint64_t *n)
{
	*type = 0;
	*counted = false;
	if (r->at < r->text.n && r->text.p[r->at] == '$') {
		r->at++;
		*type = marker(r);
	}
	if (r->at < r->text.n && r->text.p[r->at] == '#') {
		r->at++;
		*counted = true;
		return length(r, n);
	}
	if (*type != 0)
		return fail(r, "a type without a count");
	return 0;
}

/* The numbers of a list are added to it as they are read. */
static int
member(struct reader *r, struct span name, int type)
{
	struct trees_ints *list;
	const char *why;

	list = type == '[' && r->trees != NULL ? trees_begin(r->trees, name)
					       : NULL;
	if (list == NULL)
		return value(r, type);
	r->list = list;
	if (value(r, type) == -1)
		return -1;
	r->list = NULL;
	return trees_end(r->trees, &why) == 0 ? 0 : fail(r, why);
}

/* n values of a type of fixed size. */
static int
flat(struct reader *r, int type, uint64_t n)
{
	uint64_t bytes = (uint64_t)width(type);
	const char *p = r->text.p + r->at;

	if (bytes > 0 && n > r->text.n)
		return fail(r, "it is cut short");
	if (take(r, n * bytes) == -1)
		return -1;
	if (r->list != NULL && bytes > 0)
		for (; n > 0; n--, p += bytes)
			trees_add(r->list, integer(p, type));
	return 0;
}

static int
container(struct reader *r, bool keyed)
{
	char end = keyed ? '}' : ']';
	uint64_t n = 0;
	struct span name;
	bool counted;
	int type, of;

	if (head(r, &type, &counted, &n) == -1)
		return -1;
	if (!keyed && type != 0 && width(type) >= 0)
		return flat(r, type, n);
	while (
	    counted ? n-- > 0 : r->at < r->text.n && r->text.p[r->at] != end) {
		if (keyed && string(r, &name) == -1)
			return -1;
		of = type != 0 ? type : marker(r);
		if ((keyed ? member(r, name, of) : value(r, of)) == -1)
			return -1;
	}
	return counted ? 0 : take(r, 1);
}

static int
value(struct reader *r, int type)
{
	struct span text;
	int result;

	if (type == -1)
		return -1;
	if (width(type) >= 0)
		return flat(r, type, 1);
	if (type == 'S' || type == 'H')
		return string(r, &text);
	if (type != '[' && type != '{')
		return fail(r, "a value of no known type");
	if (r->depth == DEPTH)
		return fail(r, "values too deep in each other");
	r->depth++;
	result = container(r, type == '{');
	r->depth--;
	return result;
}

int
ubjson_check(struct span text, struct trees *t, const char **why, size_t *at)
{
	struct reader r = { .text = text, .trees = t };

	if (value(&r, marker(&r)) == 0 && r.at < text.n)
		fail(&r, "there is more after its end");
	*why = r.why;
	*at = r.at;
	return r.why == NULL ? 0 : -1;
}

bool
ubjson_begin(struct ubjson_walk *w, struct ubjson_item container)
{
	struct reader r = { .text = container.text };

	*w = (struct ubjson_walk){ .keyed = container.type == '{' };
	if (container.type != '{' && container.type != '[')
		return false;
	head(&r, &w->of, &w->counted, &w->left);
	w->rest = (struct span){ r.text.p + r.at, r.text.n - r.at };
	return true;
}

bool
ubjson_next(struct ubjson_walk *w)
{
	struct reader r = { .text = w->rest };

	if (w->counted ? w->left-- == 0
		       : w->rest.n == 0 || *w->rest.p == (w->keyed ? '}' : ']'))
		return false;
	if (w->keyed)
		string(&r, &w->key);
	w->item.type = w->of != 0 ? w->of : marker(&r);
	w->item.text.p = r.text.p + r.at;
	if (value(&r, w->item.type) == -1)
		return false;
	w->item.text.n = (size_t)(r.text.p + r.at - w->item.text.p);
	w->rest.p += r.at;
	w->rest.n -= r.at;
	return true;
}

bool
ubjson_string(struct ubjson_item item, struct span *out)
{
	struct reader r = { .text = item.text };

	return item.type == 'S' && string(&r, out) == 0;
}

int64_t
ubjson_integer(struct ubjson_item item)
{
	return item.type > 0 && width(item.type) > 0 &&
		       strchr("iUIlL", item.type) != NULL
		   ? integer(item.text.p, item.type)
		   : INT64_MIN;
}

bool
ubjson_float(struct ubjson_item item, float *v)
{
	uint32_t bits = 0;
	int i;

	if (item.type != 'd')
		return false;
	for (i = 0; i < 4; i++)
		bits = bits << 8 | (unsigned char)item.text.p[i];
	memcpy(v, &bits, sizeof *v);
	return true;
}
