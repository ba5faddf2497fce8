/*
 * python - a SageMaker inference.py, in the user's own interpreter:
 * bt-python(7).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bt_model.h"
#include "format/codec.h"
#include "format/execution_parameters.h"
#include "format/ref.h"
#include "format/type.h"
#include "plugins/python/child.h"
#include "plugins/python/tracebacks.h"

struct model {
	char *dir, *program;
	char *asked; /* bt-predict's option for the reply's type, or NULL */
	const char *other; /* SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT, or NULL */
	struct child child;
	struct buf types, told; /* content type, NUL, accept, NUL, and for a
				 * context the batch's place: this batch's, and
				 * the last that were sent to the child */
	bool uses_context;
	bool has_parameters;
	bool warned;
	struct answer answer;
	const struct bt_host *host;
	struct tracebacks tracebacks;
};

/* The batch's record that holds byte `at` of its payload, or -1: none, or it is
 * in the header row. */
static int64_t
record_at(const struct bt_request *request, int64_t at)
{
	size_t i;

	if (request->record_count == 0 ||
	    at < request->records->p - request->body)
		return -1;
	for (i = 0; i < request->record_count; i++)
		if (request->records[i].p + request->records[i].n >
		    request->body + at)
			return (int64_t)i;
	return -1;
}

/* The interpreter answered with an error, to a request or NULL: a message and a
 * traceback. */
static int
refuse(const struct bt_host *host, struct model *m,
    const struct bt_request *request)
{
	int64_t record =
	    request != NULL ? record_at(request, m->answer.at) : -1;
	struct buf why = { 0 };
	int status = (int)m->answer.status;
	struct span message = m->answer.small;

	tracebacks_log(&m->tracebacks, host, message, m->answer.large);
	buf_add(&why, message.p, message.n);
	if (request != NULL)
		codec_hint_header(&why, request, record);
	host->fail(host, status, record, "%s", buf_str(&why));
	buf_free(&why);
	return status;
}

/* Whether the answer has a letter in its small part. */
static bool
says(const struct model *m, char letter)
{
	return memchr(m->answer.small.p, letter, m->answer.small.n) != NULL;
}

/* Takes what the interpreter says of the script. */
static void
note_script(const struct bt_host *host, struct model *m)
{
	struct buf warning = { 0 };

	m->uses_context = says(m, 'c');
	m->has_parameters = says(m, 'p');
	buf_add(&warning, m->answer.large.p, m->answer.large.n);
	if (warning.n > 0 && !m->warned)
		host->log(host, BT_LOG_WARNING, buf_str(&warning));
	buf_free(&warning);
	m->warned = true;
}

