/*
 * The plugin that plugin-1.0-x86_64.so was built from, on the day of version
 * 1.0 of the interface.  The binary stays as it is: every later host must load
 * it.  It needs no C library, and uses every member there was.
 *
 *	cc -O2 -ffreestanding -fno-tree-loop-distribute-patterns -fPIC \
 *	    -shared -nostdlib -s -I../../tools -o plugin-1.0-x86_64.so plugin-1.0.c
 *
 * Its reply to a record is the number of its bytes, in the unit that the
 * parameter UNIT names; a record that begins with ! is refused.
 */
#include "bt_model.h"

struct model {
	const char *unit;
	int closed;
};

static const char *const types[] = { "text/plain", "text/csv", 0 };

static size_t
length(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0')
		n++;
	return n;
}

static int
equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b)
		a++, b++;
	return *a == *b;
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	struct model *m = host->alloc(host, sizeof *m);
	size_t i;

	if (!BT_HAS(load, accept) || load->threads != 1)
		return host->fail(host, BT_MODEL_ERROR, -1, "%s", "bt_load");
	m->unit = "bytes";
	m->closed = 0;
	for (i = 0; i < load->parameter_count; i++)
		if (equal(load->parameters[i].key, "UNIT"))
			m->unit = load->parameters[i].value;
	host->log(host, BT_LOG_INFO, "loaded");
	*model = m;
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	struct bt_matrix *m = host->matrix(host, request->record_count, 1);
	size_t i;

	(void)model;
	for (i = 0; i < m->rows; i++) {
		struct bt_span r = request->records[i];

		if (r.n > 0 && r.p[0] == '!')
			return host->fail(host, BT_BAD_INPUT, (int64_t)i,
			    "record %d of %s: %.*s", (int)i, request->object,
			    (int)r.n, r.p);
		m->values[i] = (float)r.n;
	}
	*input = m;
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
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct model *m = model;
	const struct bt_matrix *x = prediction;
	char digits[20], *p;
	unsigned v;
	size_t i;

	(void)accept;
	host->content_type(host, "text/plain");
	for (i = 0; i < x->rows; i++) {
		p = digits + sizeof digits;
		v = (unsigned)x->values[i];
		do
			*--p = (char)('0' + v % 10);
		while ((v /= 10) > 0);
		host->write(host, p, (size_t)(digits + sizeof digits - p));
		host->write(host, " ", 1);
		host->write(host, m->unit, length(m->unit));
		host->end_record(host);
	}
	return BT_OK;
}

static void
free_nothing(void *model, void *made)
{
	(void)model;
	(void)made;
}

static void
model_close(void *model)
{
	((struct model *)model)->closed = 1;
}

static int
execution_parameters(const struct bt_host *host, void *model,
    struct bt_execution_parameters *parameters)
{
	(void)host;
	(void)model;
	parameters->max_concurrent_transforms = 2;
	parameters->max_payload_in_mb = 3;
	parameters->batch_strategy = "MULTI_RECORD";
	return BT_OK;
}

static const struct bt_plugin plugin = {
	BT_PLUGIN_HEAD,
	.name = "first",
	.version = "1.0",
	.content_types = types,
	.accepts = types,
	.model_fn = model_fn,
	.input_fn = input_fn,
	.predict_fn = predict_fn,
	.output_fn = output_fn,
	.input_free = free_nothing,
	.prediction_free = free_nothing,
	.model_close = model_close,
	.execution_parameters = execution_parameters,
};

BT_PLUGIN(plugin)
