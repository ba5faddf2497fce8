/* A plugin that cannot predict. */
#include "bt_model.h"

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)host;
	(void)load;
	*model = NULL;
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "no_predict",
	.version = "1.0", .model_fn = model_fn };
BT_PLUGIN(plugin)
