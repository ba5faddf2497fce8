/*
 * http - the client of a model server that keeps SageMaker's container
 * contract (GET /ping, GET /execution-parameters, POST /invocations) or speaks
 * another protocol.  The server runs already, or is started for the run:
 * bt-http(7).
 */
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "bt_model.h"
#include "format/json.h"
#include "plugins/http/ready.h"
#include "plugins/http/reply.h"
#include "plugins/http/request.h"
#include "plugins/http/server.h"
#include "plugins/http/settings.h"
#include "plugins/web/client.h"
#include "plugins/web/clock.h"
#include "plugins/web/rows.h"
#include "plugins/web/verdict.h"

/* The longest Retry-After that is obeyed, in s. */
enum { PAUSE_MAX = 10 };

struct model {
	struct settings set;
	struct client *client;
	struct server server;
	struct bt_execution_parameters parameters;
	struct request request;
	struct rows rows;
	struct bt_request batch; /* the current one */
	struct buf values; /* FORM_RECORD: predictions, a line of JSON each */
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
	request_free(&m->request);
	rows_free(&m->rows);
	buf_free(&m->values);
	settings_free(&m->set);
	free(m);
}

/* Starts the server, if it is ours, and waits for it. */
static int
begin(const struct bt_host *host, struct model *m, uint64_t ms, struct buf *why)
{
	const char *url = m->set.url;
	struct buf local = { 0 };
	size_t start = why->n;
	int got;

	if (m->set.own) {
		if (server_start(&m->server, &m->set, why) == -1)
			return -1;
		return ready_wait(
		    host, m->client, &m->server, &m->set, ms, why);
	}
	buf_addf(&local, "http://127.0.0.1:%d", m->set.port);
	if (url == NULL && m->set.socket == NULL)
		url = buf_str(&local);
	buf_adds(why, "BT_HTTP_URL: ");
	got = client_place(m->client, url, m->set.socket, why);
	buf_free(&local);
	if (got == -1)
		return -1;
	why->n = start;
	return ready_wait(host, m->client, NULL, &m->set, ms, why);
}

/* What the protocol has the server say of itself. */
static int
ask(const struct bt_host *host, struct model *m, struct buf *why)
{
	if (m->set.protocol == protocol_default)
		ready_ask(host, m->client, &m->parameters);
	else if (m->set.protocol->form == FORM_TENSORS)
		return ready_inputs(
		    m->client, &m->set, &m->request.inputs, why);
	return 0;
}

static int
model_fn(const struct bt_host *host, const struct bt_load *ld, void **model)
{
	struct model *m = mem_alloc(sizeof *m);
	struct buf why = { 0 };
	int status = BT_OK;

	memset(m, 0, sizeof *m);
	m->server.fd = -1;
	m->request.set = &m->set;
	m->rows.strict = getenv("BT_STRICT") != NULL &&
			 strcmp(getenv("BT_STRICT"), "1") == 0;
	m->parameters.struct_size = sizeof m->parameters;
	*model = m;
	if (settings_read(&m->set, ld, &why) == -1 ||
	    (m->client = client_new(m->set.headers, &why)) == NULL ||
	    begin(host, m, m->set.start_timeout, &why) == -1 ||
	    ask(host, m, &why) == -1) {
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		/* The time may be over: server_stop would wait. */
		server_leave(&m->server);
		model_close(m);
	}
	buf_free(&why);
	return status;
}

static const char *
keep(const struct bt_host *host, const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(host->alloc(host, n), text, n);
}

