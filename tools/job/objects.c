#include "job/objects.h"

#include <stdlib.h>

#include "base/mem.h"

static void
free_contents(struct object *o)
{
	free(o->waiting.p);
	free(o->failed.p);
	ranges_free(&o->answered);
	ranges_free(&o->not_answered);
}

void
objects_drop(struct table *objects, struct object *o)
{
	free_contents(o);
	table_drop(objects, o);
}

void
objects_free(struct table *objects)
{
	struct object *o = NULL;

	while ((o = table_next(objects, o)) != NULL)
		free_contents(o);
	table_free(objects);
}

/* Reuses the room of batches that were removed from the front. */
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
