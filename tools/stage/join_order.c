#include "stage/join_order.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

static bool
before(const struct early *a, const struct early *b)
{
	return a->first != b->first ? a->first < b->first : a->count < b->count;
}

void
order_hold(struct order *o, uint64_t first, uint64_t count, struct span line)
{
	struct early e = { first, count, mem_dup(line.p, line.n), line.n };
	size_t i, up;

	if (o->n == o->size) {
		o->size = o->size > 0 ? o->size * 2 : 8;
		o->heap = mem_resize(o->heap, o->size, sizeof *o->heap);
	}
	for (i = o->n++; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!before(&e, &o->heap[up]))
			break;
		o->heap[i] = o->heap[up];
	}
	o->heap[i] = e;
}

const struct early *
order_top(const struct order *o)
{
	return o->n > 0 ? o->heap : NULL;
}

void
order_take(struct order *o, struct early *e)
{
	struct early last = o->heap[o->n - 1];
	size_t i, down;

	*e = o->heap[0];
	o->n--;
	for (i = 0; (down = 2 * i + 1) < o->n; i = down) {
		if (down + 1 < o->n &&
		    before(&o->heap[down + 1], &o->heap[down]))
			down++;
		if (!before(&o->heap[down], &last))
			break;
		o->heap[i] = o->heap[down];
	}
	if (o->n > 0)
		o->heap[i] = last;
}

void
order_free(struct order *o)
{
	while (o->n > 0)
		free(o->heap[--o->n].line);
	free(o->heap);
	o->heap = NULL;
	o->size = 0;
}