/* A copy of the request that lasts until the batch is done, as its bytes do. */
static void
keep_batch(
    const struct bt_host *host, struct model *m, const struct bt_request *rq)
{
	size_t n = rq->record_count * sizeof rq->records[0];

	m->batch = *rq;
	m->batch.content_type = keep(host, rq->content_type);
	m->batch.accept = keep(host, rq->accept);
	m->batch.object = keep(host, rq->object);
	if (m->set.protocol->form == FORM_RECORD)
		m->batch.records = memcpy(host->alloc(host, n), rq->records, n);
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	struct model *m = model;
	struct post *p = host->alloc(host, sizeof *p);
	struct buf why = { 0 };
	struct span body = { 0 };
	int64_t bad = -1;
	int status = BT_OK;

	keep_batch(host, m, request);
	/* Of FORM_RECORD they are made one by one. */
	if (m->set.protocol->form != FORM_RECORD)
		status =
		    request_make(&m->request, &m->batch, 0, &body, &bad, &why);
	if (status != BT_OK)
		host->fail(host, status, bad, "%s", buf_str(&why));
	buf_free(&why);
	if (status != BT_OK)
		return status;
	memset(p, 0, sizeof *p);
	p->content_type = m->request.type;
	p->accept = form_is_json(m->set.protocol->form) ? "application/json"
		    : m->set.accept_any			? "*/*"
							: m->batch.accept;
	p->object = m->batch.object;
	p->first_record = request->first_record;
	p->record_count = request->record_count;
	p->body = body.p;
	p->size = body.n;
	p->finds_text = m->set.protocol != protocol_default;
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

/* Posts a request and judges the answer. */
static int
post(struct model *m, const struct post *p, uint64_t start,
    const struct answer **answer, struct buf *why)
{
	const struct answer *a =
	    client_post(m->client, m->set.predict.p, p, left(m, start));
	int status = verdict(a, p, client_where(m->client), why);
	size_t n;

	*answer = a;
	if (status != BT_OK && a->status == 0 && !a->late) {
		/* The connection broke, perhaps because our server ended: that
		 * may be known a little later. */
		n = why->n;
		buf_adds(why, "; the server ");
		if (m->server.fd == -1 || !server_ended(&m->server, 100, why))
			why->n = n;
	}
	if (status == BT_RETRY && a->retry_after > 0)
		pause_for(a->retry_after, left(m, start));
	return status;
}

/* Keeps an answer to one record: JSON, or text, which becomes a string. */
static int
keep_value(struct model *m, const struct answer *a, struct buf *why)
{
	struct span body = buf_span(&a->body), value;
	size_t n = why->n;

	while (body.n > 0 && strchr("\r\n", body.p[body.n - 1]) != NULL)
		body.n--;
	if (rows_check(&m->rows, body, &value, why) == 0) {
		if (rows_refuses(&m->rows, value, why))
			return BT_BAD_INPUT;
		rows_compact(&m->values, value);
	} else if (type_kind(span_str(a->type != NULL ? a->type : "")) ==
		   TYPE_JSON)
		return BT_MODEL_ERROR;
	else if (!utf8_valid(body)) {
		why->n = n;
		buf_adds(why, "the reply is neither JSON nor UTF-8");
		return BT_MODEL_ERROR;
	} else {
		why->n = n;
		json_quote(&m->values, body);
	}
	buf_addc(&m->values, '\n');
	return BT_OK;
}

/* A request for each record of the batch. */
static int
post_records(struct model *m, struct post *p, uint64_t start, int64_t *bad,
    struct buf *why)
{
	const struct bt_request *rq = &m->batch;
	const struct answer *a;
	struct span body;
	int status = BT_OK;
	size_t i;

	m->values.n = 0;
	p->record_count = 1;
	for (i = 0; status == BT_OK && i < rq->record_count; i++) {
		status = request_make(&m->request, rq, i, &body, bad, why);
		p->content_type = m->request.type;
		p->body = body.p;
		p->size = body.n;
		p->first_record = rq->first_record + i;
		if (status == BT_OK)
			status = post(m, p, start, &a, why);
		if (status == BT_OK)
			status = keep_value(m, a, why);
		if (status != BT_OK && status != BT_RETRY && *bad == -1)
			*bad = (int64_t)i;
	}
	return status;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	struct model *m = model;
	const struct answer *a;
	struct buf why = { 0 };
	uint64_t start = clock_ms();
	int64_t bad = -1;
	int status = BT_RETRY;

	if (revive(host, m, &why) == 0) {
		if (m->set.protocol->form == FORM_RECORD) {
			status = post_records(m, input, start, &bad, &why);
			*prediction = m;
		} else {
			status = post(m, input, start, &a, &why);
			*prediction = (void *)a;
		}
	}
	if (status != BT_OK)
		host->fail(host, status, bad, "%s", buf_str(&why));
	buf_free(&why);
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	struct model *m = model;
	const struct answer *a = prediction;
	const char *type = "";

	if (m->set.accept_any)
		accept = "*/*";
	if (m->set.protocol->form == FORM_RECORD) {
		rows_begin(&m->rows, host, accept, m->batch.record_count);
		return reply_write_values(&m->rows, buf_span(&m->values));
	}
	if (a->type != NULL)
		type = a->type;
	if (m->set.protocol->form == FORM_BATCH &&
	    (m->set.protocol == protocol_default ||
		type_kind(span_str(type)) != TYPE_JSON)) {
		if (*type != '\0')
			host->content_type(host, type);
		host->write(host, a->body.p, a->body.n);
		return BT_OK;
	}
	rows_begin(&m->rows, host, accept, m->batch.record_count);
	return reply_write(&m->rows, &m->request, buf_span(&a->body));
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
