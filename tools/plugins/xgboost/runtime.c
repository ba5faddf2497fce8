#include "plugins/xgboost/runtime.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/xgboost/artifact.h"
#include "plugins/xgboost/library.h"

/* XGBoost's last error. */
static int
refuse(const struct runtime *r, struct buf *why)
{
	library_add_error(r->library, why);
	return -1;
}

/* The same of the model as a whole. */
static const char other[] = "a damaged model, or one for another ";

static int
refuse_model(const struct runtime *r, struct buf *why)
{
	buf_adds(why, other);
	return refuse(r, why);
}

/*
 * XGBoost knows JSON by its first two bytes, so blanks between them are left
 * out.
 */
static int
load_json(const struct runtime *r, struct span text)
{
	struct buf copy = { 0 };
	const char *quote = memchr(text.p, '"', text.n);
	int result;

	if (quote == text.p + 1)
		return r->library->load(r->handle, text.p, text.n);
	buf_addc(&copy, '{');
	buf_add(&copy, quote, (size_t)(text.p + text.n - quote));
	result = r->library->load(r->handle, copy.p, copy.n);
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
take_rounds(struct runtime *r, json_t *model, uint64_t limit)
{
	size_t trees = number_of(model, "num_parallel_tree");
	const char *best;
	int is_set;

	if (limit == 0 &&
	    r->library->attribute(
		r->handle, "best_ntree_limit", &best, &is_set) == 0 &&
	    is_set)
		limit = strtoull(best, NULL, 10);
	r->rounds = (unsigned)(limit / (trees > 0 ? trees : 1));
}

static int
take_facts(struct runtime *r, json_t *learner, const struct artifact *a,
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
	r->objective = mem_str(objective);
	r->features = number_of(param, "num_feature");
	r->classes = number_of(param, "num_class");
	/* gblinear has no prediction in place, and dart's differs from the
	 * other in its last bits. */
	r->in_place = strcmp(name, "gbtree") == 0;
	if (strcmp(name, "dart") == 0)
		gradient = json_object_get(gradient, "gbtree");
	if (strcmp(name, "gblinear") != 0)
		take_rounds(r, json_object_get(gradient, "gbtree_model_param"),
		    a->limit);
	return artifact_check(
	    a, r->features, r->classes, number_of(param, "num_target"), why);
}

static int
ask_facts(struct runtime *r, const struct artifact *a, struct buf *why)
{
	json_error_t error;
	json_t *config;
	const char *text;
	uint64_t n;
	int result;

	if (r->library->config(r->handle, &n, &text) != 0)
		return refuse_model(r, why);
	config = json_loadb(text, n, 0, &error);
	result = take_facts(r, json_object_get(config, "learner"), a, why);
	json_decref(config);
	return result;
}

static void
write_config(struct runtime *r)
{
	struct buf text = { 0 };

	/* 1.7 requires cache_id to predict in place. */
	buf_addf(&text,
	    "{\"type\":0,\"training\":false,\"iteration_begin\":0,"
	    "\"iteration_end\":%u,\"strict_shape\":false,\"cache_id\":0,"
	    "\"missing\":NaN}",
	    r->rounds);
	r->config = mem_dup(text.p, text.n);
	buf_free(&text);
}

/* A model on which XGBoost fails does so here, before any batch. */
static int
try_row(struct runtime *r, struct buf *why)
{
	struct sparse none = { 0 };
	struct outputs out;
	size_t n = why->n;
	int result;

	sparse_clear(&none);
	sparse_end_row(&none);
	buf_adds(why, other);
	result = runtime_predict_sparse(r, &none, &out, why);
	if (result == 0)
		why->n = n;
	sparse_free(&none);
	return result;
}

static int
load_artifact(struct runtime *r, const struct artifact *a, struct buf *why)
{
	struct span value;
	const char *reason;
	size_t at;
	int result;

	if (r->library->create(NULL, 0, &r->handle) != 0 ||
	    r->library->set(r->handle, "nthread", "1") != 0)
		return refuse(r, why);
	if (a->serialized)
		result =
		    r->library->unserialize(r->handle, a->bytes.p, a->bytes.n);
	else if (a->json)
		result = load_json(r, a->bytes);
	else
		result = r->library->load(r->handle, a->bytes.p, a->bytes.n);
	if (result != 0 && a->json &&
	    json_check(a->bytes, &value, &reason, &at) == -1) {
		buf_addf(
		    why, "a damaged model in JSON: byte %zu: %s", at, reason);
		return -1;
	}
	/* The file may have set it anew. */
	if (result != 0 || r->library->set(r->handle, "nthread", "1") != 0)
		return refuse_model(r, why);
	if (ask_facts(r, a, why) == -1)
		return -1;
	write_config(r);
	return r->features > 0 ? try_row(r, why) : 0;
}

int
runtime_load(struct runtime *r, const struct bt_host *host,
    const struct artifact *a, struct buf *why)
{
	*r = (struct runtime){ .library = library_open(host, why) };
	if (r->library == NULL ||
	    artifact_fits(a, library_since_3_1(r->library), why) == -1)
		return -1;
	return load_artifact(r, a, why);
}

void
runtime_free(struct runtime *r)
{
	if (r->handle != NULL)
		r->library->free(r->handle);
	free(r->objective);
	free(r->config);
}

/* Describes an array to XGBoost (numpy's __array_interface__). */
static const char *
interface(struct buf *out, const void *p, const char *type, size_t rows,
    size_t columns)
{
	out->n = 0;
	buf_addf(out, "{\"data\":[%" PRIuPTR ",true],\"shape\":[%zu",
	    (uintptr_t)p, rows);
	if (columns > 0)
		buf_addf(out, ",%zu", columns);
	buf_addf(out, "],\"typestr\":\"<%s\",\"version\":3}", type);
	return buf_str(out);
}

struct reply {
	const uint64_t *shape;
	uint64_t dimensions;
	const float *values;
};

static void
take_reply(const struct reply *reply, struct outputs *out)
{
	uint64_t i;

	out->rows = reply->shape[0];
	out->vector = reply->dimensions > 1;
	out->width = 1;
	for (i = 1; i < reply->dimensions; i++)
		out->width *= reply->shape[i];
	out->values = reply->values;
}

/* Predicts from a copy of the rows in XGBoost's own form; frees it. */
static int
predict_copy(struct runtime *r, void *rows, struct reply *reply)
{
	int result;

	result = r->library->predict(r->handle, rows, r->config, &reply->shape,
	    &reply->dimensions, &reply->values);
	r->library->matrix_free(rows);
	return result;
}

static const char matrix_config[] = "{\"missing\":NaN,\"nthread\":1}";

int
runtime_predict(struct runtime *r, const struct bt_matrix *m,
    struct outputs *out, struct buf *why)
{
	struct buf text = { 0 };
	const char *values =
	    interface(&text, m->values, "f4", m->rows, m->columns);
	void *copy;
	struct reply reply = { 0 };
	int result;

	if (r->in_place)
		result = r->library->predict_dense(r->handle, values, r->config,
		    NULL, &reply.shape, &reply.dimensions, &reply.values);
	else if ((result = r->library->matrix_dense(
		      values, matrix_config, &copy)) == 0)
		result = predict_copy(r, copy, &reply);
	buf_free(&text);
	if (result != 0)
		return refuse(r, why);
	take_reply(&reply, out);
	return 0;
}

int
runtime_predict_sparse(struct runtime *r, const struct sparse *s,
    struct outputs *out, struct buf *why)
{
	struct buf texts[3] = { { 0 }, { 0 }, { 0 } };
	const char *starts =
	    interface(&texts[0], s->starts, "u8", s->rows + 1, 0);
	const char *columns =
	    interface(&texts[1], s->columns, "u4", s->count, 0);
	const char *values = interface(&texts[2], s->values, "f4", s->count, 0);
	void *copy;
	struct reply reply = { 0 };
	int result;

	if (r->in_place)
		result = r->library->predict_csr(r->handle, starts, columns,
		    values, r->features, r->config, NULL, &reply.shape,
		    &reply.dimensions, &reply.values);
	else if ((result = r->library->matrix_csr(starts, columns, values,
		      r->features, matrix_config, &copy)) == 0)
		result = predict_copy(r, copy, &reply);
	buf_free(&texts[0]);
	buf_free(&texts[1]);
	buf_free(&texts[2]);
	if (result != 0)
		return refuse(r, why);
	take_reply(&reply, out);
	return 0;
}
