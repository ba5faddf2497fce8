#include "format/jsonpath/compare.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/json.h"

static bool
is_integer(struct span s)
{
	size_t i;

	for (i = *s.p == '-'; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/*
 * The usual number: up to 15 digits and no exponent, which is a quotient of
 * two integers that are exact as doubles, and so rounds once.
 */
static bool
short_double(struct span s, double *v)
{
	static const double tens[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	size_t i = *s.p == '-', dot = s.n;
	int64_t n = 0;

	if (s.n > 16)
		return false;
	for (; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			n = n * 10 + (s.p[i] - '0');
		else if (s.p[i] == '.')
			dot = i + 1;
		else
			return false;
	*v = (double)n / tens[s.n - dot];
	if (*s.p == '-')
		*v = -*v;
	return n < (int64_t)1 << 53;
}

static double
to_double(struct span s)
{
	char small[64], *p;
	double v;

	if (short_double(s, &v))
		return v;
	p = s.n < sizeof small ? small : mem_alloc(s.n + 1);
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	v = strtod(p, NULL);
	if (p != small)
		free(p);
	return v;
}

/* Of two runs of digits without zeroes before them. */
static int
digits_order(struct span a, struct span b)
{
	int d;

	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	d = memcmp(a.p, b.p, a.n);
	return (d > 0) - (d < 0);
}

static int
number_order(struct span a, struct span b)
{
	bool minus = *a.p == '-';
	double x, y;

	if (!is_integer(a) || !is_integer(b)) {
		x = to_double(a);
		y = to_double(b);
		return (x > y) - (x < y);
	}
	if (span_is(a, "-0"))
		return number_order((struct span){ "0", 1 }, b);
	if (span_is(b, "-0"))
		return number_order(a, (struct span){ "0", 1 });
	if (minus != (*b.p == '-'))
		return minus ? -1 : 1;
	if (minus)
		return digits_order((struct span){ b.p + 1, b.n - 1 },
		    (struct span){ a.p + 1, a.n - 1 });
	return digits_order(a, b);
}

/* By bytes, which in UTF-8 is by code points. */
static int
text_order(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (d != 0)
		return d;
	return (a.n > b.n) - (a.n < b.n);
}

static int
string_order(struct span a, struct span b)
{
	struct buf x = { 0 }, y = { 0 };
	int d;

	if (memchr(a.p, '\\', a.n) == NULL && memchr(b.p, '\\', b.n) == NULL)
		return text_order((struct span){ a.p + 1, a.n - 2 },
		    (struct span){ b.p + 1, b.n - 2 });
	json_unquote(&x, a);
	json_unquote(&y, b);
	d = text_order(buf_span(&x), buf_span(&y));
	buf_free(&x);
	buf_free(&y);
	return d;
}

static bool
arrays_equal(struct span a, struct span b)
{
	struct json_walk x = { .value = a }, y = { .value = b };
	bool more;

	while ((more = json_next(&x)) == json_next(&y) && more)
		if (!json_alike(x.item, y.item))
			return false;
	return !more && !json_next(&y);
}

struct member {
	struct span key, item;
};

/* Equal keys by their place, the later first. */
static int
member_order(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int d = string_order(x->key, y->key);

	if (d != 0)
		return d;
	return (x->key.p < y->key.p) - (x->key.p > y->key.p);
}

/* Its members by name, each name once; *n is their number. */
static struct member *
members(struct span object, size_t *n)
{
	size_t i, count = json_count(object);
	struct member *m = mem_resize(NULL, count, sizeof *m);
	struct json_walk w = { .value = object };

	for (i = 0; json_next(&w); i++)
		m[i] = (struct member){ w.key, w.item };
	qsort(m, count, sizeof *m, member_order);
	for (*n = i = 0; i < count; i++)
		if (i == 0 || string_order(m[*n - 1].key, m[i].key) != 0)
			m[(*n)++] = m[i];
	return m;
}

static bool
objects_equal(struct span a, struct span b)
{
	size_t n, m, i = 0;
	struct member *x = members(a, &n), *y = members(b, &m);

	if (n == m)
		while (i < n && string_order(x[i].key, y[i].key) == 0 &&
		       json_alike(x[i].item, y[i].item))
			i++;
	free(x);
	free(y);
	return n == m && i == n;
}

bool
json_alike(struct span a, struct span b)
{
	enum json_kind kind = json_kind(a);

	if (kind != json_kind(b))
		return false;
	switch (kind) {
	case JSON_IS_NUMBER:
		return number_order(a, b) == 0;
	case JSON_IS_STRING:
		return string_order(a, b) == 0;
	case JSON_IS_ARRAY:
		return arrays_equal(a, b);
	case JSON_IS_OBJECT:
		return objects_equal(a, b);
	default:
		return true;
	}
}

bool
json_before(struct span a, struct span b)
{
	enum json_kind kind = json_kind(a);

	if (kind != json_kind(b))
		return false;
	if (kind == JSON_IS_NUMBER)
		return number_order(a, b) < 0;
	return kind == JSON_IS_STRING && string_order(a, b) < 0;
}
