/*
 * http PLUGIN: loads the plugin's model by the interface alone, prints what
 * the server would like (/execution-parameters), and closes the model.
 */
#include <dlfcn.h>
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bt_model.h"

static int
host_fail(const struct bt_host *host, int status, int64_t record,
    const char *fmt, ...)
{
	va_list ap;

	(void)host;
	printf("%d %lld ", status, (long long)record);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return status;
}

static void
host_log(const struct bt_host *host, int level, const char *text)
{
	(void)host;
	printf("log %d %s\n", level, text);
}

static const struct bt_plugin *
plugin_open(const char *path)
{
	const struct bt_plugin *(*entry)(uint32_t, uint32_t);
	void *so, *symbol;

	so = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (so == NULL || (symbol = dlsym(so, "bt_plugin_v1")) == NULL)
		errx(1, "%s", dlerror());
	memcpy(&entry, &symbol, sizeof entry);
	return entry(BT_ABI_MAJOR, BT_ABI_MINOR);
}

int
main(int argc, char *argv[])
{
	static const struct bt_host host = { .magic = BT_MAGIC,
		.struct_size = sizeof host,
		.abi_major = BT_ABI_MAJOR,
		.abi_minor = BT_ABI_MINOR,
		.log = host_log,
		.fail = host_fail };
	struct bt_load load = { .struct_size = sizeof load, .threads = 1 };
	struct bt_execution_parameters p = { .struct_size = sizeof p };
	const struct bt_plugin *plugin;
	void *model;

	if (argc != 2)
		errx(2, "usage: http PLUGIN");
	plugin = plugin_open(argv[1]);
	if (plugin->model_fn(&host, &load, &model) != BT_OK)
		return 1;
	plugin->execution_parameters(&host, model, &p);
	printf("%u %u %s\n", p.max_concurrent_transforms, p.max_payload_in_mb,
	    p.batch_strategy != NULL ? p.batch_strategy : "-");
	plugin->model_close(model);
	return 0;
}
