#include "plugins/http/ready.h"

#include <inttypes.h>
#include <jansson.h>
#include <time.h>
#include <unistd.h>

#include "plugins/http/clock.h"
#include "plugins/http/verdict.h"

/* In ms: how long an answer may take, how often to ask, when to say so. */
enum {
	PING_MAX = 2000,
	ASK_MAX = 10000,
	PAUSE_FIRST = 20,
	PAUSE_MAX = 1000,
	SAY_FIRST = 3000
};

/* Our server chooses to listen on the socket or on the port. */
static int
find(struct client *c, const struct server *s, struct buf *why)
{
	struct buf url = { 0 };
	int got;

	if (access(s->socket.p, F_OK) == 0)
		return client_place(c, NULL, s->socket.p, why);
	buf_addf(&url, "http://127.0.0.1:%d", s->port);
	got = client_place(c, buf_str(&url), NULL, why);
	buf_free(&url);
	return got;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Whether the server is ready within ms; if not, said has the reason.  Sets
 * heard if something listens there. */
static bool
ping(struct client *c, uint64_t ms, bool *heard, struct buf *said)
{
	const struct answer *a = client_get(c, "/ping", least(ms, PING_MAX));

	if (a->broken.n == 0 && a->status == 200)
		return true;
	*heard |= a->status != 0 || a->late;
	said->n = 0;
	buf_addf(said, "GET /ping at %s: ", client_where(c));
	if (a->broken.n > 0) {
		buf_add(said, a->broken.p, a->broken.n);
		return false;
	}
	buf_addf(said, "the server answered %ld: ", a->status);
	verdict_gist(said, buf_span(&a->body));
	return false;
}

/* Pauses; returns whether the server ended meanwhile. */
static bool
has_ended(struct server *server, uint64_t pause, struct buf *why)
{
	struct timespec ts = { (time_t)(pause / 1000),
		(long)(pause % 1000) * 1000000 };
	size_t start = why->n;

	if (server == NULL) {
		nanosleep(&ts, NULL);
		return false;
	}
	buf_adds(why, "the server ");
	if (server_ended(server, (int)pause, why)) {
		buf_adds(why, " before it was ready");
		return true;
	}
	why->n = start;
	return false;
}

/* Many servers listen on a port of their own unless they are told another. */
static void
say_port(const struct server *s, struct buf *why)
{
	buf_addf(why,
	    "; nothing listens on port %d: start the server on the port in PORT, as by --port=$PORT",
	    s->port);
}

int
ready_wait(const struct bt_host *host, struct client *c, struct server *server,
    uint64_t ms, struct buf *why)
{
	uint64_t start = clock_ms(), end = start + ms, now = start;
	uint64_t say = SAY_FIRST, pause = PAUSE_FIRST;
	struct buf said = { 0 };
	bool heard = false;
	int got = 1;

	while (got == 1) {
		if (server != NULL && find(c, server, why) == -1)
			got = -1;
		else if (ping(c, end - now, &heard, &said))
			got = 0;
		now = least(clock_ms(), end);
		if (got == 1 && has_ended(server, least(pause, end - now), why))
			got = -1;
		now = clock_ms();
		if (got == 1 && now >= end) {
			buf_addf(why, "not ready within %g s: %s",
			    (double)ms / 1000, buf_str(&said));
			if (server != NULL && !heard)
				say_port(server, why);
			got = -1;
		}
		if (got == 1 && now - start >= say) {
			buf_adds(&said, "; waiting");
			host->log(host, BT_LOG_INFO, buf_str(&said));
			say *= 4;
		}
		pause = least(pause * 2, PAUSE_MAX);
	}
	buf_free(&said);
	return got;
}

static uint32_t
number(const json_t *document, const char *name)
{
	json_int_t v = json_integer_value(json_object_get(document, name));

	return v > 0 && v <= UINT32_MAX ? (uint32_t)v : 0;
}

void
ready_ask(const struct bt_host *host, struct client *c,
    struct bt_execution_parameters *p)
{
	static const char *const known[] = { "MULTI_RECORD", "SINGLE_RECORD" };
	const struct answer *a =
	    client_get(c, "/execution-parameters", ASK_MAX);
	const char *strategy;
	json_t *document;
	size_t i;

	memset(p, 0, sizeof *p);
	p->struct_size = sizeof *p;
	if (a->broken.n == 0 && a->status != 200)
		return;
	document =
	    a->broken.n > 0 ? NULL : json_loadb(a->body.p, a->body.n, 0, NULL);
	if (!json_is_object(document)) {
		host->log(host, BT_LOG_WARNING,
		    "GET /execution-parameters: the answer is not a JSON object; ignored");
		json_decref(document);
		return;
	}
	p->max_concurrent_transforms =
	    number(document, "MaxConcurrentTransforms");
	p->max_payload_in_mb = number(document, "MaxPayloadInMB");
	strategy =
	    json_string_value(json_object_get(document, "BatchStrategy"));
	for (i = 0; strategy != NULL && i < 2; i++)
		if (strcmp(strategy, known[i]) == 0)
			p->batch_strategy = known[i];
	json_decref(document);
}
