#include "plugins/xgboost/binary.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"

/* Bytes of its structs (learner.cc, gbtree_model.h, tree_model.h).  A struct
 * is 32-bit numbers, little endian; what follows most of them is reserved. */
enum {
	LEARNER = 136,
	FOREST = 160,
	LINEAR = 136,
	TREE = 148,
	NODE = 20,
	STATISTICS = 16,
	NAME_MAX = 64
};

/* Numbers in them, by their places. */
enum {
	LEARNER_BASE_SCORE = 0,
	LEARNER_FEATURES = 1,
	LEARNER_CLASSES = 2,
	LEARNER_ATTRIBUTES = 3,
	LEARNER_MAJOR = 5,
	LEARNER_TARGETS = 7,
	FOREST_TREES = 0,
	FOREST_PARALLEL = 1,
	FOREST_LEAF_VECTOR = 7,
	TREE_NODES = 1
};
/* The limit of a branch, the answer of a leaf. */
enum {
	NODE_PARENT = 0,
	NODE_LEFT = 1,
	NODE_RIGHT = 2,
	NODE_COLUMN = 3,
	NODE_LIMIT = 4
};

/* The highest bit of a parent and of a column is a flag. */
enum { NO_FLAG = 0x7fffffff };

static uint64_t
number(const char *p, size_t bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | (unsigned char)p[bytes];
	return v;
}

static uint32_t
member(const char *p, size_t i)
{
	return (uint32_t)number(p + 4 * i, 4);
}

static bool
skip(struct span *s, uint64_t n)
{
	if (n > s->n)
		return false;
	s->p += n;
	s->n -= (size_t)n;
	return true;
}

/* Takes n bytes: *p is where they begin. */
static bool
take(struct span *s, uint64_t n, const char **p)
{
	*p = s->p;
	return skip(s, n);
}

static bool
take_count(struct span *s, uint64_t *n)
{
	const char *p;

	if (!take(s, 8, &p))
		return false;
	*n = number(p, 8);
	return true;
}

static bool
take_string(struct span *s, struct span *out)
{
	uint64_t n;

	if (!take_count(s, &n) || n > s->n)
		return false;
	*out = (struct span){ s->p, (size_t)n };
	return skip(s, n);
}

struct names {
	struct span objective, booster;
};

static bool
take_head(struct span *s, const char **learner, struct names *names)
{
	if (s->n >= 4 && memcmp(s->p, "binf", 4) == 0)
		skip(s, 4);
	return take(s, LEARNER, learner) && take_string(s, &names->objective) &&
	       take_string(s, &names->booster);
}

static bool
is_tree(const struct names *names)
{
	return span_is(names->booster, "gbtree") ||
	       span_is(names->booster, "dart");
}

bool
binary_is(struct span model)
{
	struct names names;
	const char *learner;

	return take_head(&model, &learner, &names) && names.objective.n > 0 &&
	       names.objective.n <= NAME_MAX &&
	       (is_tree(&names) || span_is(names.booster, "gblinear"));
}

size_t
binary_hinge(struct span model)
{
	struct names names;
	const char *learner, *begin = model.p;

	return take_head(&model, &learner, &names) &&
		       span_is(names.objective, "binary:hinge") &&
		       member(learner, LEARNER_MAJOR) == 0
		   ? (size_t)(learner - begin) + 4 * LEARNER_MAJOR
		   : 0;
}

static const struct {
	const char *list;
	size_t at;
} members[] = { { "left_children", NODE_LEFT },
	{ "right_children", NODE_RIGHT }, { "parents", NODE_PARENT },
	{ "split_indices", NODE_COLUMN } };

static const char *
check_tree(struct span *s, struct trees *t)
{
	static const char cut[] = "a tree is cut short";
	const char *tree, *node, *why;
	struct trees_ints *list;
	uint32_t nodes, v;
	size_t i, k, at;

	if (!take(s, TREE, &tree))
		return cut;
	nodes = member(tree, TREE_NODES);
	if (!take(s, (uint64_t)nodes * NODE, &node) ||
	    !skip(s, (uint64_t)nodes * STATISTICS))
		return cut;
	for (i = 0; i < sizeof members / sizeof *members; i++) {
		at = members[i].at;
		list = trees_begin(t, span_str(members[i].list));
		for (k = 0; k < nodes; k++) {
			v = member(node + k * NODE, at);
			if (at == NODE_PARENT || at == NODE_COLUMN)
				v &= NO_FLAG;
			trees_add(list, (int32_t)v);
		}
	}
	return trees_end(t, &why) == -1 ? why : NULL;
}

