#include "plugins/xgboost/trees.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const names[TREES_LISTS] = { "left_children",
	"right_children", "parents", "split_indices", "tree_info",
	"weight_drop", "weights" };

struct trees_ints *
trees_begin(struct trees *t, struct span name)
{
	size_t i;

	for (i = 0; i < TREES_LISTS; i++)
		if (span_is(name, names[i])) {
			t->lists[i].n = 0;
			t->lists[i].there = true;
			return &t->lists[i];
		}
	return NULL;
}

void
trees_add(struct trees_ints *list, int64_t v)
{
	if (list->n == list->size) {
		list->size += list->size / 2 + 64;
		list->v = mem_resize(list->v, list->size, sizeof *list->v);
	}
	/* Anything but an int32 is outside every tree. */
	list->v[list->n++] =
	    v < INT32_MIN || v > INT32_MAX ? INT32_MIN : (int32_t)v;
}

/* Pruning leaves nodes that no branch leads to, with anything in them: only
 * what can be reached counts.  A tree that comes to more nodes than it has
 * goes in circles. */
static const char *
follow(struct trees *t, int64_t n)
{
	const struct trees_ints *l = t->lists;
	int64_t left = 1, seen = 1;
	int32_t at, to;
	int side;

	for (t->todo[0] = 0; left > 0;) {
		at = t->todo[--left];
		if (l[TREES_LEFT].v[at] == -1)
			continue;
		if (l[TREES_COLUMNS].v[at] < 0)
			return "a branch asks for no column";
		if ((size_t)l[TREES_COLUMNS].v[at] >= t->columns)
			t->columns = (size_t)l[TREES_COLUMNS].v[at] + 1;
		for (side = TREES_LEFT; side <= TREES_RIGHT; side++) {
			to = l[side].v[at];
			if (to < 0 || to >= n)
				return "a branch leads out of its tree";
			if (seen++ == n)
				return "branches of a tree meet again";
			t->todo[left++] = to;
		}
		/* XGBoost assumes that the right one is the next, except if a
		 * value is missing. */
		if (to != l[TREES_LEFT].v[at] + 1)
			return "the sides of a branch are not next to each other";
	}
	return NULL;
}

static const char *
check_nodes(struct trees *t)
{
	const int32_t *parents = t->lists[TREES_PARENTS].v;
	size_t n = t->lists[TREES_LEFT].n, i;

	t->count++;
	if (n == 0)
		return "a tree without nodes";
	for (i = TREES_LEFT; i <= TREES_COLUMNS; i++) {
		if (t->lists[i].n != n)
			return "a tree with more of one thing than of another";
		t->lists[i].there = false;
	}
	/* The root has no parent: in JSON the largest number, in the old format
	 * -1. */
	for (i = 0; i < n; i++)
		if (parents[i] != INT32_MAX &&
		    (parents[i] < -1 || parents[i] >= (int64_t)n))
			return "a node whose parent is not in its tree";
	if (t->todo_size < n) {
		t->todo = mem_resize(t->todo, n, sizeof *t->todo);
		t->todo_size = n;
	}
	return follow(t, (int64_t)n);
}

static const char *
check_groups(struct trees *t)
{
	struct trees_ints *list = &t->lists[TREES_GROUPS];
	size_t i;

	list->there = false;
	for (i = 0; i < list->n; i++) {
		if (list->v[i] < 0)
			return "a tree of no class";
		if ((size_t)list->v[i] >= t->groups)
			t->groups = (size_t)list->v[i] + 1;
	}
	return NULL;
}

int
trees_end(struct trees *t, const char **why)
{
	const struct trees_ints *l = t->lists;

	*why = NULL;
	if (l[TREES_LEFT].there && l[TREES_RIGHT].there &&
	    l[TREES_PARENTS].there && l[TREES_COLUMNS].there)
		*why = check_nodes(t);
	if (*why == NULL && l[TREES_GROUPS].there)
		*why = check_groups(t);
	return *why == NULL ? 0 : -1;
}

void
trees_free(struct trees *t)
{
	size_t i;

	for (i = 0; i < TREES_LISTS; i++)
		free(t->lists[i].v);
	free(t->todo);
}
