#include "base/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Room is made by moving what follows in a chunk, never all that follows. */
enum { CHUNK_LEAST = 2, CHUNK_MOST = 256 /* ranges */ };

struct chunk {
	size_t n, size; /* n is not 0 */
	struct range p[];
};

/* Where a range is or would be; there is none at chunk r->n. */
struct place {
	size_t chunk, i;
};

/* The first range that ends at or after this number. */
static struct place
find(const struct ranges *r, uint64_t number)
{
	struct place at = { 0, 0 };
	size_t high = r->n, middle;
	const struct chunk *c;

	/* Usually it is in the last chunk. */
	if (r->n > 0 && r->chunk[r->n - 1]->p[0].from <= number)
		at.chunk = r->n - 1;
	while (at.chunk < high) {
		middle = at.chunk + (high - at.chunk) / 2;
		c = r->chunk[middle];
		if (c->p[c->n - 1].to < number)
			at.chunk = middle + 1;
		else
			high = middle;
	}
	for (high = at.chunk < r->n ? r->chunk[at.chunk]->n : 0; at.i < high;) {
		middle = at.i + (high - at.i) / 2;
		if (r->chunk[at.chunk]->p[middle].to < number)
			at.i = middle + 1;
		else
			high = middle;
	}
	return at;
}

/* The range at this place, or NULL. */
static struct range *
range_at(const struct ranges *r, struct place at)
{
	return at.chunk < r->n ? &r->chunk[at.chunk]->p[at.i] : NULL;
}

static struct place
next(const struct ranges *r, struct place at)
{
	if (++at.i == r->chunk[at.chunk]->n) {
		at.chunk++;
		at.i = 0;
	}
	return at;
}

static void
resize_chunk(struct ranges *r, size_t at, size_t size)
{
	struct chunk *c = r->chunk[at];

	c = mem_resize(c, sizeof *c + size * sizeof *c->p, 1);
	c->size = size;
	r->chunk[at] = c;
}

/* Makes a chunk without ranges: the caller must add one. */
static void
add_chunk(struct ranges *r, size_t at, size_t size)
{
	if (r->n == r->size) {
		r->size += r->size / 2 + 1;
		r->chunk = mem_resize(r->chunk, r->size, sizeof *r->chunk);
	}
	memmove(
	    r->chunk + at + 1, r->chunk + at, (r->n - at) * sizeof *r->chunk);
	r->n++;
	r->chunk[at] = NULL;
	resize_chunk(r, at, size);
	r->chunk[at]->n = 0;
}

static void
insert(struct ranges *r, struct place at, uint64_t from, uint64_t to)
{
	struct chunk *c, *half;

	/* After all others: in the last chunk, or a new one. */
	if (at.chunk == r->n) {
		if (r->n > 0 && r->chunk[r->n - 1]->n < CHUNK_MOST)
			at = (struct place){ r->n - 1, r->chunk[r->n - 1]->n };
		else
			add_chunk(r, at.chunk, CHUNK_LEAST);
	}
	/* Half of a full chunk becomes one of its own. */
	if (r->chunk[at.chunk]->n == CHUNK_MOST) {
		add_chunk(r, at.chunk + 1, CHUNK_MOST);
		c = r->chunk[at.chunk];
		half = r->chunk[at.chunk + 1];
		half->n = c->n / 2;
		c->n -= half->n;
		memcpy(half->p, c->p + c->n, half->n * sizeof *half->p);
		if (at.i > c->n) {
			at.i -= c->n;
			at.chunk++;
		}
	}
	c = r->chunk[at.chunk];
	if (c->n == c->size) {
		resize_chunk(r, at.chunk, 2 * c->size);
		c = r->chunk[at.chunk];
	}
	memmove(c->p + at.i + 1, c->p + at.i, (c->n - at.i) * sizeof *c->p);
	c->p[at.i] = (struct range){ from, to };
	c->n++;
}

static void
drop(struct ranges *r, struct place at)
{
	struct chunk *c = r->chunk[at.chunk];

	c->n--;
	memmove(c->p + at.i, c->p + at.i + 1, (c->n - at.i) * sizeof *c->p);
	if (c->n > 0)
		return;
	free(c);
	r->n--;
	memmove(r->chunk + at.chunk, r->chunk + at.chunk + 1,
	    (r->n - at.chunk) * sizeof *r->chunk);
}

void
ranges_add(struct ranges *r, uint64_t from, uint64_t to)
{
	struct place at = find(r, from), following;
	struct range *one = range_at(r, at), *other;

	if (one == NULL || one->from > to) {
		insert(r, at, from, to);
		return;
	}
	if (one->from > from)
		one->from = from;
	if (one->to >= to)
		return;
	one->to = to;
	/* It may reach the ranges after it now. */
	for (following = next(r, at);
	     (other = range_at(r, following)) != NULL && other->from <= one->to;
	     following = next(r, at)) {
		if (other->to > one->to)
			one->to = other->to;
		drop(r, following);
	}
}

/* The part of the range at this place that is in from..to-1; false if there is
 * none. */
static bool
cut(const struct ranges *r, struct place at, uint64_t from, uint64_t to,
    struct range *part)
{
	const struct range *one = range_at(r, at);

	if (one == NULL || one->from >= to)
		return false;
	part->from = one->from > from ? one->from : from;
	part->to = one->to < to ? one->to : to;
	return true;
}

uint64_t
ranges_count(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to)
{
	struct place at;
	struct range part;
	uint64_t n = 0;

	for (at = find(r, from); cut(r, at, from, to, &part);
	     at = next(r, at)) {
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
	struct place at, other;

	for (at = find(r, from); cut(r, at, from, to, &part);
	     at = next(r, at)) {
		for (other = find(without, part.from);
		     cut(without, other, part.from, part.to, &hole) &&
		     hole.from == part.from;
		     other = next(without, other))
			part.from = hole.to;
		if (part.from < part.to)
			return part.from;
	}
	return to;
}

bool
ranges_next(const struct ranges *r, uint64_t after, struct range *one)
{
	struct range *there = NULL;

	if (after < UINT64_MAX)
		there = range_at(r, find(r, after + 1));
	if (there != NULL)
		*one = *there;
	return there != NULL;
}

bool
ranges_is_one(const struct ranges *r)
{
	return r->n == 1 && r->chunk[0]->n == 1 && r->chunk[0]->p[0].from == 0;
}

uint64_t
ranges_end(const struct ranges *r)
{
	const struct chunk *last = r->n > 0 ? r->chunk[r->n - 1] : NULL;

	return last != NULL ? last->p[last->n - 1].to : 0;
}

void
ranges_free(struct ranges *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		free(r->chunk[i]);
	free(r->chunk);
}
