/*
 * onnx - models in the ONNX format, run by ONNX Runtime, whose library is found
 * when a model is loaded: bt-onnx(7).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bt_model.h"
#include "format/type.h"
#include "plugins/onnx/folder.h"
#include "plugins/onnx/reply.h"

struct model {
	struct session session;
	struct rows rows;
};

static void
model_close(void *model)
{
	struct model *m = model;

	rows_free(&m->rows);
	session_free(&m->session);
	free(m);
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	struct model *m = mem_alloc(sizeof *m);
	struct span bytes = { load->archive, load->archive_size };
	struct buf path = { 0 }, why = { 0 };
	int status = BT_OK, result = -1;

	*m = (struct model){ 0 };
	if (load->model_dir != NULL) {
		result = folder_model(load->model_dir, &path, &why);
		if (result == 0)
			result = session_open(&m->session, host, buf_str(&path),
			    bytes, load->threads, &why);
	} else if (load->archive != NULL)
		result = session_open(
		    &m->session, host, NULL, bytes, load->threads, &why);
	else
		buf_adds(
		    &why, "no model: a folder with model.onnx is required");
	if (result == 0) {
		rows_init(&m->rows, &m->session);
		*model = m;
	} else {
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		model_close(m);
	}
	buf_free(&path);
	buf_free(&why);
	return status;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	struct model *m = model;

	*input = &m->rows;
	return rows_read(&m->rows, host, request);
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	struct model *m = model;
	struct prediction *p = mem_alloc(sizeof *p);
	int status;

	*p = (struct prediction){ 0 };
	status = run_rows(&m->session, host, input, p);
	if (status == BT_OK)
		*prediction = p;
	else {
		prediction_release(&m->session, p);
		free(p);
	}
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct model *m = model;
	enum type_kind kind =
	    type_kind((struct span){ accept, strlen(accept) });

	return reply_write(&m->session, host, prediction, type_is_json(kind));
}

static void
prediction_free(void *model, void *prediction)
{
	const struct model *m = model;

	prediction_release(&m->session, prediction);
	free(prediction);
}

static const char *const content_types[] = { "text/csv", "application/json",
	"application/jsonlines", "text/plain", NULL };
static const char *const accepts[] = { "text/csv", "application/json",
	"application/jsonlines", "text/plain", NULL };

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "onnx",
	.version = BT_VERSION, .content_types = content_types,
	.accepts = accepts, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn,
	.prediction_free = prediction_free, .model_close = model_close };
BT_PLUGIN(plugin)
