/*
 * xgboost_trees N SEED NODES: N random models, each of at most NODES nodes.
 * What the plugin's own walk predicts with each, in every format that
 * libxgboost saves, is what libxgboost predicts, to the bit: dense rows and
 * sparse ones, with NaN, infinite numbers, denormals, and numbers that are a
 * branch's limit.  Prints how many answers that were; ends with 3 where there
 * is no libxgboost.
 */
#include <dlfcn.h>
#include <err.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plugins/xgboost/booster.h"

enum { ROWS_MAX = 90, CELLS_MAX = 40000, DEPTH_MAX = 20, CATEGORY_MAX = 100 };

static uint64_t state;

static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 11;
}

/* From 0 to n - 1, and whether one of n. */
static uint32_t
below(uint32_t n)
{
	return (uint32_t)(draw() % n);
}

static bool
one_of(uint32_t n)
{
	return below(n) == 0;
}

/* From 1 to n, of which as many are small as large. */
static uint32_t
sized(uint32_t n)
{
	return (uint32_t)exp(
	    (double)below(1 << 20) / (1 << 20) * log((double)n + 1));
}

static float
from_bits(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* Numbers of which limits and cells are made, so that many are equal. */
static float
pick(bool infinite)
{
	static const float some[] = { 0.0f, -0.0f, 1e-45f, -1e-45f, 1e-39f,
		1.0f, -1.0f, 0.5f, 3.4e38f, -3.4e38f, 1.1754944e-38f };
	uint32_t sign = one_of(2) ? 0x80000000u : 0;

	switch (below(infinite ? 8 : 7)) {
	case 0:
	case 1:
		return some[below(sizeof some / sizeof *some)];
	case 2:
	case 3:
		return (float)below(16) / 4 - 2;
	case 4:
		return from_bits(below(1 << 23) | sign);
	case 7:
		return one_of(2) ? INFINITY : -INFINITY;
	default:
		return ((float)below(1 << 24) / (1 << 23) - 1) *
		       (float)(1u << below(8));
	}
}

struct plan {
	const char *objective;
	bool dart, by_category, infinite, missing;
	uint32_t columns, classes, targets, parallel, trees, depth, nodes;
};

static const struct {
	const char *name;
	float base; /* the most that a base_score is */
} objectives[] = { { "reg:squarederror", 100 }, { "reg:logistic", 1 },
	{ "binary:logistic", 1 }, { "binary:logitraw", 3 },
	{ "binary:hinge", 2 }, { "count:poisson", 9 }, { "reg:gamma", 9 },
	{ "reg:tweedie", 9 }, { "survival:cox", 9 }, { "rank:pairwise", 3 },
	{ "rank:ndcg", 3 }, { "rank:map", 3 }, { "reg:squaredlogerror", 3 },
	{ "reg:pseudohubererror", 3 }, { "reg:absoluteerror", 3 },
	{ "multi:softmax", 1 }, { "multi:softprob", 1 } };

static void
add_float(struct buf *out, float v)
{
	if (isnan(v))
		buf_adds(out, "NaN");
	else if (isinf(v))
		buf_adds(out, v < 0 ? "-Infinity" : "Infinity");
	else
		buf_addf(out, "%.8E", (double)v);
}

/* A tree as lists: of each node, its left child or -1, column, limit. */
struct tree {
	int32_t *left, *parent, *column;
	float *limit;
	bool *by_category;
	uint32_t n;
};

/* Every tree grows to some depth and is not whole. */
static void
grow(struct tree *t, const struct plan *p, uint32_t most)
{
	uint32_t depth = 1 + below(p->depth), end = 1, level = 0, i;
	bool whole = one_of(3);

	t->n = 1;
	t->parent[0] = INT32_MAX;
	for (i = 0; i < t->n; i++) {
		if (i == end) {
			end = t->n;
			level++;
		}
		t->by_category[i] = false;
		t->left[i] = -1;
		t->column[i] = 0;
		t->limit[i] = pick(false);
		if (level == depth || t->n + 2 > most ||
		    (!whole && i > 0 && one_of(3)))
			continue;
		t->left[i] = (int32_t)t->n;
		t->column[i] = (int32_t)below(p->columns);
		t->by_category[i] = p->by_category && one_of(2);
		t->limit[i] =
		    t->by_category[i] ? NAN : pick(p->infinite && one_of(4));
		t->parent[t->n] = t->parent[t->n + 1] = (int32_t)i;
		t->n += 2;
	}
}

static void
add_ints(struct buf *out, const char *name, const int32_t *v, uint32_t n)
{
	uint32_t i;

	buf_addf(out, "\"%s\":[", name);
	for (i = 0; i < n; i++)
		buf_addf(out, "%s%d", i > 0 ? "," : "", v[i]);
	buf_adds(out, "],");
}

static void
add_floats(struct buf *out, const char *name, const float *v, uint32_t n)
{
	uint32_t i;

	buf_addf(out, "\"%s\":[", name);
	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? "," : "");
		add_float(out, v == NULL ? 1 : v[i]);
	}
	buf_adds(out, "],");
}

