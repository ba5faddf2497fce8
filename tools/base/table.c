#include "base/table.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

static bool
is_key(const struct table_entry *e, struct span key)
{
	return e->key.n == key.n &&
	       (key.n == 0 || memcmp(e->key.p, key.p, key.n) == 0);
}

/* Where an entry with this key is pointed at, or would be. */
static struct table_entry **
find_place(const struct table *t, struct span key)
{
	struct table_entry **p = &t->slot[hash_span(key) & (t->size - 1)];

	while (*p != NULL && !is_key(*p, key))
		p = &(*p)->next;
	return p;
}

/* Frees what was dropped, and doubles the slots unless that was half of it.
 * This goes through the entries in the order they came, which is about that of
 * their memory. */
static void
rebuild(struct table *t)
{
	struct table_entry *e, **p, **slot;

	if (t->n >= t->size / 2)
		t->size = t->size > 0 ? 2 * t->size : 64;
	t->slot = mem_resize(t->slot, t->size, sizeof *t->slot);
	memset(t->slot, 0, t->size * sizeof *t->slot);
	t->last = NULL;
	t->dropped = 0;
	for (p = &t->first; (e = *p) != NULL;) {
		if (e->key.p == NULL) {
			*p = e->after;
			free(e);
			continue;
		}
		slot = &t->slot[hash_span(e->key) & (t->size - 1)];
		e->next = *slot;
		*slot = t->last = e;
		p = &e->after;
	}
}

void *
table_find(struct table *t, struct span key)
{
	struct table_entry *e;

	if (t->recent != NULL && is_key(t->recent, key))
		return t->recent;
	e = t->size > 0 ? *find_place(t, key) : NULL;
	if (e != NULL)
		t->recent = e;
	return e;
}

void *
table_get(struct table *t, struct span key, size_t size)
{
	struct table_entry *e, **place;
	char *copy;

	if (t->recent != NULL && is_key(t->recent, key))
		return t->recent;
	if (t->n + t->dropped == t->size)
		rebuild(t);
	place = find_place(t, key);
	if (*place != NULL)
		return t->recent = *place;
	e = mem_alloc(size + key.n + 1);
	memset(e, 0, size);
	copy = (char *)e + size;
	if (key.n > 0)
		memcpy(copy, key.p, key.n);
	copy[key.n] = '\0';
	e->key = (struct span){ copy, key.n };
	*(t->last != NULL ? &t->last->after : &t->first) = e;
	t->n++;
	return *place = t->last = t->recent = e;
}

void *
table_next(const struct table *t, const void *entry)
{
	const struct table_entry *e = entry;
	struct table_entry *next = e != NULL ? e->after : t->first;

	while (next != NULL && next->key.p == NULL)
		next = next->after;
	return next;
}

void
table_drop(struct table *t, void *entry)
{
	struct table_entry *e = entry;

	*find_place(t, e->key) = e->next;
	e->key.p = NULL;
	t->n--;
	t->dropped++;
	if (t->recent == e)
		t->recent = NULL;
}

void
table_free(struct table *t)
{
	struct table_entry *e, *after;

	for (e = t->first; e != NULL; e = after) {
		after = e->after;
		free(e);
	}
	free(t->slot);
	memset(t, 0, sizeof *t);
}
