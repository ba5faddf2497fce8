#include "plugins/xgboost/forest.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * Rows are walked SIDE by side, so that a processor waits for many loads at a
 * time.  What they have in a column is together, and twice: SIDE numbers with
 * NaN for those that are missing, which no comparison sends to the left, and
 * SIDE with -infinity for them, which are below every limit.  The branch names
 * the ones that send a missing number where it wants it.
 */
enum { SIDE = 16, HALF = SIDE * sizeof(float), CELLS = 2 * SIDE };

/* The most bytes of cells that all trees see one after the other, so that these
 * and a tree stay in a processor's near caches; and the most rows. */
enum { BLOCK_BYTES = 65536, BLOCK_ROWS = 256 };

/* Fewer rows than this are walked one by one. */
enum { WORTH = 4 };

enum { BY_CATEGORY = 1 };

/* XGBoost takes a category from this on, and any below 0, for unknown. */
enum { CATEGORY_MAX = 1 << 24 };

static int
add_set(struct forest *f, const struct forest_source *t, size_t k,
    uint32_t *out, const char **why)
{
	int64_t begin = t->set_begin[k], size = t->set_size[k], i;
	int32_t most = 0, v;
	size_t words;

	*why = "categories that are not in their list";
	if (begin < 0 || size <= 0 || size > (int64_t)t->category_count ||
	    begin > (int64_t)t->category_count - size)
		return -1;
	*why = "a category that is none";
	for (i = begin; i < begin + size; i++) {
		v = t->categories[i];
		if (v < 0 || v >= CATEGORY_MAX)
			return -1;
		most = v > most ? v : most;
	}
	words = (size_t)most / 32 + 1;
	if (f->set_words + words >= UINT32_MAX)
		return -1;
	f->sets = mem_grow(
	    f->sets, &f->set_room, f->set_words + words + 1, sizeof *f->sets);
	*out = (uint32_t)f->set_words;
	f->sets[f->set_words++] = (uint32_t)words;
	memset(f->sets + f->set_words, 0, words * sizeof *f->sets);
	for (i = begin; i < begin + size; i++) {
		v = t->categories[i];
		f->sets[f->set_words + (size_t)v / 32] |= 1u << v % 32;
	}
	f->set_words += words;
	return 0;
}

/* The set of a node, by bisection; SIZE_MAX if it has none. */
static size_t
find_set(const struct forest_source *t, int32_t node)
{
	size_t from = 0, to = t->sets, at;

	while (from < to) {
		at = from + (to - from) / 2;
		if (t->set_node[at] < node)
			from = at + 1;
		else
			to = at;
	}
	return from < t->sets && t->set_node[from] == node ? from : SIZE_MAX;
}

static int
add_branch(struct forest *f, const struct forest_source *t, int32_t from,
    struct forest_node *node, const char **why)
{
	int32_t left = t->left[from], column = t->column[from];
	bool by_category = t->by_category != NULL && t->by_category[from] != 0;
	size_t set;

	*why = "a branch leads out of its tree";
	if (left < 0 || (size_t)left >= t->nodes || t->right[from] < 0 ||
	    (size_t)t->right[from] >= t->nodes)
		return -1;
	*why = "the sides of a branch are not next to each other";
	if (t->right[from] != left + 1)
		return -1;
	*why = "a branch asks for no column";
	if (column < 0)
		return -1;
	*why = "more columns than are walked here";
	if (column >= FOREST_COLUMNS_MAX)
		return -1;
	if ((size_t)column >= f->columns)
		f->columns = (size_t)column + 1;
	node->limit = t->limit[from];
	node->cell = (uint32_t)column * 2 * HALF;
	if (t->default_left[from])
		node->cell += HALF;
	if (!by_category)
		return 0;
	node->left = BY_CATEGORY;
	*why = "a branch by category without categories";
	set = find_set(t, from);
	return set == SIZE_MAX ? -1 : add_set(f, t, set, &node->u.set, why);
}

static uint32_t
number(size_t node)
{
	return (uint32_t)node * 2;
}

/* Not every number is below its limit, unless that is NaN or -infinity. */
static bool
is_plain(const struct forest_node *node)
{
	return node->left != BY_CATEGORY &&
	       ((node->cell & HALF) == 0 || node->limit > -INFINITY);
}

/* Nodes are laid out by their distance from the root: those that most rows come
 * to are together.  f->todo is the file's number of each. */
static int
add_nodes(struct forest *f, const struct forest_source *t,
    struct forest_tree *tree, const char **why)
{
	int32_t *from = f->todo;
	size_t n = 1, i, level = 1;
	struct forest_node *node;

