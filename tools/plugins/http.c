/*
 * http - the client of a model server that keeps SageMaker's container
 * contract: GET /ping, GET /execution-parameters, POST /invocations.  The
 * server runs already, or is started for the run: bt-http(7).
 */
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "bt_model.h"
#include "plugins/http/client.h"
#include "plugins/http/clock.h"
#include "plugins/http/ready.h"
#include "plugins/http/server.h"
#include "plugins/http/settings.h"
#include "plugins/http/verdict.h"

/* The longest Retry-After that is obeyed, in s. */
enum { PAUSE_MAX = 10 };

struct model {
	struct settings set;
	struct client *client;
	struct server server;
	struct bt_execution_parameters parameters;
};

static void
model_close(void *model)
{
	struct model *m = model;

	if (m->client != NULL)
		client_free(m->client);
	server_stop(&m->server);
	buf_free(&m->server.folder);
	buf_free(&m->server.socket);
	free(m);
}

/* Starts the server, if it is ours, and waits for it. */
static int
begin(const struct bt_host *host, struct model *m, uint64_t ms, struct buf *why)
{
	const char *url = m->set.url;

	if (m->set.own) {
		if (server_start(&m->server, &m->set, why) == -1)
			return -1;
		return ready_wait(host, m->client, &m->server, ms, why);
	}
	if (url == NULL && m->set.socket == NULL)
		url = "http://127.0.0.1:8080";
	if (client_place(m->client, url, m->set.socket, why) == -1)
		return -1;
	return ready_wait(host, m->client, NULL, ms, why);
}

static int
model_fn(const struct bt_host *host, const struct bt_load *ld, void **model)
{
	struct model *m = mem_alloc(sizeof *m);
	struct buf why = { 0 };
	int status = BT_OK;

	memset(m, 0, sizeof *m);
	m->server.fd = -1;
	*model = m;
	if (settings_read(&m->set, ld, &why) == -1 ||
	    (m->client = client_new(m->set.headers, &why)) == NULL ||
	    begin(host, m, m->set.start_timeout, &why) == -1) {
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		/* The time may be over: server_stop would wait. */
		server_leave(&m->server);
		model_close(m);
	} else
		ready_ask(host, m->client, &m->parameters);
	buf_free(&why);
	return status;
}

static const char *
keep(const struct bt_host *host, const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(host->alloc(host, n), text, n);
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	const struct model *m = model;
	struct post *p = host->alloc(host, sizeof *p);

	p->content_type = keep(host, request->content_type);
	p->accept = m->set.accept_any ? "*/*" : keep(host, request->accept);
	p->object = keep(host, request->object);
	p->first_record = request->first_record;
	p->record_count = request->record_count;
	p->body = request->body;
	p->size = request->body_size;
	*input = p;
	return BT_OK;
}

/* The ms left for a batch that began at start, at least 1; 0: no limit. */
static uint64_t
left(const struct model *m, uint64_t start)
{
	uint64_t passed = clock_ms() - start;

	if (m->set.timeout == 0)
		return 0;
	return passed < m->set.timeout ? m->set.timeout - passed : 1;
}

/* Starts our server again if it has ended. */
static int
revive(const struct bt_host *host, struct model *m, struct buf *why)
{
	uint64_t ms = m->set.start_timeout;
	struct buf how = { 0 };
	bool ended;

	if (!m->set.own)
		return 0;
	buf_adds(&how, "the server ");
	ended = m->server.fd == -1 || server_ended(&m->server, 0, &how);
	if (ended && m->server.fd != -1) {
		buf_adds(&how, "; starting it again");
		host->log(host, BT_LOG_WARNING, buf_str(&how));
	}
	buf_free(&how);
	if (!ended)
		return 0;
	server_stop(&m->server);
	if (m->set.timeout > 0 && m->set.timeout < ms)
		ms = m->set.timeout;
	return begin(host, m, ms, why);
}

static void
pause_for(uint64_t s, uint64_t ms_left)
{
	struct timespec ts = { (time_t)(s < PAUSE_MAX ? s : PAUSE_MAX), 0 };

	if (ms_left == 0 || (uint64_t)ts.tv_sec * 1000 < ms_left)
		nanosleep(&ts, NULL);
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	struct model *m = model;
	struct post *p = input;
	const struct answer *a;
	struct buf why = { 0 };
	uint64_t start = clock_ms();
	size_t n;
	int status = BT_RETRY;

	if (revive(host, m, &why) == 0) {
		a = client_post(m->client, "/invocations", p, left(m, start));
		*prediction = (void *)a;
		status = verdict(a, p, client_where(m->client), &why);
		if (status != BT_OK && a->status == 0 && !a->late) {
			/* The connection broke, perhaps because our server
			 * ended: that may be known a little later. */
			n = why.n;
			buf_adds(&why, "; the server ");
			if (m->server.fd == -1 ||
			    !server_ended(&m->server, 100, &why))
				why.n = n;
		}
		if (status == BT_RETRY && a->retry_after > 0)
			pause_for(a->retry_after, left(m, start));
	}
	if (status != BT_OK)
		host->fail(host, status, -1, "%s", buf_str(&why));
	buf_free(&why);
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct answer *a = prediction;

	(void)model;
	(void)accept;
	if (a->type != NULL && *a->type != '\0')
		host->content_type(host, a->type);
	host->write(host, a->body.p, a->body.n);
	return BT_OK;
}

static int
execution_parameters(const struct bt_host *host, void *model,
    struct bt_execution_parameters *parameters)
{
	const struct model *m = model;

	(void)host;
	*parameters = m->parameters;
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "http",
	.version = BT_VERSION, .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = predict_fn, .output_fn = output_fn,
	.model_close = model_close,
	.execution_parameters = execution_parameters, .takes_command = 1 };
BT_PLUGIN(plugin)
