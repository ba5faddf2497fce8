#include "plugins/xgboost/booster.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <xgboost/c_api.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/xgboost/artifact.h"

/* The target of XGBoost's log: its callback has no argument for it. */
static const struct bt_host *log_host;

/* Takes "[10:41:07] WARNING: src/learner.cc:888: " off a message. */
static const char *
without_place(const char *text)
{
	const char *p = text;

	if (*p == '[' && (p = strchr(p, ']')) != NULL)
		text = p + 1 + strspn(p + 1, " ");
	p = strstr(text, ".cc:");
	if (p != NULL && (p = strstr(p, ": ")) != NULL)
		text = p + 2;
	return text;
}

/* Its messages may be of several lines: the log has one for each. */
static void
log_line(const char *text)
{
	struct buf line = { 0 };

	for (text = without_place(text); *text != '\0'; text++)
		if (strchr(" \t\n", *text) == NULL)
			buf_addc(&line, *text);
		else if (line.n > 0 && line.p[line.n - 1] != ' ')
			buf_addc(&line, ' ');
	if (line.n > 0 && line.p[line.n - 1] == ' ')
		line.n--;
	log_host->log(log_host, BT_LOG_WARNING, buf_str(&line));
	buf_free(&line);
}

/* The first line of XGBoost's last error; the rest is a stack. */
static int
refuse(struct buf *why)
{
	const char *text = without_place(XGBGetLastError());

	buf_addf(why, "XGBoost: %.*s", (int)strcspn(text, "\n"), text);
	return -1;
}

/* The same of the model as a whole. */
static const char other[] = "a damaged model, or one for another ";

static int
refuse_model(struct buf *why)
{
	buf_adds(why, other);
	return refuse(why);
}

/*
 * XGBoost knows JSON by its first two bytes, so blanks between them are left
 * out.
 */
static int
load_json(void *handle, struct span text)
{
	struct buf copy = { 0 };
	const char *quote = memchr(text.p, '"', text.n);
	int result;

	if (quote == text.p + 1)
		return XGBoosterLoadModelFromBuffer(handle, text.p, text.n);
	buf_addc(&copy, '{');
	buf_add(&copy, quote, (size_t)(text.p + text.n - quote));
	result = XGBoosterLoadModelFromBuffer(handle, copy.p, copy.n);
	buf_free(&copy);
	return result;
}

/* A number, which XGBoost keeps as a string, in an object of the config. */
static size_t
number_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? (size_t)strtoull(text, NULL, 10) : 0;
}

/*
 * Early stopping leaves the number of trees that were best: SageMaker predicts
 * with these alone.  It is an attribute of the model, or as in XGBoost 1.3 only
 * of the pickled object.
 */
static void
take_rounds(struct booster *b, json_t *model, uint64_t limit)
{
	size_t trees = number_of(model, "num_parallel_tree");
	const char *best;
	int is_set;

	if (limit == 0 &&
	    XGBoosterGetAttr(b->handle, "best_ntree_limit", &best, &is_set) ==
		0 &&
	    is_set)
		limit = strtoull(best, NULL, 10);
	b->rounds = (unsigned)(limit / (trees > 0 ? trees : 1));
}

/* XGBoost checks neither columns nor weights nor the classes of trees, and
 * allocates room for any number of classes. */
static int
check_trees(const struct booster *b, const struct artifact *a, size_t targets,
    struct buf *why)
{
	const struct trees *t = &a->trees;
	const struct trees_ints *linear = &t->lists[TREES_LINEAR];
	size_t groups = b->classes > targets ? b->classes : targets;

	groups = groups > 0 ? groups : 1;
	if (groups > a->bytes.n)
		buf_addf(why, "a damaged model: %zu classes in %zu bytes",
		    groups, a->bytes.n);
	else if (t->columns > b->features)
		buf_addf(why,
		    "a damaged model: a tree asks for column %zu of %zu",
		    t->columns, b->features);
	else if (t->groups > groups)
		buf_addf(why, "a damaged model: a tree of class %zu of %zu",
		    t->groups, groups);
	else if (linear->there && linear->n != (b->features + 1) * groups)
		buf_addf(why,
		    "a damaged model: %zu weights for %zu columns and %zu class%s",
		    linear->n, b->features, groups, groups == 1 ? "" : "es");
	else
		return 0;
	return -1;
}

