#ifdef __linux__
#define _GNU_SOURCE /* memmem */
#endif
#include "format/json_edit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/json.h"

/* The loader chooses the body. */
#if defined __x86_64__ && defined __GLIBC__ && __GNUC__ >= 6 &&                \
    !defined __clang__ && !defined __SANITIZE_ADDRESS__
#define FOR_EACH_MACHINE __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_MACHINE
#endif

static void
add_name(struct buf *out, struct span name)
{
	buf_addc(out, '"');
	buf_add(out, name.p, name.n);
	buf_adds(out, "\":");
}

static void
add_span(struct buf *out, struct span s)
{
	buf_add(out, s.p, s.n);
}

/*
 * About where b first follows a, or a u a backslash; s.n if neither does.
 * Compilers make vector code of the loop of fixed length; memmem(3) takes
 * several times as long.
 */
FOR_EACH_MACHINE static size_t
find_pair(struct span s, char a, char b)
{
	enum { STEP = 64 };
	const char *p;
	size_t i, k;
	unsigned char any;

	for (i = 0; s.n - i > STEP; i += STEP) {
		p = s.p + i;
		any = 0;
		for (k = 0; k < STEP; k++)
			any |= (unsigned char)(((p[k] == a) & (p[k + 1] == b)) |
					       ((p[k] == '\\') &
						   (p[k + 1] == 'u')));
		if (any)
			return i;
	}
	for (; s.n - i > 1; i++)
		if ((s.p[i] == a && s.p[i + 1] == b) ||
		    (s.p[i] == '\\' && s.p[i + 1] == 'u'))
			return i;
	return s.n;
}

bool
member_may_be(struct span text, struct span name)
{
	static const char escape[] = "\\u00";
	size_t rare = sizeof "SageMaker" - 1; /* a capital letter in a word */
	size_t at = find_pair(text, name.p[rare - 1], name.p[rare]);
	const char *p = text.p + at, *end = text.p + text.n;

	if (at == text.n)
		return false;
	if (memmem(text.p, text.n, name.p, name.n) != NULL)
		return true;
	/* An ASCII letter may be written as \u00XX. */
	while ((p = memmem(p, (size_t)(end - p), escape, sizeof escape - 1)) !=
	       NULL) {
		p += sizeof escape - 1;
		if (p < end && *p >= '4' && *p <= '7')
			return true;
	}
	return false;
}

void
member_set(
    struct buf *out, struct span object, struct span name, struct span value)
{
	struct json_walk w = { .value = object };
	const char *from = object.p, *end = object.p + object.n;
	const bool may_be = member_may_be(object, name);

	while (may_be && json_next(&w)) {
		if (!json_string_is(w.key, name))
			continue;
		buf_add(out, from, (size_t)(w.item.p - from));
		add_span(out, value);
		from = w.item.p + w.item.n;
	}
	if (from > object.p) {
		buf_add(out, from, (size_t)(end - from));
		return;
	}
	buf_add(out, object.p, object.n - 1);
	if (!json_empty(object))
		buf_addc(out, ',');
	add_name(out, name);
	add_span(out, value);
	buf_addc(out, '}');
}

void
member_wrap(struct buf *out, struct span name, struct span value)
{
	buf_addc(out, '{');
	add_name(out, name);
	add_span(out, value);
	buf_addc(out, '}');
}

void
member_join(struct buf *out, struct span record, struct span prediction)
{
	buf_adds(out, "{\"SageMakerInput\":");
	add_span(out, record);
	buf_adds(out, ",\"SageMakerOutput\":");
	add_span(out, prediction);
	buf_addc(out, '}');
}

struct member {
	struct span key, item;
	size_t place;
};

static int
by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	size_t n = x->key.n < y->key.n ? x->key.n : y->key.n;
	int order = memcmp(x->key.p, y->key.p, n);

	if (order != 0)
		return order;
	if (x->key.n != y->key.n)
		return x->key.n < y->key.n ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void
sorted_object(struct buf *out, struct span object)
{
	struct json_walk w = { .value = object };
	struct member *m = NULL;
	size_t i, n, room = 0;

	for (n = 0; json_next(&w); n++) {
		m = mem_grow(m, &room, n + 1, sizeof *m);
		w.key.p++; /* without the quotes */
		w.key.n -= 2;
		m[n] = (struct member){ w.key, w.item, n };
	}
	if (n > 1)
		qsort(m, n, sizeof *m, by_name);
	buf_addc(out, '{');
	for (i = 0; i < n; i++) {
		/* The last of equal names counts. */
		if (i + 1 < n && m[i].key.n == m[i + 1].key.n &&
		    memcmp(m[i].key.p, m[i + 1].key.p, m[i].key.n) == 0)
			continue;
		if (out->p[out->n - 1] != '{')
			buf_addc(out, ',');
		add_name(out, m[i].key);
		member_sorted(out, m[i].item);
	}
	buf_addc(out, '}');
	free(m);
}

void
member_sorted(struct buf *out, struct span value)
{
	struct json_walk w = { .value = value };
	enum json_kind kind = json_kind(value);
	char before = '[';

	if (kind == JSON_IS_OBJECT) {
		sorted_object(out, value);
		return;
	}
	if (kind != JSON_IS_ARRAY) {
		add_span(out, value);
		return;
	}
	while (json_next(&w)) {
		buf_addc(out, before);
		member_sorted(out, w.item);
		before = ',';
	}
	if (before == '[')
		buf_addc(out, '[');
	buf_addc(out, ']');
}
