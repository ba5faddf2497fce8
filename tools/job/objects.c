#include "job/objects.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { SLOTS = 1024 };

static bool
is_of(const struct object *o, struct span path)
{
	return o->n == path.n && memcmp(o->path, path.p, path.n) == 0;
}

static void
enter(struct objects *os, struct object *o)
{
	struct object **slot = &os->slots[o->hash & (os->size - 1)];

	o->next = *slot;
	*slot = o;
}

/* Twice as many slots, or the first. */
static void
grow(struct objects *os)
{
	struct objects old = *os;
	struct object *o, *next;
	size_t i;

	os->size = old.size > 0 ? 2 * old.size : SLOTS;
	os->slots = mem_alloc(os->size * sizeof *os->slots);
	for (i = 0; i < os->size; i++)
		os->slots[i] = NULL;
	for (i = 0; i < old.size; i++)
		for (o = old.slots[i]; o != NULL; o = next) {
			next = o->next;
			enter(os, o);
		}
	free(old.slots);
}

static struct object *
add_object(struct objects *os, struct span path, uint64_t hash)
{
	struct object *o = mem_alloc(sizeof *o);

	memset(o, 0, sizeof *o);
	o->hash = hash;
	o->path = mem_dup(path.p, path.n);
	o->n = path.n;
	enter(os, o);
	os->n++;
	return o;
}

struct object *
objects_find(struct objects *os, struct span path, bool add)
{
	struct object *o = os->recent;
	uint64_t hash;

	if (o != NULL && is_of(o, path))
		return o;
	if (os->n >= os->size)
		grow(os);
	hash = hash_span(path);
	for (o = os->slots[hash & (os->size - 1)]; o != NULL; o = o->next)
		if (o->hash == hash && is_of(o, path))
			break;
	if (o == NULL && add)
		o = add_object(os, path, hash);
	if (o != NULL)
		os->recent = o;
	return o;
}

static void
free_object(struct object *o)
{
	free(o->path);
	free(o->waiting.p);
	free(o->failed.p);
	ranges_free(&o->answered);
	ranges_free(&o->not_answered);
	free(o);
}

void
objects_drop(struct objects *os, struct object *o)
{
	struct object **p = &os->slots[o->hash & (os->size - 1)];

	while (*p != o)
		p = &(*p)->next;
	*p = o->next;
	os->n--;
	if (os->recent == o)
		os->recent = NULL;
	free_object(o);
}

void
objects_free(struct objects *os)
{
	struct object *o, *next;
	size_t i;

	for (i = 0; i < os->size; i++)
		for (o = os->slots[i]; o != NULL; o = next) {
			next = o->next;
			free_object(o);
		}
	free(os->slots);
}

/* What was taken off the front gives its room to what comes. */
void
batches_add(struct batches *b, struct range batch)
{
	if (b->n == b->size && b->from > b->n / 2) {
		b->n -= b->from;
		memmove(b->p, b->p + b->from, b->n * sizeof *b->p);
		b->from = 0;
	}
	if (b->n == b->size) {
		b->size += b->size / 2 + 4;
		b->p = mem_resize(b->p, b->size, sizeof *b->p);
	}
	b->p[b->n++] = batch;
}
