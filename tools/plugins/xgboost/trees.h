/*
 * The trees of a model as its file has them.  XGBoost follows a branch without
 * a look at where it leads: so that is looked at before.
 */
#ifndef PLUGINS_XGBOOST_TREES_H
#define PLUGINS_XGBOOST_TREES_H

#include <stdint.h>

#include "base/span.h"

/* What a model in JSON or UBJSON has for each node of a tree, and then for each
 * tree; and what one without trees has for each column. */
enum trees_list {
	TREES_LEFT,
	TREES_RIGHT,
	TREES_PARENTS,
	TREES_COLUMNS,
	TREES_GROUPS,
	TREES_WEIGHTS, /* dart's only */
	TREES_LINEAR,  /* gblinear's only: of these just their number is kept */
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
	size_t columns; /* that they ask for: the last one's number, from 1 */
	size_t groups;	/* that they are in, one a class: likewise */
	struct trees_ints lists[TREES_LISTS];
	int32_t *todo;
	size_t todo_size;
};

/* The list that a member of an object is, begun anew; NULL: it is none. */
struct trees_ints *trees_begin(struct trees *t, struct span name);
void trees_add(struct trees_ints *list, int64_t v);

/*
 * After a list is there: checks the tree that it makes whole, if it does.
 * Returns 0, or -1 with a constant reason in *why.
 */
int trees_end(struct trees *t, const char **why);

/* The same for all trees of a model in JSON, which was checked. */
int trees_json(struct trees *t, struct span model, const char **why);

void trees_free(struct trees *t);

#endif
