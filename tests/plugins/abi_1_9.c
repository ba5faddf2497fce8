/*
 * A plugin built against a later minor version: its struct has members that
 * this host does not know, and it uses what the host's table does not have
 * only where struct_size says that it is there.
 */
#include "bt_model.h"

struct host_1_9 {
	struct bt_host now;
	void (*later)(const struct bt_host *);
};

struct plugin_1_9 {
	struct bt_plugin now;
	int (*later_fn)(const struct bt_host *host, void *model);
	const char *words;
};

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)load;
	*model = NULL;
	if (host->struct_size >= sizeof(struct host_1_9))
		((const struct host_1_9 *)host)->later(host);
	return BT_OK;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	(void)host;
	(void)model;
	*prediction = input;
	return BT_OK;
}

static int
later_fn(const struct bt_host *host, void *model)
{
	(void)model;
	return host->fail(
	    host, BT_MODEL_ERROR, -1, "called what it does not know");
}

static const struct plugin_1_9 plugin = {
	{ BT_MAGIC, sizeof plugin, BT_ABI_MAJOR, 9, .name = "abi_1_9",
	    .version = "1.9", .model_fn = model_fn, .predict_fn = predict_fn },
	later_fn, "more"
};
BT_PLUGIN(plugin.now)