static const char *
check_trees(struct span *s, bool weighted, struct trees *t)
{
	const char *forest, *groups, *why;
	struct trees_ints *list;
	uint64_t weights;
	uint32_t trees, i;

	if (!take(s, FOREST, &forest))
		return "it is cut short before the trees";
	trees = member(forest, FOREST_TREES);
	for (i = 0; i < trees; i++)
		if ((why = check_tree(s, t)) != NULL)
			return why;
	if (!take(s, (uint64_t)trees * 4, &groups))
		return "it is cut short after the trees";
	list = trees_begin(t, span_str("tree_info"));
	for (i = 0; i < trees; i++)
		trees_add(list, (int32_t)member(groups, i));
	if (trees_end(t, &why) == -1)
		return why;
	if (weighted && trees > 0 &&
	    (!take_count(s, &weights) || weights > s->n / 4 ||
		!skip(s, weights * 4)))
		return "it is cut short in the weights of the trees";
	if (weighted && trees > 0 && weights != trees)
		return "not as many weights as trees";
	return NULL;
}

/* In place of trees gblinear has a weight for each column, and one more. */
static const char *
check_weights(struct span *s, struct trees *t)
{
	struct trees_ints *list;
	uint64_t weights;

	if (!skip(s, LINEAR) || !take_count(s, &weights) ||
	    weights > s->n / 4 || !skip(s, weights * 4))
		return "it is cut short in the weights";
	list = trees_begin(t, span_str("weights"));
	while (list->n < weights)
		trees_add(list, 0);
	return NULL;
}

static const char *
check_attributes(struct span *s)
{
	struct span text;
	uint64_t n;

	if (take_count(s, &n))
		while (n > 0 && take_string(s, &text) && take_string(s, &text))
			n--;
	else
		n = 1;
	return n == 0 ? NULL : "it is cut short in the attributes";
}

int
binary_check(struct span model, struct trees *t, const char **why)
{
	struct names names = { 0 };
	const char *learner;

	*why = "it is cut short";
	if (!take_head(&model, &learner, &names))
		return -1;
	*why = is_tree(&names)
		   ? check_trees(&model, span_is(names.booster, "dart"), t)
		   : check_weights(&model, t);
	if (*why == NULL && member(learner, LEARNER_ATTRIBUTES) != 0)
		*why = check_attributes(&model);
	return *why == NULL ? 0 : -1;
}