static void
add_categories(struct buf *out, const struct tree *t)
{
	struct buf texts[4] = { { 0 }, { 0 }, { 0 }, { 0 } };
	static const char *const names[] = { "categories", "categories_nodes",
		"categories_segments", "categories_sizes" };
	uint32_t i, k, count = 0, size, from, nodes = 0;

	for (i = 0; i < t->n; i++) {
		if (!t->by_category[i])
			continue;
		size = 1 + below(20);
		from = below(CATEGORY_MAX);
		for (k = 0; k < size; k++)
			buf_addf(&texts[0], "%s%u", count + k > 0 ? "," : "",
			    from += 1 + below(3));
		buf_addf(&texts[1], "%s%u", nodes > 0 ? "," : "", i);
		buf_addf(&texts[2], "%s%u", nodes > 0 ? "," : "", count);
		buf_addf(&texts[3], "%s%u", nodes > 0 ? "," : "", size);
		count += size;
		nodes++;
	}
	for (i = 0; i < 4; i++) {
		buf_addf(out, "\"%s\":[%s],", names[i], buf_str(&texts[i]));
		buf_free(&texts[i]);
	}
}

static void
add_tree(
    struct buf *out, const struct tree *t, const struct plan *p, uint32_t id)
{
	int32_t *list = mem_resize(NULL, t->n, sizeof *list);
	uint32_t i;

	buf_addf(out, "%s{\"id\":%u,", id > 0 ? "," : "", id);
	add_ints(out, "left_children", t->left, t->n);
	for (i = 0; i < t->n; i++)
		list[i] = t->left[i] == -1 ? -1 : t->left[i] + 1;
	add_ints(out, "right_children", list, t->n);
	add_ints(out, "parents", t->parent, t->n);
	add_ints(out, "split_indices", t->column, t->n);
	add_floats(out, "split_conditions", t->limit, t->n);
	add_floats(out, "base_weights", NULL, t->n);
	add_floats(out, "loss_changes", NULL, t->n);
	add_floats(out, "sum_hessian", NULL, t->n);
	for (i = 0; i < t->n; i++)
		list[i] = (int32_t)below(2);
	add_ints(out, "default_left", list, t->n);
	for (i = 0; i < t->n; i++)
		list[i] = t->by_category[i];
	add_ints(out, "split_type", list, t->n);
	add_categories(out, t);
	buf_addf(out,
	    "\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"%u\",\"num_nodes\":\"%u\",\"size_leaf_vector\":\"0\"}}",
	    p->columns, t->n);
	free(list);
}

static void
add_trees(struct buf *out, const struct plan *p, uint32_t groups)
{
	uint32_t most = p->nodes / p->trees, i;
	struct tree t = { 0 };

	most = most < 3 ? 3 : most;
	t.left = mem_resize(NULL, most, sizeof *t.left);
	t.parent = mem_resize(NULL, most, sizeof *t.parent);
	t.column = mem_resize(NULL, most, sizeof *t.column);
	t.limit = mem_resize(NULL, most, sizeof *t.limit);
	t.by_category = mem_resize(NULL, most, sizeof *t.by_category);
	buf_addf(out,
	    "\"model\":{\"gbtree_model_param\":{\"num_parallel_tree\":\"%u\",\"num_trees\":\"%u\",\"size_leaf_vector\":\"0\"},\"tree_info\":[",
	    p->parallel, p->trees);
	for (i = 0; i < p->trees; i++)
		buf_addf(
		    out, "%s%u", i > 0 ? "," : "", i / p->parallel % groups);
	buf_adds(out, "],\"trees\":[");
	for (i = 0; i < p->trees; i++) {
		grow(&t, p, most);
		add_tree(out, &t, p, i);
	}
	buf_adds(out, "]}");
	free(t.left);
	free(t.parent);
	free(t.column);
	free(t.limit);
	free(t.by_category);
}

static void
plan(struct plan *p, uint32_t nodes)
{
	size_t i = below(sizeof objectives / sizeof *objectives);
	uint32_t groups, rounds;

	*p = (struct plan){ .objective = objectives[i].name };
	p->columns = sized(2000);
	p->depth = sized(DEPTH_MAX);
	p->parallel = one_of(4) ? 1 + below(3) : 1;
	p->classes = strncmp(p->objective, "multi", 5) == 0 ? 1 + sized(6) : 0;
	p->targets = i == 0 && one_of(3) ? 2 + below(2) : 1;
	p->dart = one_of(5);
	p->by_category = one_of(5);
	p->infinite = one_of(6);
	p->missing = one_of(2);
	groups = p->classes > 0 ? p->classes : p->targets;
	rounds = sized(nodes / 40 > 5000 ? 5000 : nodes / 40);
	p->trees = groups * p->parallel * (rounds / groups + 1);
	p->nodes = nodes;
}

