/* A model that replies with what REPLY is in its environment, which TYPE says
 * the type of. */
#include <stdlib.h>
#include <string.h>

#include "through.h"

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)host;
	(void)load;
	*model = NULL;
	return BT_OK;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const char *reply = getenv("REPLY"), *type = getenv("TYPE");

	(void)model;
	(void)prediction;
	(void)accept;
	if (type != NULL)
		host->content_type(host, type);
	host->write(host, reply, strlen(reply));
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "raw",
	.version = "1.0", .model_fn = model_fn, .input_fn = through_input_fn,
	.predict_fn = through_predict_fn, .output_fn = output_fn };
BT_PLUGIN(plugin)
