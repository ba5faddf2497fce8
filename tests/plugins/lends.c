/*
 * A model that replies as the letters of WAYS in its environment say: l lends a
 * word, w writes one, e ends a record.  Its words change once it has replied,
 * which a model must not do: so it shows which of them were copied.
 */
#include <stdlib.h>
#include <string.h>

#include "through.h"

static char word[] = "word ";

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)load;
	*model = NULL;
	return BT_HAS(host, lend) ? BT_OK : BT_MODEL_ERROR;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const char *way;

	(void)model;
	(void)prediction;
	(void)accept;
	memcpy(word, "word ", 5);
	for (way = getenv("WAYS"); *way != '\0'; way++)
		if (*way == 'l')
			host->lend(host, word, 5);
		else if (*way == 'w')
			host->write(host, word, 5);
		else if (*way == 'e')
			host->end_record(host);
		else
			host->lend(host, NULL, 0);
	return BT_OK;
}

static void
prediction_free(void *model, void *prediction)
{
	(void)model;
	(void)prediction;
	memcpy(word, "other", 5);
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "lends",
	.version = "1.0", .model_fn = model_fn, .input_fn = through_input_fn,
	.predict_fn = through_predict_fn, .output_fn = output_fn,
	.prediction_free = prediction_free };
BT_PLUGIN(plugin)
