/* A model whose prediction is the request, as it was given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "through.h"

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	(void)host;
	(void)load;
	*model = NULL;
	return BT_OK;
}

static void
show(const struct bt_host *host, const char *name, const char *p, size_t n)
{
	char text[8];
	size_t i;

	host->write(host, name, strlen(name));
	host->write(host, "<", 1);
	for (i = 0; i < n; i++)
		if (p[i] < ' ' || p[i] > '~') {
			snprintf(
			    text, sizeof text, "\\%02x", (unsigned char)p[i]);
			host->write(host, text, 3);
		} else
			host->write(host, p + i, 1);
	host->write(host, "> ", 2);
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct bt_request *rq = prediction;
	char text[200];
	size_t i;

	(void)model;
	(void)accept;
	host->content_type(host, "text/x-show");
	for (i = 0; i < rq->record_count; i++) {
		show(host, "", rq->records[i].p, rq->records[i].n);
		if (i == 0) {
			snprintf(text, sizeof text, "%s@%llu+%llu %s>%s ",
			    rq->object, (unsigned long long)rq->offset,
			    (unsigned long long)rq->first_record,
			    rq->content_type, rq->accept);
			host->write(host, text, strlen(text));
			show(host, "header", rq->header.p, rq->header.n);
			show(host, "body", rq->body, rq->body_size);
		}
		host->end_record(host);
	}
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "show",
	.version = "1.0", .model_fn = model_fn, .input_fn = through_input_fn,
	.predict_fn = through_predict_fn, .output_fn = output_fn };
BT_PLUGIN(plugin)