	from[0] = 0;
	for (i = 0; i < n; i++) {
		if (i == level) {
			level = n;
			tree->farthest++;
		}
		node = &f->nodes[f->node_count + i];
		*node = (struct forest_node){ .limit = NAN };
		if (t->left[from[i]] == -1) {
			node->left = number(f->node_count + i) - 2;
			node->u.value = t->limit[from[i]];
			if (tree->nearest == UINT32_MAX)
				tree->nearest = tree->farthest;
			continue;
		}
		if (add_branch(f, t, from[i], node, why) == -1)
			return -1;
		*why = "branches of a tree meet again";
		if (n + 2 > t->nodes)
			return -1;
		tree->is_plain &= is_plain(node);
		node->left += number(f->node_count + n);
		from[n++] = t->left[from[i]];
		from[n++] = t->right[from[i]];
	}
	f->node_count += n;
	return 0;
}

int
forest_add(struct forest *f, const struct forest_source *t, const char **why)
{
	struct forest_tree tree = { .root = number(f->node_count),
		.group = t->group,
		.nearest = UINT32_MAX,
		.weight = t->weight,
		.is_plain = true };

	*why = "a tree without nodes";
	if (t->nodes == 0)
		return -1;
	*why = "more nodes than are walked here";
	if (t->nodes > INT32_MAX / 2 - f->node_count)
		return -1;
	f->nodes = mem_grow(f->nodes, &f->node_room, f->node_count + t->nodes,
	    sizeof *f->nodes);
	f->todo = mem_grow(f->todo, &f->todo_room, t->nodes, sizeof *f->todo);
	if (add_nodes(f, t, &tree, why) == -1)
		return -1;
	f->trees = mem_grow(
	    f->trees, &f->tree_room, f->tree_count + 1, sizeof *f->trees);
	f->trees[f->tree_count++] = tree;
	if (t->group >= f->groups)
		f->groups = (size_t)t->group + 1;
	return 0;
}

void
forest_free(struct forest *f)
{
	free(f->nodes);
	free(f->trees);
	free(f->sets);
	free(f->cells);
	free(f->todo);
	*f = (struct forest){ 0 };
}

static inline const struct forest_node *
at_number(const struct forest_node *nodes, uint32_t number)
{
	return (const struct forest_node *)((const char *)nodes +
					    (size_t)number * 8);
}

static inline float
cell(const float *cells, uint32_t bytes, size_t row)
{
	float v;

	memcpy(&v, (const char *)cells + bytes + row * sizeof v, sizeof v);
	return v;
}

/* Where to, from a branch of a plain tree or from a leaf. */
static inline uint32_t
step_plain(const struct forest_node *node, const float *cells, size_t row)
{
	unsigned right = !(cell(cells, node->cell, row) < node->limit);

	return node->left + right * 2;
}

static inline bool
in_set(const uint32_t *set, float v)
{
	uint32_t category;

	if (v < 0 || v >= (float)CATEGORY_MAX)
		return false;
	category = (uint32_t)v;
	return category / 32 < set[0] &&
	       (set[1 + category / 32] >> category % 32 & 1) != 0;
}

/* From any branch, or from a leaf, which has no missing number. */
static uint32_t
step_any(const struct forest *f, uint32_t from, const float *cells, size_t row)
{
	const struct forest_node *node = at_number(f->nodes, from);
	uint32_t left = node->left & ~(uint32_t)BY_CATEGORY;
	bool to_left = (node->cell & HALF) != 0;
	float v = cell(cells, node->cell & ~(uint32_t)HALF, row);

	if (left + 2 == from)
		return from;
	if (v == v)
		to_left = left != node->left ? !in_set(f->sets + node->u.set, v)
					     : v < node->limit;
	return left + (to_left ? 0 : 2);
}

/* The compilers unroll no loop of 16 unasked, and each asks in its own way. */
#define FOUR(DO, k) DO(k) DO(k + 1) DO(k + 2) DO(k + 3)
#define EACH_ROW(DO) FOUR(DO, 0) FOUR(DO, 4) FOUR(DO, 8) FOUR(DO, 12)
#define START(k) at[k] = tree->root;
#define STEP(k) at[k] = step_plain(at_number(nodes, at[k]), cells, k);
#define STEP_LOOKING(k)                                                        \
	to = step_plain(at_number(nodes, at[k]), cells, k);                    \
	moved |= to ^ at[k];                                                   \
	at[k] = to;

/* Takes SIDE rows from the root to their leaves.  No leaf is nearer than
 * tree->nearest; after that, a step in which no row moves is the last. */
static void
walk_plain(const struct forest_node *nodes, const struct forest_tree *tree,
    const float *cells, uint32_t at[SIDE])
{
	uint32_t step, to, moved = 1;

	EACH_ROW(START)
	for (step = 0; step < tree->nearest; step++) {
		EACH_ROW(STEP)
	}
	for (; moved != 0 && step < tree->farthest; step++) {
		moved = 0;
		EACH_ROW(STEP_LOOKING)
	}
}

/* The same for any tree, row by row. */
static void
walk_any(const struct forest *f, const struct forest_tree *tree,
    const float *cells, uint32_t at[SIDE], size_t rows)
{
	uint32_t from;
	size_t k;

	for (k = 0; k < rows; k++) {
		at[k] = tree->root;
		do {
			from = at[k];
			at[k] = step_any(f, from, cells, k);
		} while (at[k] != from);
	}
	for (; k < SIDE; k++)
		at[k] = tree->root;
}

