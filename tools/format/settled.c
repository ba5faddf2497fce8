/*
 * A treap: a tree in the order of the records, and a heap by priorities, which
 * are drawn from the elements' numbers.  So it is as deep as a random tree,
 * whatever the order in which ranges come.
 */
#include "format/settled.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Element i; they count from 1, and 0 is none. */
static struct settled_range *
at(const struct settled *s, uint32_t i)
{
	return (struct settled_range *)(void *)(s->list +
						(size_t)(i - 1) * s->element);
}

static uint32_t
priority(uint32_t i)
{
	i = (i ^ i >> 16) * 0x85ebca6b;
	i = (i ^ i >> 13) * 0xc2b2ae35;
	return i ^ i >> 16;
}

static uint32_t
new_element(struct settled *s)
{
	uint32_t i = s->unused;

	if (i != 0) {
		s->unused = at(s, i)->before;
		return i;
	}
	if (s->n == s->size) {
		s->size += s->size / 2 + 1;
		s->list = mem_resize(s->list, s->size, s->element);
	}
	return ++s->n;
}

void *
settled_add(struct settled *s, uint64_t first, uint64_t count)
{
	uint32_t new = new_element(s), i, *link = &s->top, *low, *high;
	struct settled_range *r = at(s, new);

	while (*link != 0 && priority(*link) >= priority(new))
		link = first < at(s, *link)->first ? &at(s, *link)->before
						   : &at(s, *link)->after;
	i = *link;
	*link = new;
	memset(r, 0, s->element);
	r->first = first;
	r->count = count;
	low = &r->before;
	high = &r->after;
	while (i != 0)
		if (at(s, i)->first < first) {
			*low = i;
			low = &at(s, i)->after;
			i = *low;
		} else {
			*high = i;
			high = &at(s, i)->before;
			i = *high;
		}
	*low = *high = 0;
	return r;
}

void *
settled_after(const struct settled *s, uint64_t record)
{
	struct settled_range *r, *found = NULL;
	uint32_t i = s->top;

	while (i != 0) {
		r = at(s, i);
		if (r->first + r->count > record) {
			found = r;
			i = r->before;
		} else {
			i = r->after;
		}
	}
	return found;
}

bool
settled_has(const struct settled *s, uint64_t first, uint64_t count)
{
	const struct settled_range *r = settled_after(s, first);

	return r != NULL && r->first < first + count;
}

void
settled_drop_first(struct settled *s)
{
	uint32_t i, *link = &s->top;

	while (at(s, *link)->before != 0)
		link = &at(s, *link)->before;
	i = *link;
	*link = at(s, i)->after;
	at(s, i)->before = s->unused;
	s->unused = i;
}

void
settled_free(struct settled *s)
{
	uint32_t element = s->element;

	free(s->list);
	memset(s, 0, sizeof *s);
	s->element = element;
}
