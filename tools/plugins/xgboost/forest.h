/*
 * Trees in the form in which they are walked, and the walk.  The answers are
 * those of XGBoost to the bit: a row's leaves are added in the order of the
 * trees, as floats.
 */
#ifndef PLUGINS_XGBOOST_FOREST_H
#define PLUGINS_XGBOOST_FOREST_H

#include <stdint.h>

#include "plugins/xgboost/sparse.h"

/* A node; a branch's children are next to each other.  A leaf leads to itself,
 * so that rows that have come to one can go on with the others.  Nodes are
 * numbered by twos, which saves a processor a step: number n is nodes[n / 2].
 */
struct forest_node {
	float limit;   /* of a branch: to the left if below; else NaN */
	uint32_t cell; /* that it tests, in bytes: forest.c */
	uint32_t left; /* and 1 if the branch is by category */
	union {
		float value;  /* of a leaf */
		uint32_t set; /* of a branch by category: its place in sets */
	} u;
};

struct forest_tree {
	uint32_t root;
	uint32_t group;
	uint32_t nearest, farthest; /* steps to its leaves */
	float weight;
	bool is_plain; /* no branch needs more than a comparison */
};

/* Zero it at first; forest_free ends it. */
struct forest {
	struct forest_node *nodes;
	struct forest_tree *trees;
	size_t node_count, tree_count;
	size_t columns; /* that are tested: the last one's number, from 1 */
	size_t groups;	/* that the trees are in: likewise */
	/* A set is how many words it has, and a bit for each category that
	 * goes to the right. */
	uint32_t *sets;
	size_t set_words;
	bool weighted; /* as dart's trees are */
	size_t node_room, tree_room, set_room;
	float *cells; /* room of a prediction */
	size_t cells_room;
	int32_t *todo; /* room of forest_add */
	size_t todo_room;
};

enum { FOREST_COLUMNS_MAX = 1 << 20 };

/* A tree as it is in a file: of each node, and of each category of those by
 * category.  A leaf has left -1, and its answer in place of the limit. */
struct forest_source {
	size_t nodes;
	const int32_t *left, *right, *column;
	const float *limit;
	const unsigned char *default_left; /* 0 or 1 */
	const unsigned char *by_category;  /* likewise; NULL: none is */
	size_t sets; /* as many nodes by category, in ascending order */
	const int32_t *set_node;
	const int64_t *set_begin, *set_size; /* in categories */
	const int32_t *categories;
	size_t category_count;
	uint32_t group;
	float weight;
};

/*
 * Adds a tree after checking it: each branch leads to two nodes of the tree
 * that are next to each other, to which no other branch leads, and its column
 * and categories are in their bounds.  Returns 0, or -1 with a constant reason
 * in *why; the forest is then only good for forest_free.
 */
int forest_add(
    struct forest *f, const struct forest_source *t, const char **why);

/*
 * Adds the answers of the first `trees` trees to out, which has `width` floats
 * for each row, one a group.  The rows are a matrix of at least f->columns
 * columns (NaN: missing), or sparse ones.
 */
void forest_predict(struct forest *f, size_t trees, const float *x, size_t rows,
    size_t columns, float *out, size_t width);
void forest_predict_sparse(struct forest *f, size_t trees,
    const struct sparse *s, float *out, size_t width);

void forest_free(struct forest *f);

#endif
