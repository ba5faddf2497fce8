#include "plugins/xgboost/booster.h"

#include <stdlib.h>

#include "base/mem.h"
#include "plugins/xgboost/facts.h"

/* How many trees there are in the rounds that count, and whether that is so
 * many.  XGBoost counts in rounds, which early stopping does not. */
static bool
count_trees(struct booster *b, const struct facts *f, uint64_t limit)
{
	uint64_t rounds = f->parallel > 0 ? limit / f->parallel : 0;

	b->trees = f->forest.tree_count;
	if (rounds > b->trees || rounds * f->parallel > b->trees / b->width)
		return false;
	if (rounds > 0)
		b->trees = (size_t)(rounds * f->parallel) * b->width;
	return f->parallel > 0 && b->trees > 0;
}

static bool
take_margins(struct booster *b, const struct facts *f)
{
	const struct floats *scores = &f->base_scores;
	size_t i;

	if (scores->n != 1 && scores->n != b->width)
		return false;
	b->margins = mem_resize(NULL, b->width, sizeof *b->margins);
	for (i = 0; i < b->width; i++)
		if (!objective_margin(b->kind, f->base_is_margin,
			scores->v[scores->n > 1 ? i : 0], &b->margins[i]))
			return false;
	return true;
}

/* Whether the trees can be walked here; *reason is why not. */
static bool
take_facts(struct booster *b, const struct facts *f, uint64_t limit,
    struct buf *reason)
{
	size_t groups = f->classes > f->targets ? f->classes : f->targets;

	b->kind = objective_find(f->objective);
	b->width = groups > 0 ? groups : 1;
	if (b->kind == OBJECTIVE_UNKNOWN)
		buf_addf(reason, "its objective is %.40s", f->objective);
	else if ((f->classes > 1 && f->targets > 1) ||
		 (objective_has_classes(b->kind) &&
		     f->softmax_classes != b->width))
		buf_adds(reason, "its classes contradict each other");
	else if (!count_trees(b, f, limit != 0 ? limit : f->limit))
		buf_adds(reason, "it has fewer trees than it says");
	else if (!take_margins(b, f))
		buf_adds(reason, "its base_score is not one of its objective");
	else
		return true;
	return false;
}

/* Returns 1 if XGBoost may know more of it, with the reason in reason. */
static int
load_walked(struct booster *b, struct artifact *a, struct facts *f,
    struct buf *reason, struct buf *why)
{
	const char *unread;
	int result;

	if (facts_read(f, a, &unread) == -1) {
		if (f->booster != NULL && strcmp(f->booster, "gblinear") == 0)
			unread = "its booster is gblinear";
		buf_adds(reason, unread);
		return 1;
	}
	/* Trees that lack what is not walked were not among the checked. */
	if (a->trees.columns < f->forest.columns)
		a->trees.columns = f->forest.columns;
	if (a->trees.groups < f->forest.groups)
		a->trees.groups = f->forest.groups;
	result = artifact_check(a, f->features, f->classes, f->targets, why);
	if (result == 0 && !take_facts(b, f, a->limit, reason))
		result = 1;
	if (result != 0)
		return result;
	b->objective = b->name = mem_str(f->objective);
	b->features = f->features;
	b->classes = f->classes;
	b->forest = f->forest;
	f->forest = (struct forest){ 0 };
	return 0;
}

static int
load_foreign(struct booster *b, const struct bt_host *host,
    const struct artifact *a, struct buf *reason, struct buf *why)
{
	struct buf text = { 0 };
	int result;

	b->is_foreign = true;
	result = runtime_load(&b->runtime, host, a, &text);
	if (b->runtime.library == NULL)
		buf_addf(why, "this model needs libxgboost, because %s: ",
		    buf_str(reason));
	buf_add(why, text.p, text.n);
	buf_free(&text);
	b->objective = b->runtime.objective;
	b->features = b->runtime.features;
	b->classes = b->runtime.classes;
	return result;
}

int
booster_load(struct booster *b, const struct bt_host *host, struct span file,
    struct buf *why)
{
	struct artifact a;
	struct facts f = { 0 };
	struct buf reason = { 0 };
	int result;

	*b = (struct booster){ 0 };
	result = artifact_look(file, &a, why);
	if (result == 0)
		result = load_walked(b, &a, &f, &reason, why);
	if (result == 1)
		result = load_foreign(b, host, &a, &reason, why);
	facts_free(&f);
	artifact_free(&a);
	buf_free(&reason);
	return result;
}

void
booster_free(struct booster *b)
{
	if (b->is_foreign)
		runtime_free(&b->runtime);
	forest_free(&b->forest);
	free(b->name);
	free(b->margins);
	free(b->values);
}

/* The sums before any tree. */
static void
begin(struct booster *b, size_t rows)
{
	size_t i, k;
	float *v;

	b->values =
	    mem_grow(b->values, &b->room, rows * b->width, sizeof *b->values);
	for (v = b->values, i = 0; i < rows; i++)
		for (k = 0; k < b->width; k++)
			*v++ = b->margins[k];
}

static void
end(struct booster *b, size_t rows, struct outputs *out)
{
	*out = (struct outputs){ .rows = rows, .values = b->values };
	out->width = objective_apply(b->kind, b->values, rows, b->width);
	out->vector = out->width > 1;
}

int
booster_predict(struct booster *b, const struct bt_matrix *m,
    struct outputs *out, struct buf *why)
{
	if (b->is_foreign)
		return runtime_predict(&b->runtime, m, out, why);
	begin(b, m->rows);
	forest_predict(&b->forest, b->trees, m->values, m->rows, m->columns,
	    b->values, b->width);
	end(b, m->rows, out);
	return 0;
}

int
booster_predict_sparse(struct booster *b, const struct sparse *s,
    struct outputs *out, struct buf *why)
{
	if (b->is_foreign)
		return runtime_predict_sparse(&b->runtime, s, out, why);
	begin(b, s->rows);
	forest_predict_sparse(&b->forest, b->trees, s, b->values, b->width);
	end(b, s->rows, out);
	return 0;
}