static int
take_facts(struct booster *b, json_t *learner, const struct artifact *a,
    struct buf *why)
{
	json_t *param = json_object_get(learner, "learner_model_param");
	json_t *gradient = json_object_get(learner, "gradient_booster");
	const char *objective = json_string_value(
	    json_object_get(json_object_get(learner, "objective"), "name"));
	const char *name = json_string_value(json_object_get(gradient, "name"));

	if (objective == NULL || name == NULL) {
		buf_adds(
		    why, "a damaged model: XGBoost does not say what it is");
		return -1;
	}
	b->objective = mem_dup(objective, strlen(objective));
	b->features = number_of(param, "num_feature");
	b->classes = number_of(param, "num_class");
	/* gblinear has no prediction in place, and dart's differs from the
	 * other in its last bits. */
	b->in_place = strcmp(name, "gbtree") == 0;
	if (strcmp(name, "dart") == 0)
		gradient = json_object_get(gradient, "gbtree");
	if (strcmp(name, "gblinear") != 0)
		take_rounds(b, json_object_get(gradient, "gbtree_model_param"),
		    a->limit);
	return check_trees(b, a, number_of(param, "num_target"), why);
}

static int
ask_facts(struct booster *b, const struct artifact *a, struct buf *why)
{
	json_error_t error;
	json_t *config;
	const char *text;
	bst_ulong n;
	int result;

	if (XGBoosterSaveJsonConfig(b->handle, &n, &text) != 0)
		return refuse_model(why);
	config = json_loadb(text, n, 0, &error);
	result = take_facts(b, json_object_get(config, "learner"), a, why);
	json_decref(config);
	return result;
}

static void
write_config(struct booster *b)
{
	struct buf text = { 0 };

	/* 1.7 requires cache_id to predict in place. */
	buf_addf(&text,
	    "{\"type\":0,\"training\":false,\"iteration_begin\":0,"
	    "\"iteration_end\":%u,\"strict_shape\":false,\"cache_id\":0,"
	    "\"missing\":NaN}",
	    b->rounds);
	b->config = mem_dup(text.p, text.n);
	buf_free(&text);
}

/* A model on which XGBoost fails does so here, before any batch. */
static int
try_row(struct booster *b, struct buf *why)
{
	struct sparse none = { 0 };
	struct outputs out;
	size_t n = why->n;
	int result;

	sparse_clear(&none);
	sparse_end_row(&none);
	buf_adds(why, other);
	result = booster_predict_sparse(b, &none, &out, why);
	if (result == 0)
		why->n = n;
	sparse_free(&none);
	return result;
}

static int
load_artifact(struct booster *b, const struct artifact *a, struct buf *why)
{
	struct span value;
	const char *reason;
	size_t at;
	int result;

	if (XGBoosterCreate(NULL, 0, &b->handle) != 0 ||
	    XGBoosterSetParam(b->handle, "nthread", "1") != 0)
		return refuse(why);
	if (a->serialized)
		result = XGBoosterUnserializeFromBuffer(
		    b->handle, a->bytes.p, a->bytes.n);
	else if (a->json)
		result = load_json(b->handle, a->bytes);
	else
		result = XGBoosterLoadModelFromBuffer(
		    b->handle, a->bytes.p, a->bytes.n);
	if (result != 0 && a->json &&
	    json_check(a->bytes, &value, &reason, &at) == -1) {
		buf_addf(
		    why, "a damaged model in JSON: byte %zu: %s", at, reason);
		return -1;
	}
	/* The file may have set it anew. */
	if (result != 0 || XGBoosterSetParam(b->handle, "nthread", "1") != 0)
		return refuse_model(why);
	if (ask_facts(b, a, why) == -1)
		return -1;
	write_config(b);
	return b->features > 0 ? try_row(b, why) : 0;
}

