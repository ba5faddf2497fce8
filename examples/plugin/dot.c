/*
 * dot - a linear model: the prediction is a weighted sum of the features.
 * The model folder holds the file weights, a number for each feature.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bt_model.h>

struct dot {
	size_t n;
	float weights[1000];
};

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	struct dot *dot = calloc(1, sizeof *dot);
	char path[4096];
	FILE *f;

	if (dot == NULL || load->model_dir == NULL)
		return host->fail(host, BT_MODEL_ERROR, -1, "no model folder");
	snprintf(path, sizeof path, "%s/weights", load->model_dir);
	f = fopen(path, "r");
	if (f == NULL)
		return host->fail(host, BT_MODEL_ERROR, -1, "%s: %s", path,
		    strerror(errno));
	while (dot->n < 1000 && fscanf(f, "%f", &dot->weights[dot->n]) == 1)
		dot->n++;
	fclose(f);
	*model = dot;
	return BT_OK;
}

static int
predict_fn(const struct bt_host *host, void *model, void *input,
    void **prediction)
{
	const struct dot *dot = model;
	const struct bt_matrix *in = input;
	struct bt_matrix *out = host->matrix(host, in->rows, 1);
	size_t i, k;

	if (in->columns != dot->n)
		return host->fail(host, BT_BAD_INPUT, -1,
		    "%zu features, not %zu", in->columns, dot->n);
	for (i = 0; i < in->rows; i++) {
		out->values[i] = 0;
		for (k = 0; k < dot->n; k++)
			out->values[i] +=
			    in->values[i * dot->n + k] * dot->weights[k];
	}
	*prediction = out;
	return BT_OK;
}

static const struct bt_plugin plugin = {
	BT_PLUGIN_HEAD, .name = "dot", .version = "1.0",
	.model_fn = model_fn, .predict_fn = predict_fn
};
BT_PLUGIN(plugin)
