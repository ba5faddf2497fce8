#include "plugins/xgboost/ubjson.h"

#include <stdint.h>

enum { DEPTH = 64 };

struct reader {
	struct span text;
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

/* Bytes of a value of a type that has always as many; -1: it has not. */
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

/* A count or length: an integer of any type, big endian. */
static int
length(struct reader *r, uint64_t *n)
{
	int type = marker(r), bytes = width(type), i;
	const char *p = r->text.p + r->at;

	if (type == -1)
		return -1;
	if (bytes < 1 || strchr("iUIlL", type) == NULL)
		return fail(r, "a length that is no whole number");
	if (take(r, (uint64_t)bytes) == -1)
		return -1;
	*n = 0;
	for (i = 0; i < bytes; i++)
		*n = *n << 8 | (unsigned char)p[i];
	if (type != 'U' && (*p & 0x80) != 0)
		return fail(r, "a length below 0");
	return 0;
}

static int
string(struct reader *r)
{
	uint64_t n;

	return length(r, &n) == -1 ? -1 : take(r, n);
}

static int value(struct reader *r, int type);

/* What may stand before the elements: their type, and how many they are. */
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

static int
element(struct reader *r, bool keyed, int type)
{
	if (keyed && string(r) == -1)
		return -1;
	return value(r, type != 0 ? type : marker(r));
}

static int
container(struct reader *r, bool keyed)
{
	char end = keyed ? '}' : ']';
	uint64_t n = 0;
	bool counted;
	int type, bytes;

	if (head(r, &type, &counted, &n) == -1)
		return -1;
	bytes = type != 0 ? width(type) : -1;
	if (!keyed && bytes >= 0)
		return bytes > 0 && n > r->text.n
			   ? fail(r, "it is cut short")
			   : take(r, n * (uint64_t)bytes);
	while (counted ? n-- > 0 : r->at < r->text.n && r->text.p[r->at] != end)
		if (element(r, keyed, type) == -1)
			return -1;
	return counted ? 0 : take(r, 1);
}

static int
value(struct reader *r, int type)
{
	int result;

	if (type == -1)
		return -1;
	if (width(type) >= 0)
		return take(r, (uint64_t)width(type));
	if (type == 'S' || type == 'H')
		return string(r);
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
ubjson_check(struct span text, const char **why, size_t *at)
{
	struct reader r = { .text = text };

	if (value(&r, marker(&r)) == 0 && r.at < text.n)
		fail(&r, "there is more after its end");
	*why = r.why;
	*at = r.at;
	return r.why == NULL ? 0 : -1;
}
