/* A plugin whose struct ends before its functions. */
#include "bt_model.h"

static const struct bt_plugin plugin = { BT_MAGIC, 32, BT_ABI_MAJOR, 0,
	.name = "too_small" };
BT_PLUGIN(plugin)
