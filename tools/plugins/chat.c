/*
 * chat - the client of a server of language models that speaks OpenAI's API:
 * a request for each record, many at a time, and answers in the order of the
 * records.  bt-chat(7).
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bt_model.h"
#include "plugins/chat/flight.h"
#include "plugins/web/rows.h"

struct model {
	const struct bt_host *host; /* the process's, for a last word */
	struct settings set;
	struct flight *flight;
	struct memory memory;
	struct rows rows;
	struct buf text;
	struct usage told;  /* to the host */
	struct slot *slots; /* of the current batch */
	size_t n;
};

static double
cost(const struct model *m, uint64_t prompt, uint64_t completion)
{
	return ((double)prompt * m->set.prompt_price +
		   (double)completion * m->set.completion_price) /
	       1e6;
}

/* What the run has cost. */
static void
say_usage(struct model *m)
{
	const struct usage *u = flight_usage(m->flight);
	struct buf line = { 0 };

	buf_addf(&line,
	    "%" PRIu64 " requests (%" PRIu64 " sent again), %" PRIu64
	    " prompt tokens, %" PRIu64 " completion tokens",
	    u->requests, u->again, u->prompt_tokens, u->completion_tokens);
	if (m->set.priced)
		buf_addf(&line, ", cost %.6g",
		    cost(m, u->prompt_tokens, u->completion_tokens));
	m->host->log(m->host, BT_LOG_INFO, buf_str(&line));
	buf_free(&line);
}

static void
model_close(void *model)
{
	struct model *m = model;

	if (m->flight != NULL) {
		if (flight_usage(m->flight)->requests > 0)
			say_usage(m);
		flight_free(m->flight);
	}
	memory_free(&m->memory);
	rows_free(&m->rows);
	buf_free(&m->text);
	settings_free(&m->set);
	free(m);
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	struct model *m = mem_alloc(sizeof *m);
	struct buf why = { 0 };
	int status = BT_OK;

	memset(m, 0, sizeof *m);
	m->host = host;
	*model = m;
	if (settings_read(&m->set, load, &why) == -1 ||
	    (m->flight = flight_new(host, &m->set, &why)) == NULL) {
		settings_hide(&m->set, &why);
		status =
		    host->fail(host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
		model_close(m);
	}
	buf_free(&why);
	return status;
}

/* Whether the answers can be written as asked: known before any is paid for. */
static int
check_accept(const struct bt_host *host, const struct model *m,
    const struct bt_request *rq)
{
	if (type_kind(span_str(rq->accept)) != TYPE_CSV)
		return BT_OK;
	if (m->set.batch)
		return host->fail(host, BT_BAD_ACCEPT, -1,
		    "answers in OpenAI's batch format are no rows of CSV: --accept application/jsonlines");
	if (m->set.json && m->set.columns.n == 0)
		return host->fail(host, BT_BAD_ACCEPT, -1,
		    "answers of JSON are no rows of CSV: set columns in chat.json, or --accept application/jsonlines");
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model, const struct bt_request *rq,
    void **input)
{
	struct model *m = model;
	struct bt_request *copy = host->alloc(host, sizeof *copy);
	struct buf why = { 0 };
	int status = check_accept(host, m, rq);

	if (status != BT_OK)
		return status;
	if (!m->set.batch &&
	    template_begin(&m->set.template, rq,
		type_kind(span_str(rq->content_type)), &why) == -1)
		status =
		    host->fail(host, BT_BAD_INPUT, -1, "%s", buf_str(&why));
	buf_free(&why);
	*copy = *rq;
	*input = copy;
	return status;
}

/* The status of a batch that is not done.  If it was too much for one batch, it
 * is halved, and what is answered is not asked again. */
static int
unfinished(const struct bt_host *host, const struct model *m,
    enum flight_end end, size_t before, struct buf *why)
{
	size_t i, now = 0;

	for (i = 0; i < m->n; i++)
		now += m->slots[i].state >= SLOT_ANSWERED;
	if (now == m->n)
		return BT_OK;
	switch (end) {
	case FLIGHT_FULL:
		return host->fail(host, BT_TOO_LARGE, -1,
		    "more than %" PRIu64 " bytes of answers", m->set.keeps);
	case FLIGHT_LATE:
		if (now > before && m->n > 1)
			return host->fail(host, BT_TOO_LARGE, -1,
			    "%zu of %zu records were answered in time", now,
			    m->n);
		return host->fail(host, BT_RETRY, -1,
		    "not answered within %g s%s%s", (double)m->set.limit / 1000,
		    why->n > 0 ? ": " : "", buf_str(why));
	case FLIGHT_LOST:
		return host->fail(host, BT_MODEL_ERROR, -1,
		    "no server for %g s: %s", (double)m->set.patience / 1000,
		    buf_str(why));
	default:
		return host->fail(host, BT_BAD_INPUT, -1, "%s", buf_str(why));
	}
}

/* Tells the host what was used since the last time. */
static void
tell_usage(const struct bt_host *host, struct model *m)
{
	const struct usage *u = flight_usage(m->flight);
	uint64_t prompt = u->prompt_tokens - m->told.prompt_tokens;
	uint64_t completion = u->completion_tokens - m->told.completion_tokens;

	if (!BT_HAS(host, use) || prompt + completion == 0)
		return;
	host->use(host, "prompt_tokens", (double)prompt);
	host->use(host, "completion_tokens", (double)completion);
	if (m->set.priced)
		host->use(host, "cost", cost(m, prompt, completion));
	m->told = *u;
}

static int
predict_fn(
    const struct bt_host *host, void *model, void *input, void **prediction)
{
	struct model *m = model;
	const struct bt_request *rq = input;
	struct buf why = { 0 };
	enum flight_end end;
	size_t i, before = 0;
	int status = BT_OK;

	m->slots = memory_begin(&m->memory, rq);
	m->n = rq->record_count;
	for (i = 0; i < m->n; i++)
		before += m->slots[i].state >= SLOT_ANSWERED;
	end = flight_run(m->flight, &m->memory, m->slots, rq, &why);
	tell_usage(host, m);
	if (end != FLIGHT_DONE)
		status = unfinished(host, m, end, before, &why);
	buf_free(&why);
	for (i = 0; status == BT_OK && i < m->n; i++)
		if (m->slots[i].state == SLOT_REFUSED)
			status = host->fail(host, BT_BAD_INPUT, (int64_t)i,
			    "%s", m->slots[i].text);
	*prediction = m;
	return status;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	struct model *m = model;
	struct span value;
	int status = BT_OK;
	size_t i;

	(void)prediction;
	rows_begin(&m->rows, host, accept, m->n);
	for (i = 0; status == BT_OK && i < m->n; i++) {
		value = (struct span){ m->slots[i].text, m->slots[i].n };
		if (m->set.columns.n > 0) {
			m->text.n = 0;
			reply_prediction(
			    &m->set, value, m->rows.kind != TYPE_CSV, &m->text);
			value = buf_span(&m->text);
		}
		status = rows_write(&m->rows, value);
	}
	return status;
}

static const char *const accepts[] = { "text/csv", "application/jsonlines",
	"application/json", NULL };

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "chat",
	.version = BT_VERSION, .accepts = accepts, .model_fn = model_fn,
	.input_fn = input_fn, .predict_fn = predict_fn, .output_fn = output_fn,
	.model_close = model_close };
BT_PLUGIN(plugin)
