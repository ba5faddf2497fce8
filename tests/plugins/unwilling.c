/* A plugin that wants a later host. */
#include "bt_model.h"

const struct bt_plugin *
bt_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
	(void)host_major;
	(void)host_minor;
	return NULL;
}
