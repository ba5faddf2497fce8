/*
 * xgboost - models that XGBoost has trained, in SageMaker or elsewhere, which
 * reads and answers as SageMaker's XGBoost container does: bt-xgboost(7).
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "bt_model.h"
#include "plugins/xgboost/ensemble.h"
#include "plugins/xgboost/reply.h"
#include "plugins/xgboost/rows.h"

struct model {
	struct ensemble ensemble;
	struct form form;
	struct rows rows;
	int base;     /* libsvm's first index, or -1 */
	bool records; /* the user asked for records in reply */
};

static bool
is_records(const char *type)
{
	return type != NULL &&
	       type_same(span_str(type), span_str(rows_recordio));
}

/* The service's container would run it if the job named it. */
static void
warn_of_script(const struct bt_host *host, const char *folder)
{
	struct buf path = { 0 };

	buf_addf(&path, "%s/code/inference.py", folder);
	if (access(buf_str(&path), F_OK) == 0)
		host->log(host, BT_LOG_WARNING,
		    "code/inference.py is not run; -m python -E BT_FRAMEWORK=xgboost runs it, and in a job SAGEMAKER_PROGRAM in the container's Environment");
	buf_free(&path);
}

static int
load(struct model *m, const struct bt_host *host, const struct bt_load *from,
    struct buf *why)
{
	const char *ensemble = getenv("SAGEMAKER_INFERENCE_ENSEMBLE");
	bool one = ensemble != NULL && strcmp(ensemble, "true") != 0;
	struct span file = { from->archive, from->archive_size };

	if (from->model_dir != NULL) {
		warn_of_script(host, from->model_dir);
		return ensemble_load_folder(
		    &m->ensemble, host, from->model_dir, one, why);
	}
	if (file.p != NULL)
		return ensemble_load_bytes(&m->ensemble, host, file, why);
	buf_adds(why, "no model: a folder with xgboost-model is required");
	return -1;
}

static int
set_up(struct model *m, const struct bt_host *host, const struct bt_load *from,
    struct buf *why)
{
	const char *base = getenv("BT_LIBSVM_BASE");
	const char *strict = getenv("BT_STRICT");
	struct buf warn = { 0 };

	m->base = -1;
	if (base != NULL && *base != '\0') {
		if (strcmp(base, "0") != 0 && strcmp(base, "1") != 0) {
			buf_addf(
			    why, "BT_LIBSVM_BASE: \"%.40s\", not 0 or 1", base);
			return -1;
		}
		m->base = *base - '0';
	}
	if (load(m, host, from, why) == -1 ||
	    form_set(&m->form, &m->ensemble.boosters[0],
		getenv("SAGEMAKER_INFERENCE_OUTPUT"),
		strict != NULL && strcmp(strict, "1") == 0, &warn, why) == -1)
		return -1;
	if (warn.n > 0)
		host->log(host, BT_LOG_WARNING, buf_str(&warn));
	buf_free(&warn);
	return 0;
}

static void
model_close(void *model)
{
	struct model *m = model;

	ensemble_free(&m->ensemble);
	form_free(&m->form);
	rows_free(&m->rows);
	free(m);
}

static int
model_fn(const struct bt_host *host, const struct bt_load *from, void **model)
{
	struct model *m = mem_alloc(sizeof *m);
	struct buf why = { 0 };
	int status = BT_OK;

	*m = (struct model){ .records = is_records(from->accept) };
	if (set_up(m, host, from, &why) == -1) {
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		model_close(m);
	} else
		*model = m;
	buf_free(&why);
	return status;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	struct model *m = model;

	*input = &m->rows;
	return rows_read(
	    &m->rows, host, request, m->ensemble.boosters[0].features, m->base);
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	struct model *m = model;
	const struct rows *rows = input;
	struct outputs *out = host->alloc(host, sizeof *out);
	struct buf why = { 0 };
	int status = BT_OK;

	*out = (struct outputs){ 0 };
	*prediction = out;
	if (rows_count(rows) > 0 &&
	    ensemble_predict(&m->ensemble, rows, out, &why) == -1)
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
	buf_free(&why);
	return status;
}

/* The service's containers reply to records in text; the reply is in records
 * only if the user asked for that. */
static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct model *m = model;
	bool as_container = m->form.strict && m->form.choice_count == 0;
	bool text = as_container || (is_records(accept) && !m->records);
	struct span type = { text ? "text/csv" : accept, 0 };
	struct buf reply = { 0 }, why = { 0 };
	int status = BT_OK;

	type.n = strlen(type.p);
	if (text)
		host->content_type(host, type.p);
	if ((is_records(type.p)
		    ? reply_add_records(&m->form, prediction, &reply, &why)
		    : reply_add(&m->form, prediction, type_kind(type), &reply,
			  &why)) == -1)
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
	else
		host->write(host, reply.p, reply.n);
	buf_free(&reply);
	buf_free(&why);
	return status;
}

static const char *const accepts[] = { "text/csv", "application/json",
	"application/jsonlines", rows_recordio, NULL };

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "xgboost",
	.version = BT_VERSION, .content_types = rows_content_types,
	.accepts = accepts, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn,
	.model_close = model_close };
BT_PLUGIN(plugin)