#define LEAF(k) leaves[k] = at_number(f->nodes, at[k])->u.value;

static void
add_leaves(const struct forest *f, const struct forest_tree *tree,
    const uint32_t at[SIDE], size_t rows, float *out, size_t width)
{
	float leaves[SIDE];
	size_t k;

	EACH_ROW(LEAF)
	/* XGBoost adds the leaf to a 0 before it weighs it, which counts if it
	 * is -0. */
	if (f->weighted)
		for (k = 0; k < SIDE; k++)
			leaves[k] = (0.0f + leaves[k]) * tree->weight;
	if (rows == SIDE && width == 1)
		for (k = 0; k < SIDE; k++)
			out[k] += leaves[k];
	else
		for (k = 0; k < rows; k++)
			out[k * width] += leaves[k];
}

/* The rows in f->cells. */
static void
predict_block(const struct forest *f, size_t trees, size_t rows, size_t columns,
    float *out, size_t width)
{
	const struct forest_tree *tree;
	const float *cells;
	uint32_t at[SIDE];
	size_t t, i, n;

	for (t = 0; t < trees; t++)
		for (i = 0; i < rows; i += SIDE) {
			tree = &f->trees[t];
			cells = f->cells + i * columns * 2;
			n = rows - i < SIDE ? rows - i : SIDE;
			if (tree->is_plain && n >= WORTH)
				walk_plain(f->nodes, tree, cells, at);
			else
				walk_any(f, tree, cells, at, n);
			add_leaves(f, tree, at, n,
			    out + i * width + tree->group, width);
		}
}

/* A leaf reads column 0 even if no branch reads any. */
static size_t
columns_of(const struct forest *f)
{
	return f->columns > 0 ? f->columns : 1;
}

/* Makes room for a block of rows and returns how many are one. */
static size_t
block_begin(struct forest *f)
{
	size_t columns = columns_of(f);
	size_t n = BLOCK_BYTES / (2 * sizeof(float)) / columns;

	n -= n % SIDE;
	n = n < SIDE ? SIDE : n > BLOCK_ROWS ? BLOCK_ROWS : n;
	f->cells = mem_grow(
	    f->cells, &f->cells_room, n * columns * 2, sizeof *f->cells);
	return n;
}

static inline void
set_cell(float *cells, size_t row, float v)
{
	cells[row] = v;
	cells[row + SIDE] = v == v ? v : -INFINITY;
}

#define SET(k) set_cell(cells, k, x[(k)*columns + c]);

/* Sets the cells of SIDE rows, or of fewer; the others' stay as they are. */
static void
fill_dense(
    float *cells, const float *x, size_t rows, size_t columns, size_t tested)
{
	size_t c, k;

	for (c = 0; c < tested; c++, cells += CELLS)
		if (rows == SIDE) {
			EACH_ROW(SET)
		} else
			for (k = 0; k < rows; k++)
				set_cell(cells, k, x[k * columns + c]);
}

void
forest_predict(struct forest *f, size_t trees, const float *x, size_t rows,
    size_t columns, float *out, size_t width)
{
	size_t block = block_begin(f), tested = columns_of(f), n, i;

	for (; rows > 0; rows -= n) {
		n = rows < block ? rows : block;
		/* Where a row lacks for SIDE of them, one of 0 is walked. */
		if (n % SIDE >= WORTH)
			memset(f->cells + (n - n % SIDE) * tested * 2, 0,
			    tested * CELLS * sizeof *f->cells);
		for (i = 0; i < n; i += SIDE)
			fill_dense(f->cells + i * tested * 2, x + i * columns,
			    n - i < SIDE ? n - i : SIDE, columns, tested);
		predict_block(f, trees, n, tested, out, width);
		x += n * columns;
		out += n * width;
	}
}

/* Sets the cells of a block of sparse rows, or makes them missing again. */
static void
fill_sparse(struct forest *f, const struct sparse *s, size_t row, size_t n,
    bool missing)
{
	size_t columns = columns_of(f), k;
	uint64_t i;

	for (k = 0; k < n; k++)
		for (i = s->starts[row + k]; i < s->starts[row + k + 1]; i++)
			if (s->columns[i] < columns)
				set_cell(f->cells + (k / SIDE * columns +
							s->columns[i]) *
							CELLS,
				    k % SIDE, missing ? NAN : s->values[i]);
}

void
forest_predict_sparse(struct forest *f, size_t trees, const struct sparse *s,
    float *out, size_t width)
{
	size_t block = block_begin(f), columns = columns_of(f), row, n, i;

	for (i = 0; i < block * columns * 2; i++)
		f->cells[i] = i % CELLS < SIDE ? NAN : -INFINITY;
	for (row = 0; row < s->rows; row += n) {
		n = s->rows - row < block ? s->rows - row : block;
		fill_sparse(f, s, row, n, false);
		predict_block(f, trees, n, columns, out + row * width, width);
		fill_sparse(f, s, row, n, true);
	}
}