int
booster_load(struct booster *b, const struct bt_host *host, struct span file,
    struct buf *why)
{
	struct artifact a;
	int major, minor, patch, result;
	bool since_3_1;

	*b = (struct booster){ 0 };
	log_host = host;
	XGBRegisterLogCallback(log_line);
	XGBoostVersion(&major, &minor, &patch);
	since_3_1 = major > 3 || (major == 3 && minor >= 1);
	result = artifact_look(file, since_3_1, &a, why);
	if (result == 0)
		result = load_artifact(b, &a, why);
	artifact_free(&a);
	return result;
}

void
booster_free(struct booster *b)
{
	if (b->handle != NULL)
		XGBoosterFree(b->handle);
	free(b->objective);
	free(b->config);
}

/* Describes an array to XGBoost (numpy's __array_interface__). */
static const char *
interface(
    struct buf *b, const void *p, const char *type, size_t rows, size_t columns)
{
	b->n = 0;
	buf_addf(b, "{\"data\":[%" PRIuPTR ",true],\"shape\":[%zu",
	    (uintptr_t)p, rows);
	if (columns > 0)
		buf_addf(b, ",%zu", columns);
	buf_addf(b, "],\"typestr\":\"<%s\",\"version\":3}", type);
	return buf_str(b);
}

struct reply {
	const bst_ulong *shape;
	bst_ulong dimensions;
	const float *values;
};

static void
take_reply(const struct reply *r, struct outputs *out)
{
	bst_ulong i;

	out->rows = r->shape[0];
	out->vector = r->dimensions > 1;
	out->width = 1;
	for (i = 1; i < r->dimensions; i++)
		out->width *= r->shape[i];
	out->values = r->values;
}

/* Predicts from a copy of the rows in XGBoost's own form; frees it. */
static int
predict_copy(struct booster *b, DMatrixHandle rows, struct reply *r)
{
	int result;

	result = XGBoosterPredictFromDMatrix(
	    b->handle, rows, b->config, &r->shape, &r->dimensions, &r->values);
	XGDMatrixFree(rows);
	return result;
}

static const char matrix_config[] = "{\"missing\":NaN,\"nthread\":1}";

int
booster_predict(struct booster *b, const struct bt_matrix *m,
    struct outputs *out, struct buf *why)
{
	struct buf text = { 0 };
	const char *values =
	    interface(&text, m->values, "f4", m->rows, m->columns);
	DMatrixHandle copy;
	struct reply r = { 0 };
	int result;

	if (b->in_place)
		result = XGBoosterPredictFromDense(b->handle, values, b->config,
		    NULL, &r.shape, &r.dimensions, &r.values);
	else if ((result = XGDMatrixCreateFromDense(
		      values, matrix_config, &copy)) == 0)
		result = predict_copy(b, copy, &r);
	buf_free(&text);
	if (result != 0)
		return refuse(why);
	take_reply(&r, out);
	return 0;
}

int
booster_predict_sparse(struct booster *b, const struct sparse *s,
    struct outputs *out, struct buf *why)
{
	struct buf texts[3] = { { 0 }, { 0 }, { 0 } };
	const char *starts =
	    interface(&texts[0], s->starts, "u8", s->rows + 1, 0);
	const char *columns =
	    interface(&texts[1], s->columns, "u4", s->count, 0);
	const char *values = interface(&texts[2], s->values, "f4", s->count, 0);
	DMatrixHandle copy;
	struct reply r = { 0 };
	int result;

	if (b->in_place)
		result = XGBoosterPredictFromCSR(b->handle, starts, columns,
		    values, b->features, b->config, NULL, &r.shape,
		    &r.dimensions, &r.values);
	else if ((result = XGDMatrixCreateFromCSR(starts, columns, values,
		      b->features, matrix_config, &copy)) == 0)
		result = predict_copy(b, copy, &r);
	buf_free(&texts[0]);
	buf_free(&texts[1]);
	buf_free(&texts[2]);
	if (result != 0)
		return refuse(why);
	take_reply(&r, out);
	return 0;
}
