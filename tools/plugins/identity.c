/*
 * identity - a model whose prediction of a record is the record.
 */
#include <string.h>

#include "bt_model.h"

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)host;
	(void)load;
	*model = NULL;
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	(void)host;
	(void)model;
	*input = (void *)request;
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
is_json(const char *type)
{
	size_t n = strlen("application/json");

	return strncmp(type, "application/json", n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

/*
 * Lines, and a single document, are replied as they are, which the host need
 * not copy; several documents become an array.
 */
static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct bt_request *request = prediction;
	const struct bt_span *records = request->records;
	size_t i, n = request->record_count, header = 0;

	(void)model;
	/* A header row that is sent is no record. */
	if (request->header.n > 0 && n > 0)
		header = (size_t)(records->p - request->body);
	if (!is_json(accept) || n == 0 ||
	    (n == 1 && records->n == request->body_size)) {
		host->write(
		    host, request->body + header, request->body_size - header);
		return BT_OK;
	}
	for (i = 0; i < n; i++) {
		host->write(host, records[i].p, records[i].n);
		host->end_record(host);
	}
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "identity",
	.version = "1.0", .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn };
BT_PLUGIN(plugin)
