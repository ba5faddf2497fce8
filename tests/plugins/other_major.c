/* A plugin of the interface that comes after this one, whatever it is. */
#include "bt_model.h"

static const struct bt_plugin plugin = { BT_MAGIC, sizeof(struct bt_plugin),
	BT_ABI_MAJOR + 1, 0, .name = "other_major" };

const struct bt_plugin *
bt_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
	(void)host_major;
	(void)host_minor;
	return &plugin;
}
