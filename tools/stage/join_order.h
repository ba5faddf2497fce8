/*
 * Result lines that came before their turn, of one object: a heap of their
 * text, the one with the first records on top.
 */
#ifndef STAGE_JOIN_ORDER_H
#define STAGE_JOIN_ORDER_H

#include <stdint.h>

#include "base/span.h"

struct early {
	uint64_t first, count; /* its records */
	char *line;
	size_t n;
};

/* Zero one to begin with. */
struct order {
	struct early *heap;
	size_t n, size;
};

/* Keeps a copy of line, which answers count records from first. */
void order_hold(
    struct order *o, uint64_t first, uint64_t count, struct span line);

/* The line whose records come first (an empty batch before another that
 * begins where it does); NULL where none is held. */
const struct early *order_top(const struct order *o);

/* Takes it out: *e is the caller's, to free e->line. */
void order_take(struct order *o, struct early *e);

void order_free(struct order *o);

#endif
