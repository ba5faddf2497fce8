/*
 * A model on numbers, by the host's reader and writer: the sum of a row.  A
 * row of 13 costs the whole prediction, one of 14 a row of it.
 */
#include "bt_model.h"

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)host;
	(void)load;
	*model = NULL;
	return BT_OK;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	const struct bt_matrix *in = input;
	struct bt_matrix *out = host->matrix(host, in->rows, 1);
	size_t i, k;

	(void)model;
	*prediction = out;
	for (i = 0; i < in->rows; i++) {
		out->values[i] = 0;
		for (k = 0; k < in->columns; k++)
			out->values[i] += in->values[i * in->columns + k];
		if (out->values[i] == 13)
			*prediction = NULL;
		if (out->values[i] == 14)
			out->rows--;
	}
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "rows",
	.version = "1.0", .model_fn = model_fn, .predict_fn = predict_fn };
BT_PLUGIN(plugin)