static float
number_float(const char *p, size_t i)
{
	uint32_t bits = member(p, i);
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* Room of a tree's nodes, which the next one uses again. */
struct nodes {
	int32_t *left, *right, *column;
	float *limit;
	unsigned char *default_left;
	size_t room;
};

static void
nodes_grow(struct nodes *to, size_t n)
{
	if (n <= to->room)
		return;
	to->room = n;
	to->left = mem_resize(to->left, n, sizeof *to->left);
	to->right = mem_resize(to->right, n, sizeof *to->right);
	to->column = mem_resize(to->column, n, sizeof *to->column);
	to->limit = mem_resize(to->limit, n, sizeof *to->limit);
	to->default_left =
	    mem_resize(to->default_left, n, sizeof *to->default_left);
}

static void
nodes_free(struct nodes *to)
{
	free(to->left);
	free(to->right);
	free(to->column);
	free(to->limit);
	free(to->default_left);
}

static int
read_tree(struct span *s, struct nodes *to, uint32_t group, float weight,
    struct forest *f, const char **why)
{
	const char *tree, *node;
	uint32_t nodes, column;
	size_t k;

	if (!take(s, TREE, &tree))
		return -1;
	nodes = member(tree, TREE_NODES);
	if (!take(s, (uint64_t)nodes * NODE, &node) ||
	    !skip(s, (uint64_t)nodes * STATISTICS))
		return -1;
	nodes_grow(to, nodes);
	for (k = 0; k < nodes; k++, node += NODE) {
		column = member(node, NODE_COLUMN);
		to->left[k] = (int32_t)member(node, NODE_LEFT);
		to->right[k] = (int32_t)member(node, NODE_RIGHT);
		to->column[k] = (int32_t)(column & NO_FLAG);
		to->default_left[k] = column > NO_FLAG;
		to->limit[k] = number_float(node, NODE_LIMIT);
	}
	return forest_add(f,
	    &(struct forest_source){ .nodes = nodes,
		.left = to->left,
		.right = to->right,
		.column = to->column,
		.limit = to->limit,
		.default_left = to->default_left,
		.group = group,
		.weight = weight },
	    why);
}

/* The classes and weights of the trees are after all of them. */
static int
read_trees(struct span *s, struct facts *f, const char **why)
{
	bool weighted = f->forest.weighted;
	const char *forest, *groups, *weights = NULL;
	struct nodes nodes = { 0 };
	struct span after;
	uint64_t count;
	uint32_t trees, i;
	int result = 0;

	if (!take(s, FOREST, &forest) ||
	    member(forest, FOREST_LEAF_VECTOR) != 0)
		return -1;
	trees = member(forest, FOREST_TREES);
	f->parallel = member(forest, FOREST_PARALLEL);
	after = *s;
	for (i = 0; i < trees; i++)
		if (!take(&after, TREE, &groups) ||
		    !skip(&after, (uint64_t)member(groups, TREE_NODES) *
				      (NODE + STATISTICS)))
			return -1;
	if (!take(&after, (uint64_t)trees * 4, &groups) ||
	    (weighted && trees > 0 &&
		(!take_count(&after, &count) || count != trees ||
		    !take(&after, count * 4, &weights))))
		return -1;
	for (i = 0; i < trees && result == 0; i++)
		result = read_tree(s, &nodes, member(groups, i),
		    weighted ? number_float(weights, i) : 1, &f->forest, why);
	nodes_free(&nodes);
	*s = after;
	return result;
}

static bool
read_attribute(struct facts *f, struct span key, struct span text)
{
	const char *why = NULL;
	struct span value;
	size_t at;

	if (span_is(key, "best_ntree_limit"))
		f->limit = num_parse(text, 0, INT32_MAX, &why);
	else if (span_is(key, "objective"))
		return json_check(text, &value, &why, &at) == 0 &&
		       facts_take_objective(f, value_of(value, true));
	return why == NULL;
}

/* The objective's own settings are one of the attributes since 1.0. */
static bool
read_attributes(struct span *s, struct facts *f, struct span objective)
{
	struct span key, text;
	uint64_t n;

	if (!take_count(s, &n))
		return false;
	while (n-- > 0)
		if (!take_string(s, &key) || !take_string(s, &text) ||
		    !read_attribute(f, key, text))
			return false;
	return f->objective == NULL || span_is(objective, f->objective);
}

int
binary_read(
    struct span model, struct span config, struct facts *f, const char **why)
{
	struct names names = { 0 };
	const char *learner;
	struct span value;
	size_t at;

	*why = "it is not whole";
	if (!take_head(&model, &learner, &names))
		return -1;
	f->booster = mem_dup(names.booster.p, names.booster.n);
	if (!is_tree(&names))
		return -1;
	f->base_scores.v = mem_grow(f->base_scores.v, &f->base_scores.room, 1,
	    sizeof *f->base_scores.v);
	f->base_scores.v[f->base_scores.n++] =
	    number_float(learner, LEARNER_BASE_SCORE);
	f->base_is_margin = member(learner, LEARNER_MAJOR) < 1;
	f->features = member(learner, LEARNER_FEATURES);
	f->classes = member(learner, LEARNER_CLASSES);
	f->targets = member(learner, LEARNER_TARGETS);
	f->softmax_classes = f->classes;
	f->forest.weighted = span_is(names.booster, "dart");
	if (read_trees(&model, f, why) == -1)
		return -1;
	*why = "its attributes are not those of a model of trees";
	if (member(learner, LEARNER_ATTRIBUTES) != 0 &&
	    !read_attributes(&model, f, names.objective))
		return -1;
	if (f->objective == NULL)
		f->objective = mem_dup(names.objective.p, names.objective.n);
	*why = "its configuration is of another model";
	if (config.n > 0 && (json_check(config, &value, why, &at) == -1 ||
				!facts_agree(f, value_of(value, true))))
		return -1;
	return 0;
}
