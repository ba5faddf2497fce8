#include "stage/job_ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Ranges that are moved at once to make room for one; and, in parts of all,
 * how many may be aside. */
enum { NEAR = 64, PARTS = 8 };

/* The first range that ends at or after this number. */
static size_t
find(const struct ranges *r, uint64_t number)
{
	size_t low = 0, high = r->n, middle;

	/* Most often the last is meant. */
	if (r->n > 0 && r->p[r->n - 1].from <= number)
		low = r->p[r->n - 1].to < number ? r->n : r->n - 1;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->p[middle].to < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
insert(struct ranges *r, size_t at, uint64_t from, uint64_t to)
{
	if (r->n == r->size) {
		r->size += r->size / 2 + 4;
		r->p = mem_resize(r->p, r->size, sizeof *r->p);
	}
	memmove(r->p + at + 1, r->p + at, (r->n - at) * sizeof *r->p);
	r->p[at] = (struct range){ from, to };
	r->n++;
}

/* Adds one whose place is at. */
static void
add_at(struct ranges *r, size_t at, uint64_t from, uint64_t to)
{
	size_t end = at;

	while (end < r->n && r->p[end].from <= to)
		end++;
	if (end == at) {
		insert(r, at, from, to);
		return;
	}
	if (r->p[at].from > from)
		r->p[at].from = from;
	r->p[at].to = r->p[end - 1].to > to ? r->p[end - 1].to : to;
	memmove(r->p + at + 1, r->p + end, (r->n - end) * sizeof *r->p);
	r->n -= end - at - 1;
}

static void
put_aside(struct ranges *r, uint64_t from, uint64_t to)
{
	if (r->n_aside == r->size_aside) {
		r->size_aside += r->size_aside / 2 + NEAR;
		r->aside =
		    mem_resize(r->aside, r->size_aside, sizeof *r->aside);
	}
	r->aside[r->n_aside++] = (struct range){ from, to };
}

static int
by_from(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

void
ranges_settle(struct ranges *r)
{
	struct range *p = r->p, *aside = r->aside;
	size_t n = r->n, n_aside = r->n_aside, i = 0, j = 0;

	if (n_aside == 0)
		return;
	qsort(aside, n_aside, sizeof *aside, by_from);
	r->p = r->aside = NULL;
	r->n = r->size = r->n_aside = r->size_aside = 0;
	/* In this order each has its place at the end. */
	while (i < n || j < n_aside)
		if (j == n_aside || (i < n && p[i].from <= aside[j].from)) {
			ranges_add(r, p[i].from, p[i].to);
			i++;
		} else {
			ranges_add(r, aside[j].from, aside[j].to);
			j++;
		}
	free(p);
	free(aside);
}

bool
ranges_add(struct ranges *r, uint64_t from, uint64_t to)
{
	size_t at = find(r, from);

	if (r->n - at <= NEAR) {
		add_at(r, at, from, to);
		return r->n_aside == 0;
	}
	put_aside(r, from, to);
	if (r->n_aside <= r->n / PARTS)
		return false;
	ranges_settle(r);
	return true;
}

/* Range i cut to from..to-1; false where nothing of it is there. */
static bool
cut(const struct ranges *r, size_t i, uint64_t from, uint64_t to,
    struct range *part)
{
	if (i >= r->n || r->p[i].from >= to)
		return false;
	part->from = r->p[i].from > from ? r->p[i].from : from;
	part->to = r->p[i].to < to ? r->p[i].to : to;
	return true;
}

uint64_t
ranges_count(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to)
{
	struct range part;
	uint64_t n = 0;
	size_t i;

	for (i = find(r, from); cut(r, i, from, to, &part); i++) {
		if (part.to <= part.from)
			continue;
		n += part.to - part.from;
		if (without != NULL)
			n -= ranges_count(without, NULL, part.from, part.to);
	}
	return n;
}

uint64_t
ranges_first(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to)
{
	struct range part, hole;
	size_t i, j;

	for (i = find(r, from); cut(r, i, from, to, &part); i++) {
		for (j = find(without, part.from);
		     cut(without, j, part.from, part.to, &hole) &&
		     hole.from == part.from;
		     j++)
			part.from = hole.to;
		if (part.from < part.to)
			return part.from;
	}
	return to;
}

void
ranges_free(struct ranges *r)
{
	free(r->p);
	free(r->aside);
}
