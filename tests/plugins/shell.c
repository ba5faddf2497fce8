/* A model whose prediction is the first line that a record prints, run as a
 * shell's command in the model folder; $PPID is the worker.  A command that is
 * killed has no prediction. */
#include <sys/wait.h>
#include <stdio.h>
#include <string.h>

#include "through.h"

struct request {
	const char *folder;
	const struct bt_request *rq;
};

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	char text[40];
	struct request *r = host->alloc(host, sizeof *r);

	if (load->model_dir == NULL) {
		snprintf(text, sizeof text, "%zu bytes", load->archive_size);
		return host->fail(host, BT_MODEL_ERROR, -1, "%s", text);
	}
	r->folder = strcpy(
	    host->alloc(host, strlen(load->model_dir) + 1), load->model_dir);
	*model = r;
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	struct request *r = model;

	(void)host;
	r->rq = request;
	*input = r;
	return BT_OK;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct request *r = prediction;
	char command[2000], line[2000];
	int status;
	size_t i;
	FILE *f;

	(void)model;
	(void)accept;
	for (i = 0; i < r->rq->record_count; i++) {
		snprintf(command, sizeof command, "cd '%s' && %.*s", r->folder,
		    (int)r->rq->records[i].n, r->rq->records[i].p);
		line[0] = '\0';
		f = popen(command, "r");
		if (f == NULL || fgets(line, sizeof line, f) == NULL)
			line[0] = '\0';
		status = f != NULL ? pclose(f) : 0;
		if (WIFSIGNALED(status) || WEXITSTATUS(status) > 128)
			return host->fail(host, BT_MODEL_ERROR, (long)i,
			    "the command was killed");
		host->write(host, line, strlen(line));
		host->end_record(host);
	}
	return BT_OK;
}

static int
execution_parameters(const struct bt_host *host, void *model,
    struct bt_execution_parameters *parameters)
{
	(void)host;
	(void)model;
	parameters->max_concurrent_transforms = 4;
	parameters->max_payload_in_mb = 6;
	parameters->batch_strategy = "MULTI_RECORD";
	return BT_OK;
}

static const char *const types[] = { "text/plain", NULL };

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "shell",
	.version = "1.0\nof two lines", .content_types = types,
	.accepts = types, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = through_predict_fn, .output_fn = output_fn,
	.execution_parameters = execution_parameters };
BT_PLUGIN(plugin)
