/*
 * linear PLUGIN MODEL_DIR CONTENT_TYPE ACCEPT: runs standard input, a record a
 * line (application/json: all of it one), through a plugin with output_fn, by
 * the interface alone.  Prints the reply, a line a record, or what the plugin
 * said: `STATUS RECORD TEXT`.  With -r N the batch is run N times and only
 * the bytes per second of processor time are printed.
 */
#include <dlfcn.h>
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "bt_model.h"

/* What alloc gave for the batch, in a chain. */
struct piece {
	struct piece *next;
	max_align_t memory[];
};
static struct piece *pieces;
static struct buf reply;

static void *
host_alloc(const struct bt_host *host, size_t n)
{
	struct piece *p = mem_alloc(sizeof *p + n);

	(void)host;
	p->next = pieces;
	pieces = p;
	return p->memory;
}

static void
pieces_free(void)
{
	struct piece *next;

	for (; pieces != NULL; pieces = next) {
		next = pieces->next;
		free(pieces);
	}
}

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
host_write(const struct bt_host *host, const void *p, size_t n)
{
	(void)host;
	buf_add(&reply, p, n);
}

static void
host_end_record(const struct bt_host *host)
{
	(void)host;
	buf_addc(&reply, '\n');
}

static const struct bt_host host = { .magic = BT_MAGIC,
	.struct_size = sizeof host,
	.abi_major = BT_ABI_MAJOR,
	.abi_minor = BT_ABI_MINOR,
	.alloc = host_alloc,
	.fail = host_fail,
	.write = host_write,
	.end_record = host_end_record };

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

static void
body_read(struct buf *b)
{
	size_t n;

	do {
		n = fread(buf_room(b, 65536), 1, 65536, stdin);
		b->n += n;
	} while (n > 0);
}

static size_t
lines_cut(const struct buf *body, bool whole, struct bt_span **out)
{
	struct bt_span *at = NULL;
	const char *p = body->p, *end = body->p + body->n, *lf;
	size_t n = 0, room = 0;

	for (; p < end; p = lf + 1) {
		lf = whole ? NULL : memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		if (n == room)
			at = mem_resize(at, room = room * 2 + 64, sizeof *at);
		at[n++] = (struct bt_span){ p, (size_t)(lf - p) };
	}
	*out = at;
	return n;
}

static int
run(const struct bt_plugin *plugin, void *model,
    const struct bt_request *request)
{
	void *input, *prediction;
	int status;

	reply.n = 0;
	status = plugin->input_fn(&host, model, request, &input);
	if (status == BT_OK) {
		status = plugin->predict_fn(&host, model, input, &prediction);
		if (status == BT_OK)
			status = plugin->output_fn(
			    &host, model, prediction, request->accept);
		plugin->input_free(model, input);
	}
	pieces_free();
	return status;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
	struct bt_request request = { .struct_size = sizeof request };
	struct bt_load load = { .struct_size = sizeof load, .threads = 1 };
	const struct bt_plugin *plugin;
	struct bt_span *records;
	struct buf body = { 0 };
	double start;
	void *model;
	int i, status, times = 0;

	while ((i = getopt(argc, argv, "r:")) != -1)
		times = atoi(optarg);
	argv += optind;
	if (argc - optind != 4)
		errx(2,
		    "usage: linear [-r N] PLUGIN MODEL_DIR CONTENT_TYPE ACCEPT");
	plugin = plugin_open(argv[0]);
	load.model_dir = argv[1];
	if (plugin->model_fn(&host, &load, &model) != BT_OK)
		return 1;
	body_read(&body);
	request.content_type = argv[2];
	request.accept = argv[3];
	request.body = body.p;
	request.body_size = body.n;
	request.record_count = lines_cut(
	    &body, strcmp(argv[2], "application/json") == 0, &records);
	request.records = records;
	start = now();
	for (i = 0; i < times; i++)
		run(plugin, model, &request);
	if (times > 0)
		printf("%.0f MB/s\n",
		    (double)body.n * times / (now() - start) / 1e6);
	status = times > 0 ? BT_OK : run(plugin, model, &request);
	if (status == BT_OK && times == 0)
		fwrite(reply.p, 1, reply.n, stdout);
	plugin->model_close(model);
	free(records);
	buf_free(&body);
	buf_free(&reply);
	return status != BT_OK;
}