/* The model in JSON. */
static void
add_model(struct buf *out, const struct plan *p)
{
	uint32_t groups = p->classes > 0 ? p->classes : p->targets, i;
	float base = 1;

	buf_adds(out, "{\"learner\":{\"attributes\":{");
	if (one_of(4))
		buf_addf(out, "\"best_ntree_limit\":\"%u\"",
		    1 + below(p->trees / groups));
	buf_adds(out,
	    "},\"feature_names\":[],\"feature_types\":[],\"gradient_booster\":{");
	if (p->dart)
		buf_adds(out, "\"gbtree\":{");
	add_trees(out, p, groups);
	buf_adds(out, ",\"name\":\"gbtree\"}");
	if (p->dart) {
		buf_adds(out, ",\"name\":\"dart\",\"weight_drop\":[");
		for (i = 0; i < p->trees; i++) {
			buf_adds(out, i > 0 ? "," : "");
			add_float(out, (float)below(1 << 20) / (1 << 20));
		}
		buf_adds(out, "]}");
	}
	for (i = 0; strcmp(objectives[i].name, p->objective) != 0; i++)
		;
	base = objectives[i].base * ((float)below(1 << 23) + 1) / (1 << 24);
	buf_addf(out,
	    ",\"learner_model_param\":{\"base_score\":\"%.*E\",\"boost_from_average\":\"1\",\"num_class\":\"%u\",\"num_feature\":\"%u\",\"num_target\":\"%u\"},",
	    (int)below(9), (double)base, p->classes, p->columns, p->targets);
	buf_addf(out, "\"objective\":{\"name\":\"%s\",", p->objective);
	if (p->classes > 0)
		buf_addf(out,
		    "\"softmax_multiclass_param\":{\"num_class\":\"%u\"}",
		    p->classes);
	else
		buf_adds(out,
		    "\"reg_loss_param\":{\"scale_pos_weight\":\"1\"},"
		    "\"poisson_regression_param\":{\"max_delta_step\":\"0.7\"},"
		    "\"tweedie_regression_param\":{\"tweedie_variance_power\":\"1.5\"},"
		    "\"pseudo_huber_param\":{\"huber_slope\":\"1\"},"
		    "\"lambda_rank_param\":{\"fix_list_weight\":\"0\",\"num_pairsample\":\"1\"}");
	buf_adds(out, "}},\"version\":[1,7,4]}");
}

static float
draw_cell(const struct plan *p)
{
	if (p->missing && one_of(6))
		return NAN;
	/* XGBoost's own matrices do not accept infinite numbers. */
	if (p->by_category && one_of(2))
		return one_of(9) ? (float)(1 << 24) + (float)below(9)
				 : (float)below(4 * CATEGORY_MAX) / 2 - 2;
	return pick(p->infinite && !p->dart);
}

static void
draw_rows(const struct plan *p, struct bt_matrix *m, struct sparse *s)
{
	size_t most = CELLS_MAX / p->columns, i;

	m->rows = 1 + below(most < ROWS_MAX ? (uint32_t)most : ROWS_MAX);
	m->columns = p->columns;
	m->values = mem_resize(NULL, m->rows * m->columns, sizeof(float));
	sparse_clear(s);
	for (i = 0; i < m->rows * m->columns; i++) {
		m->values[i] = draw_cell(p);
		if (m->values[i] == m->values[i])
			sparse_add(s, (uint32_t)(i % m->columns), m->values[i]);
		if (i % m->columns == m->columns - 1)
			sparse_end_row(s);
	}
}

static void
mute(const struct bt_host *host, int level, const char *text)
{
	(void)host;
	(void)level;
	(void)text;
}

static const struct bt_host host = { .log = mute };
static size_t answers;

static void
same(const struct outputs *a, const struct outputs *b, const char *what,
    const struct plan *p)
{
	size_t i, n = a->rows * a->width;

	if (a->rows != b->rows || a->width != b->width ||
	    a->vector != b->vector)
		errx(1, "%s %s: %zu rows of %zu, not %zu of %zu", p->objective,
		    what, b->rows, b->width, a->rows, a->width);
	for (i = 0; i < n; i++)
		if (memcmp(&a->values[i], &b->values[i], sizeof(float)) != 0 &&
		    !(isnan(a->values[i]) && isnan(b->values[i])))
			errx(1, "%s %s: answer %zu is %a, not %a", p->objective,
			    what, i, (double)b->values[i],
			    (double)a->values[i]);
	answers += n;
}

