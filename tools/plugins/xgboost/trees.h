/*
 * The trees of a model as they are in its file.  XGBoost follows branches
 * unchecked, so they are checked here first.
 */
#ifndef PLUGINS_XGBOOST_TREES_H
#define PLUGINS_XGBOOST_TREES_H

#include <stdint.h>

#include "base/span.h"

/* The lists of a model in JSON or UBJSON: for each node of a tree, then for
 * each tree; and for each column of a model without trees. */
enum trees_list {
	TREES_LEFT,
	TREES_RIGHT,
	TREES_PARENTS,
	TREES_COLUMNS,
	TREES_GROUPS,
	TREES_WEIGHTS, /* dart's only */
	TREES_LINEAR,  /* gblinear's only: only their number is kept */
	TREES_LISTS
};

struct trees_ints {
	int32_t *v;
	size_t n, size;
	bool there;
};

/* Zero it at first; trees_free ends it. */
struct trees {
	size_t count;	/* of trees */
	size_t columns; /* that they test: the last one's number, from 1 */
	size_t groups;	/* that they are in, one a class: likewise */
	struct trees_ints lists[TREES_LISTS];
	int32_t *todo;
	size_t todo_size;
};

/* Begins the list that the member of an object is; NULL: it is not one. */
struct trees_ints *trees_begin(struct trees *t, struct span name);
void trees_add(struct trees_ints *list, int64_t v);

/*
 * After a list: checks the tree that it completes, if it does.  Returns 0, or
 * -1 with a constant reason in *why.
 */
int trees_end(struct trees *t, const char **why);

/* The same for all trees of a model in JSON, which was checked. */
int trees_json(struct trees *t, struct span model, const char **why);

void trees_free(struct trees *t);

#endif