/* Starts the interpreter, and the model in it. */
static int
start(const struct bt_host *host, struct model *m)
{
	struct span none = { NULL, 0 };
	struct buf why = { 0 };
	int status = BT_OK;

	m->told.n = 0;
	if (child_start(&m->child, m->program, &why) == -1)
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
	else if (child_call(
		     &m->child, span_str(m->dir), none, &m->answer, &why) == -1)
		status = host->fail(host, BT_MODEL_ERROR, -1,
		    "%s before the model was loaded", buf_str(&why));
	else if (m->answer.status != BT_OK) {
		status = refuse(host, m, NULL);
		child_stop(&m->child);
	} else
		note_script(host, m);
	buf_free(&why);
	return status;
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	const char *program = getenv("BT_PYTHON");
	struct model *m;

	if (load->model_dir == NULL)
		return host->fail(host, BT_MODEL_ERROR, -1,
		    load->archive != NULL
			? "the model is a file; a folder or an archive with inference.py is required"
			: "no model: a folder with inference.py is required");
	m = host->alloc(host, sizeof *m);
	memset(m, 0, sizeof *m);
	m->host = host;
	m->dir = mem_str(load->model_dir);
	m->program =
	    mem_str(program != NULL && *program != '\0' ? program : "python3");
	m->asked = load->accept != NULL ? mem_str(load->accept) : NULL;
	m->other = getenv("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT");
	*model = m;
	return start(host, m);
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

/* The type to ask output_fn for.  Without an option of bt-predict's it is a
 * model server's, but the records' own type if replies are joined. */
static const char *
choose_accept(const struct model *m, const char *accept)
{
	if (m->asked != NULL && strcmp(m->asked, accept) == 0)
		return accept;
	if (m->other != NULL && *m->other != '\0')
		return m->other;
	switch (type_kind(span_str(accept))) {
	case TYPE_CSV:
		return "text/csv";
	case TYPE_JSONLINES:
		return "application/jsonlines";
	default:
		return "application/json";
	}
}

/* The object, the first record and their number, each with a NUL after it. */
static void
add_place(struct buf *b, const struct bt_request *request)
{
	ref_encode(b, span_str(request->object));
	buf_addc(b, '\0');
	buf_addf(b, "%" PRIu64, request->first_record);
	buf_addc(b, '\0');
	buf_addf(b, "%zu", request->record_count);
	buf_addc(b, '\0');
}

/* The frame's small part: content type and accept, and for a context the
 * batch's place, if they are new. */
static struct span
types(struct model *m, const struct bt_request *request)
{
	struct span none = { NULL, 0 };
	const char *accept;

	m->types.n = 0;
	buf_add(&m->types, request->content_type,
	    strlen(request->content_type) + 1);
	accept = choose_accept(m, request->accept);
	buf_add(&m->types, accept, strlen(accept) + 1);
	if (m->uses_context)
		add_place(&m->types, request);
	if (m->types.n == m->told.n &&
	    memcmp(m->types.p, m->told.p, m->types.n) == 0)
		return none;
	m->told.n = 0;
	buf_add(&m->told, m->types.p, m->types.n);
	return (struct span){ m->types.p, m->types.n - 1 };
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	const struct bt_request *request = input;
	struct span body = { request->body, request->body_size };
	struct model *m = model;
	struct buf why = { 0 };
	int status;

	status = m->child.pid == 0 ? start(host, m) : BT_OK;
	if (status != BT_OK)
		return status;
	*prediction = m;
	if (child_call(&m->child, types(m, request), body, &m->answer, &why) ==
	    -1)
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
	else if (m->answer.status != BT_OK)
		status = refuse(host, m, request);
	buf_free(&why);
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	struct model *m = prediction;
	const char *type = m->told.p + strlen(m->told.p) + 1;
	struct buf given = { 0 };

	(void)model;
	if (m->answer.small.n > 0) {
		buf_add(&given, m->answer.small.p, m->answer.small.n);
		type = buf_str(&given);
	}
	if (strcmp(type, accept) != 0)
		host->content_type(host, type);
	buf_free(&given);
	/* They stay where they are until the next request is sent. */
	if (BT_HAS(host, lend))
		host->lend(host, m->answer.large.p, m->answer.large.n);
	else
		host->write(host, m->answer.large.p, m->answer.large.n);
	return BT_OK;
}

/* What execution_parameters_fn returns is a server's answer: JSON. */
static int
execution_parameters(
    const struct bt_host *host, void *model, struct bt_execution_parameters *p)
{
	struct span ask = span_str("parameters"), none = { NULL, 0 };
	struct model *m = model;
	struct buf why = { 0 };

	if (!m->has_parameters)
		return BT_OK;
	if (child_call(&m->child, ask, none, &m->answer, &why) == -1) {
		host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		buf_free(&why);
		return BT_MODEL_ERROR;
	}
	if (m->answer.status != BT_OK)
		return refuse(host, m, NULL);
	if (!execution_parameters_read(p, m->answer.large))
		host->log(host, BT_LOG_WARNING,
		    "execution_parameters_fn: not a JSON object; ignored");
	return BT_OK;
}

static void
model_close(void *model)
{
	struct model *m = model;

	child_stop(&m->child);
	tracebacks_end(&m->tracebacks, m->host);
	buf_free(&m->types);
	buf_free(&m->told);
	buf_free(&m->child.body);
	free(m->dir);
	free(m->program);
	free(m->asked);
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "python",
	.version = BT_VERSION, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn,
	.model_close = model_close,
	.execution_parameters = execution_parameters };
BT_PLUGIN(plugin)
