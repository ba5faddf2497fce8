#include "plugins/xgboost/facts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "plugins/xgboost/binary.h"

static const char unlike[] = "it is not built as XGBoost's models of trees are";
static const char vectors[] = "its leaves are lists of numbers";

static bool
take_string(struct value v, char **out)
{
	struct buf text = { 0 };
	bool is = value_string(v, &text) && strlen(buf_str(&text)) == text.n;

	if (is)
		*out = mem_str(buf_str(&text));
	buf_free(&text);
	return is;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * A number of at most 9 digits.  From others XGBoost reads another one, without
 * saying so (charconv.cc).
 */
static bool
take_score(const char **p, struct floats *out)
{
	const char *q = *p + (**p == '-');
	char *end;
	int digits = 0, exponent = 0;
	bool counts = false;

	for (; is_digit(*q) || *q == '.'; q++) {
		counts |= is_digit(*q) && *q != '0';
		digits += counts && *q != '.';
	}
	if (*q == 'e' || *q == 'E') {
		q++;
		q += *q == '-' || *q == '+';
		for (; is_digit(*q); q++)
			exponent++;
	}
	if (digits > 9 || exponent > 3)
		return false;
	out->v = mem_grow(out->v, &out->room, out->n + 1, sizeof *out->v);
	out->v[out->n++] = strtof(*p, &end);
	*p = end;
	return end == q;
}

/* "5E-1", or since XGBoost 3.1 "[5E-1]", "[1E-1,2E-1,7E-1]". */
static bool
take_scores(struct value v, struct floats *out)
{
	struct buf text = { 0 };
	const char *p;
	bool list, is = value_string(v, &text) && text.n > 0;

	p = buf_str(&text);
	list = *p == '[';
	p += list;
	out->n = 0;
	is = is && take_score(&p, out);
	while (is && list && *p == ',') {
		p += 1 + strspn(p + 1, " ");
		is = take_score(&p, out);
	}
	is = is && (!list || *p++ == ']') && *p == '\0' && p == text.p + text.n;
	buf_free(&text);
	return is;
}

bool
facts_take_objective(struct facts *f, struct value objective)
{
	struct value name, softmax, classes;
	struct member members[] = { { "name", &name },
		{ "softmax_multiclass_param", &softmax } };
	struct member member = { "num_class", &classes };

	return value_members(objective, members, 2) &&
	       take_string(name, &f->objective) &&
	       (softmax.text.p == NULL ||
		   (value_members(softmax, &member, 1) &&
		       value_setting(classes, INT32_MAX, &f->softmax_classes)));
}

static bool
take_learner(struct facts *f, struct value param, struct value attributes)
{
	struct value score, features, classes, targets, limit = { 0 };
	struct member members[] = { { "base_score", &score },
		{ "num_feature", &features }, { "num_class", &classes },
		{ "num_target", &targets } };
	struct member attribute = { "best_ntree_limit", &limit };

	f->targets = 1;
	return value_members(param, members, 4) &&
	       take_scores(score, &f->base_scores) &&
	       value_setting(features, UINT32_MAX, &f->features) &&
	       value_setting(classes, INT32_MAX, &f->classes) &&
	       (targets.text.p == NULL ||
		   value_setting(targets, INT32_MAX, &f->targets)) &&
	       value_members(attributes, &attribute, 1) &&
	       (limit.text.p == NULL ||
		   value_setting(limit, INT32_MAX, &f->limit));
}

/* Room of the lists of a tree, which the next one uses again. */
struct lists {
	struct ints left, right, column, set_node, categories;
	struct floats limit;
	struct flags default_left, by_category;
	struct longs set_begin, set_size;
};

static void
lists_free(struct lists *l)
{
	free(l->left.v);
	free(l->right.v);
	free(l->column.v);
	free(l->set_node.v);
	free(l->categories.v);
	free(l->limit.v);
	free(l->default_left.v);
	free(l->by_category.v);
	free(l->set_begin.v);
	free(l->set_size.v);
}

struct reading {
	struct facts *facts;
	struct lists lists;
	struct ints groups;
	struct floats weights;
	bool weighted;
	uint64_t trees; /* how many there should be */
	const char *why;
};

/* Before 1.3 there are no categories. */
static bool
read_categories(struct lists *l, struct value type, struct value categories,
    struct value nodes, struct value begins, struct value sizes)
{
	l->by_category.n = 0;
	if (type.text.p == NULL)
		return true;
	return value_flags(type, &l->by_category) &&
	       value_ints(categories, &l->categories) &&
	       value_ints(nodes, &l->set_node) &&
	       value_longs(begins, &l->set_begin) &&
	       value_longs(sizes, &l->set_size) &&
	       l->set_begin.n == l->set_node.n &&
	       l->set_size.n == l->set_node.n && l->by_category.n == l->left.n;
}

/* XGBoost takes the nodes by category in their order. */
static bool
ascend(const struct ints *list)
{
	size_t i;

	for (i = 1; i < list->n; i++)
		if (list->v[i] <= list->v[i - 1])
			return false;
	return true;
}

/* A null stands for NaN, which branches by category have, or for an infinite
 * number. */
static bool
nulls_are_known(const struct lists *l)
{
	size_t i;

	if (l->limit.nulls == 0)
		return true;
	for (i = 0; i < l->limit.n; i++)
		if (l->limit.v[i] != l->limit.v[i] &&
		    (l->by_category.n == 0 || !l->by_category.v[i]))
			return false;
	return true;
}

static int
read_tree(struct reading *r, struct value tree)
{
	struct value id, param, nodes, leaves, left, right, column, limit,
	    default_left, type, categories, set_node, set_begin, set_size;
	struct member members[] = { { "id", &id }, { "tree_param", &param },
		{ "left_children", &left }, { "right_children", &right },
		{ "split_indices", &column }, { "split_conditions", &limit },
		{ "default_left", &default_left }, { "split_type", &type },
		{ "categories", &categories },
		{ "categories_nodes", &set_node },
		{ "categories_segments", &set_begin },
		{ "categories_sizes", &set_size } };
	struct member params[] = { { "num_nodes", &nodes },
		{ "size_leaf_vector", &leaves } };
	struct lists *l = &r->lists;
	struct forest *forest = &r->facts->forest;
	size_t i = forest->tree_count;
	uint64_t number;

	if (i >= r->trees ||
	    !value_members(tree, members, sizeof members / sizeof *members) ||
	    !value_members(param, params, 2) ||
	    !value_setting(id, INT32_MAX, &number) || number != i)
		return -1;
	if (leaves.text.p != NULL && (!value_setting(leaves, 1, &number))) {
		r->why = vectors;
		return -1;
	}
	if (!value_ints(left, &l->left) || !value_ints(right, &l->right) ||
	    !value_ints(column, &l->column) ||
	    !value_floats(limit, &l->limit) ||
	    !value_flags(default_left, &l->default_left) ||
	    !read_categories(
		l, type, categories, set_node, set_begin, set_size) ||
	    !value_setting(nodes, INT32_MAX, &number) || number != l->left.n ||
	    l->right.n != number || l->column.n != number ||
	    l->limit.n != number || l->default_left.n != number ||
	    !ascend(&l->set_node) || !nulls_are_known(l))
		return -1;
	return forest_add(forest,
	    &(struct forest_source){ .nodes = l->left.n,
		.left = l->left.v,
		.right = l->right.v,
		.column = l->column.v,
		.limit = l->limit.v,
		.default_left = l->default_left.v,
		.by_category = l->by_category.n > 0 ? l->by_category.v : NULL,
		.sets = l->by_category.n > 0 ? l->set_node.n : 0,
		.set_node = l->set_node.v,
		.set_begin = l->set_begin.v,
		.set_size = l->set_size.v,
		.categories = l->categories.v,
		.category_count = l->categories.n,
		.group = (uint32_t)r->groups.v[i],
		.weight = r->weighted ? r->weights.v[i] : 1 },
	    &r->why);
}

static bool
read_next_tree(void *reading, struct value tree)
{
	return read_tree(reading, tree) == 0;
}

/* The trees, of which each has a class, 0 if there is one. */
static bool
read_model(struct reading *r, struct value model)
{
	struct value param, groups, trees, count, parallel, leaves;
	struct member members[] = { { "gbtree_model_param", &param },
		{ "tree_info", &groups }, { "trees", &trees } };
	struct member params[] = { { "num_trees", &count },
		{ "num_parallel_tree", &parallel },
		{ "size_leaf_vector", &leaves } };
	uint64_t size = 0;
	size_t i;

	if (!value_members(model, members, 3) ||
	    !value_members(param, params, 3) ||
	    !value_setting(count, INT32_MAX, &r->trees) ||
	    (leaves.text.p != NULL && !value_setting(leaves, 1, &size)) ||
	    !value_ints(groups, &r->groups) || r->groups.n != r->trees ||
	    (r->weighted && r->weights.n != r->trees))
		return false;
	r->facts->parallel = 1;
	if (parallel.text.p != NULL &&
	    !value_setting(parallel, INT32_MAX, &r->facts->parallel))
		return false;
	for (i = 0; i < r->groups.n; i++)
		if (r->groups.v[i] < 0)
			return false;
	return value_each(trees, read_next_tree, r) &&
	       r->facts->forest.tree_count == r->trees;
}

static bool
read_booster(struct reading *r, struct value booster)
{
	struct value name, model, inner, weights;
	struct member members[] = { { "name", &name }, { "model", &model },
		{ "gbtree", &inner }, { "weight_drop", &weights } };

	if (!value_members(booster, members, 4) ||
	    !take_string(name, &r->facts->booster))
		return false;
	r->weighted = strcmp(r->facts->booster, "dart") == 0;
	r->facts->forest.weighted = r->weighted;
	if (r->weighted)
		return value_floats(weights, &r->weights) &&
		       r->weights.nulls == 0 &&
		       value_members(inner, members + 1, 1) &&
		       read_model(r, model);
	return strcmp(r->facts->booster, "gbtree") == 0 && read_model(r, model);
}

/* A configuration is of the same objective: with it XGBoost overrides that. */
bool
facts_agree(const struct facts *f, struct value config)
{
	struct facts own = { .softmax_classes = f->softmax_classes };
	struct value learner, objective, train, train_objective, booster;
	struct member top = { "learner", &learner };
	struct member members[] = { { "objective", &objective },
		{ "learner_train_param", &train } };
	struct member params[] = { { "objective", &train_objective },
		{ "booster", &booster } };
	struct buf text = { 0 };
	bool agree;

	agree = value_members(config, &top, 1) &&
		value_members(learner, members, 2) &&
		value_members(train, params, 2) &&
		facts_take_objective(&own, objective) &&
		strcmp(own.objective, f->objective) == 0 &&
		own.softmax_classes == f->softmax_classes &&
		value_string(train_objective, &text) &&
		span_is(buf_span(&text), f->objective) &&
		value_string(booster, &text) &&
		span_is(buf_span(&text), f->booster);
	buf_free(&text);
	facts_free(&own);
	return agree;
}

static bool
read_document(struct reading *r, struct value top, bool pickled_too)
{
	struct value model, config, learner, param, objective, booster,
	    attributes;
	struct member pickled[] = { { "Model", &model },
		{ "Config", &config } };
	struct member whole = { "learner", &learner };
	struct member members[] = { { "learner_model_param", &param },
		{ "objective", &objective }, { "gradient_booster", &booster },
		{ "attributes", &attributes } };

	if (!value_members(top, pickled, 2))
		return false;
	if (!pickled_too)
		model.text.p = NULL;
	if (!value_members(model.text.p != NULL ? model : top, &whole, 1) ||
	    !value_members(learner, members, 4) || !read_booster(r, booster) ||
	    !facts_take_objective(r->facts, objective) ||
	    !take_learner(r->facts, param, attributes))
		return false;
	return model.text.p == NULL || facts_agree(r->facts, config);
}

int
facts_read(struct facts *f, const struct artifact *a, const char **why)
{
	struct reading r = { .facts = f, .why = unlike };
	bool is;

	if (a->model.n > 0)
		return binary_read(a->model, a->config, f, why);
	is = a->text.p != NULL &&
	     read_document(&r, value_of(a->text, a->json), a->serialized);
	lists_free(&r.lists);
	free(r.groups.v);
	free(r.weights.v);
	*why = r.why;
	return is ? 0 : -1;
}

void
facts_free(struct facts *f)
{
	free(f->objective);
	free(f->booster);
	free(f->base_scores.v);
	forest_free(&f->forest);
	*f = (struct facts){ 0 };
}
