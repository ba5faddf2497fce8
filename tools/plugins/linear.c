/*
 * linear - a logistic or linear model on columns of numbers, or on the words
 * of a text.  The model is a folder with a model.json: bt-linear(7).
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bt_model.h"
#include "format/codec.h"
#include "plugins/linear/model.h"
#include "plugins/linear/reply.h"
#include "plugins/linear/text.h"

struct input {
	bool sparse; /* columns that a record does not name are 0 */
	struct bt_matrix numbers;
	struct texts texts;
};

struct prediction {
	size_t rows;
	double *values; /* the model's outputs for each row */
};

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	struct buf path = { 0 }, why = { 0 };
	int status = BT_OK;

	if (load->model_dir != NULL) {
		buf_addf(&path, "%s/model.json", load->model_dir);
		*model = linear_model_read(buf_str(&path), NULL, 0, &why);
		buf_adds(&path, ": ");
	} else if (load->archive != NULL)
		*model = linear_model_read(
		    NULL, load->archive, load->archive_size, &why);
	else
		return host->fail(host, BT_MODEL_ERROR, -1,
		    "no model: a folder with model.json is required");
	if (*model == NULL)
		status = host->fail(host, BT_MODEL_ERROR, -1, "%s%s",
		    buf_str(&path), buf_str(&why));
	buf_free(&path);
	buf_free(&why);
	return status;
}

static int
numbers_read(const struct bt_host *host, const struct bt_request *request,
    struct input *in)
{
	enum type_kind kind = type_kind(span_str(request->content_type));
	struct buf why = { 0 };
	int64_t bad = -1;
	int status = BT_OK;

	if (!type_decodes(kind))
		return host->fail(host, BT_BAD_CONTENT_TYPE, -1,
		    "%s: this model reads columns of numbers",
		    request->content_type);
	in->sparse = kind == TYPE_LIBSVM;
	if (codec_decode(kind, request->records, request->record_count,
		&in->numbers, &why, &bad) == -1) {
		codec_hint_header(&why, request, bad);
		status =
		    host->fail(host, BT_BAD_INPUT, bad, "%s", buf_str(&why));
	}
	buf_free(&why);
	return status;
}

static void
input_free(void *model, void *input)
{
	struct input *in = input;

	(void)model;
	free(in->numbers.values);
	free(in->texts.at);
	free(in);
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	const struct linear_model *m = model;
	struct input *in;
	int status;

	in = mem_alloc(sizeof *in);
	*in = (struct input){ 0 };
	status = m->text ? texts_read(host, m, request, &in->texts)
			 : numbers_read(host, request, in);
	if (status == BT_OK)
		*input = in;
	else
		input_free(model, in);
	return status;
}

/* A row of numbers times the weights. */
static int
row_sum(const struct bt_host *host, const struct linear_model *m,
    const struct input *in, size_t row, double *sums)
{
	const float *x = in->numbers.values + row * in->numbers.columns;
	const double *w = m->weights;
	double v, sum = 0; /* of a model of one row, kept in a register */
	size_t i, k;

	for (i = 0; i < in->numbers.columns; i++) {
		v = (double)x[i];
		if (isnan(v) && (in->sparse || m->missing != NULL))
			v = in->sparse ? 0 : m->missing[i];
		if (isnan(v))
			return host->fail(host, BT_BAD_INPUT, (int64_t)row,
			    "column %zu is empty or not a number, and the model has no \"missing\" for it",
			    i + 1);
		if (m->outputs == 1)
			sum += v * w[i];
		else
			for (k = 0; k < m->outputs; k++)
				sums[k] += v * *w++;
	}
	if (m->outputs == 1)
		sums[0] = sum;
	return BT_OK;
}

static int
numbers_predict(const struct bt_host *host, const struct linear_model *m,
    const struct input *in, struct prediction *out)
{
	size_t columns = in->numbers.columns, i;
	int status = BT_OK;

	if (columns > m->features || (columns < m->features && !in->sparse))
		return host->fail(host, BT_BAD_INPUT,
		    in->numbers.rows > 0 ? 0 : -1,
		    "%zu column%s, but the model has %zu", columns,
		    columns == 1 ? "" : "s", m->features);
	for (i = 0; i < in->numbers.rows && status == BT_OK; i++)
		status = row_sum(host, m, in, i, out->values + i * m->outputs);
	return status;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	const struct linear_model *m = model;
	const struct input *in = input;
	struct prediction *out = host->alloc(host, sizeof *out);
	size_t i, k;
	int status = BT_OK;

	out->rows = m->text ? in->texts.count : in->numbers.rows;
	out->values =
	    host->alloc(host, out->rows * m->outputs * sizeof *out->values);
	for (i = 0; i < out->rows * m->outputs; i++)
		out->values[i] = 0;
	if (!m->text)
		status = numbers_predict(host, m, in, out);
	else
		words_sum(&m->words, in->texts.at, out->rows * in->texts.parts,
		    in->texts.parts, m->weights, m->outputs, out->values);
	for (i = 0; i < out->rows; i++)
		for (k = 0; k < m->outputs; k++)
			out->values[i * m->outputs + k] += m->intercepts[k];
	*prediction = out;
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct linear_model *m = model;
	const struct prediction *out = prediction;
	enum type_kind kind = type_kind(span_str(accept));
	bool document = m->learner && kind == TYPE_JSON;
	struct buf reply = { 0 };
	size_t i;

	if (document)
		buf_adds(&reply, "{\"predictions\":[");
	for (i = 0; i < out->rows; i++) {
		if (document && i > 0)
			buf_addc(&reply, ',');
		reply_add(m, out->values + i * m->outputs, type_is_json(kind),
		    &reply);
		if (document)
			continue;
		host->write(host, reply.p, reply.n);
		host->end_record(host);
		reply.n = 0;
	}
	if (document) {
		buf_adds(&reply, "]}");
		host->write(host, reply.p, reply.n);
	}
	buf_free(&reply);
	return BT_OK;
}

static void
model_close(void *model)
{
	linear_model_free(model);
}

static const char *const content_types[] = { "text/csv", "text/plain",
	"text/libsvm", "text/x-libsvm", "application/json",
	"application/jsonlines", NULL };
static const char *const accepts[] = { "text/csv", "text/plain",
	"application/json", "application/jsonlines", NULL };

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "linear",
	.version = BT_VERSION, .content_types = content_types,
	.accepts = accepts, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn,
	.input_free = input_free, .model_close = model_close };
BT_PLUGIN(plugin)
