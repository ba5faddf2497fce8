#include "join/losses.h"

#include <stdlib.h>

#include "base/mem.h"

void
losses_add(struct losses *l, struct loss loss, struct buf *why)
{
	buf_add(&loss.why, why->p, why->n);
	why->n = 0;
	l->p = mem_grow(l->p, &l->size, l->n + 1, sizeof *l->p);
	l->p[l->n++] = loss;
}

void
losses_forget(struct losses *l)
{
	while (l->n > 0)
		buf_free(&l->p[--l->n].why);
	l->all = false;
}

void
losses_free(struct losses *l)
{
	losses_forget(l);
	free(l->p);
	*l = (struct losses){ 0 };
}
