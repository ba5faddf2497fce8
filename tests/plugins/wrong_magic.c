/* Exports the name and means something else by it. */
#include "bt_model.h"

static const struct bt_plugin plugin = { 0x464c457f, sizeof(struct bt_plugin),
	BT_ABI_MAJOR, 0, .name = "wrong_magic" };

const struct bt_plugin *
bt_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
	(void)host_major;
	(void)host_minor;
	return &plugin;
}