/* The walk of a file's bytes beside the library's. */
static void
compare(struct runtime *r, struct span file, const char *what, bool walks,
    const struct plan *p, const struct bt_matrix *m, const struct sparse *s)
{
	struct booster b;
	struct buf why = { 0 };
	struct outputs theirs, ours;

	if (booster_load(&b, &host, file, &why) == -1)
		errx(1, "%s %s: %s", p->objective, what, buf_str(&why));
	if (walks && b.is_foreign)
		errx(1, "%s %s: not walked", p->objective, what);
	if (runtime_predict(r, m, &theirs, &why) == -1 ||
	    booster_predict(&b, m, &ours, &why) == -1)
		errx(1, "%s %s: %s", p->objective, what, buf_str(&why));
	same(&theirs, &ours, what, p);
	if (runtime_predict_sparse(r, s, &theirs, &why) == -1 ||
	    booster_predict_sparse(&b, s, &ours, &why) == -1)
		errx(1, "%s %s: %s", p->objective, what, buf_str(&why));
	same(&theirs, &ours, what, p);
	booster_free(&b);
	buf_free(&why);
}

/* Zeros the version, as before XGBoost 1.0, when base_score was a sum of
 * leaves, and compares with what the library makes of that. */
static void
try_old(struct span saved, const struct plan *p, const struct bt_matrix *m,
    const struct sparse *s)
{
	enum { VERSION_AT = 24, VERSION = 8 };
	char *old = mem_dup(saved.p, saved.n);
	struct buf why = { 0 };
	struct artifact a;
	struct runtime r;

	memset(old + VERSION_AT, 0, VERSION);
	if (artifact_look((struct span){ old, saved.n }, &a, &why) == -1 ||
	    runtime_load(&r, &host, &a, &why) == -1)
		errx(1, "%s, old: %s", p->objective, buf_str(&why));
	compare(&r, (struct span){ old, saved.n }, "old", true, p, m, s);
	runtime_free(&r);
	artifact_free(&a);
	buf_free(&why);
	free(old);
}

static void
try_model(const struct plan *p,
    int (*save)(void *, const char *, uint64_t *, const char **))
{
	static const char *const formats[] = { "json", "ubj", "deprecated" };
	struct buf model = { 0 }, why = { 0 }, config = { 0 };
	struct bt_matrix m = { 0 };
	struct sparse s = { 0 };
	struct artifact a;
	struct runtime r;
	const char *saved;
	uint64_t n;
	size_t i;

	add_model(&model, p);
	draw_rows(p, &m, &s);
	if (artifact_look(buf_span(&model), &a, &why) == -1 ||
	    runtime_load(&r, &host, &a, &why) == -1)
		errx(1, "%s: %s", p->objective, buf_str(&why));
	/* An infinite limit is not JSON: XGBoost may have to read it. */
	compare(&r, buf_span(&model), "as written", !p->infinite, p, &m, &s);
	for (i = p->infinite; i < (p->by_category ? 2 : 3); i++) {
		config.n = 0;
		buf_addf(&config, "{\"format\":\"%s\"}", formats[i]);
		if (save(r.handle, buf_str(&config), &n, &saved) != 0)
			errx(1, "%s: %s", formats[i], r.library->error());
		compare(
		    &r, (struct span){ saved, n }, formats[i], true, p, &m, &s);
		if (i == 2)
			try_old((struct span){ saved, n }, p, &m, &s);
	}
	runtime_free(&r);
	artifact_free(&a);
	buf_free(&why);
	buf_free(&model);
	buf_free(&config);
	free(m.values);
	sparse_free(&s);
}

int
main(int argc, char *argv[])
{
	int (*save)(void *, const char *, uint64_t *, const char **);
	struct buf why = { 0 };
	uint64_t i, n, seed;
	struct plan p;
	void *so, *symbol;

	if (argc != 4)
		errx(2, "usage: xgboost_trees N SEED NODES");
	n = strtoull(argv[1], NULL, 10);
	seed = strtoull(argv[2], NULL, 10);
	if (library_open(&host, &why) == NULL)
		errx(3, "%s", buf_str(&why));
	so = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_NOLOAD);
	symbol = so == NULL ? NULL : dlsym(so, "XGBoosterSaveModelToBuffer");
	if (symbol == NULL)
		errx(3, "no XGBoosterSaveModelToBuffer");
	memcpy(&save, &symbol, sizeof save);
	for (i = 0; i < n; i++) {
		state = (seed + i + 1) * 0x9e3779b97f4a7c15u;
		draw();
		plan(&p, (uint32_t)strtoul(argv[3], NULL, 10));
		try_model(&p, save);
	}
	printf("%" PRIu64 " models, %zu answers\n", n, answers);
	return 0;
}
