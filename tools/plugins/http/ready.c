#include "plugins/http/ready.h"

#include <inttypes.h>
#include <jansson.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "format/execution_parameters.h"
#include "plugins/web/clock.h"
#include "plugins/web/verdict.h"

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

static void
say_answer(struct buf *out, const struct answer *a)
{
	if (a->broken.n > 0) {
		buf_add(out, a->broken.p, a->broken.n);
		return;
	}
	buf_addf(out, "the server answered %ld: ", a->status);
	verdict_gist(out, buf_span(&a->body));
}

/* Whether a document that tells the model's state says that it is ready, or
 * nothing: TensorFlow Serving's
 * {"model_version_status":[{"state":"AVAILABLE"}]}, of one version at least, or
 * KServe's {"ready":true}. */
static bool
is_available(struct span body)
{
	json_t *root = json_loadb(body.p, body.n, 0, NULL);
	const json_t *ready = json_object_get(root, "ready");
	const json_t *versions = json_object_get(root, "model_version_status");
	const char *state, *word = json_string_value(ready);
	bool available = !json_is_array(versions);
	size_t i;

	for (i = 0; i < json_array_size(versions); i++) {
		state = json_string_value(
		    json_object_get(json_array_get(versions, i), "state"));
		available |= state != NULL && strcmp(state, "AVAILABLE") == 0;
	}
	if (json_is_false(ready) ||
	    (word != NULL && strcasecmp(word, "false") == 0))
		available = false;
	json_decref(root);
	return available;
}

/* Whether the server is ready within ms; if not, said has the reason.  Sets
 * heard if something listens there. */
static bool
ping(struct client *c, const struct settings *set, uint64_t ms, bool *heard,
    struct buf *said)
{
	const struct answer *a =
	    client_get(c, set->health.p, least(ms, PING_MAX));

	if (a->broken.n == 0 && a->status == 200 &&
	    (!set->protocol->states || is_available(buf_span(&a->body))))
		return true;
	*heard |= a->status != 0 || a->late;
	said->n = 0;
	buf_addf(said, "GET %s at %s: ", set->health.p, client_where(c));
	say_answer(said, a);
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
say_port(const struct server *s, const struct settings *set, struct buf *why)
{
	const char *name = set->vertex ? "AIP_HTTP_PORT" : "PORT";

	buf_addf(why,
	    "; nothing listens on port %d: start the server on the port in %s, as by --port=$%s",
	    s->port, name, name);
}

int
ready_wait(const struct bt_host *host, struct client *c, struct server *server,
    const struct settings *set, uint64_t ms, struct buf *why)
{
	uint64_t start = clock_ms(), end = start + ms, now = start;
	uint64_t say = SAY_FIRST, pause = PAUSE_FIRST;
	struct buf said = { 0 };
	bool heard = false;
	int got = 1;

	while (got == 1) {
		if (server != NULL && find(c, server, why) == -1)
			got = -1;
		else if (ping(c, set, end - now, &heard, &said))
			got = 0;
		now = least(clock_ms(), end);
		if (got == 1 && has_ended(server, least(pause, end - now), why))
			got = -1;
		now = clock_ms();
		if (got == 1 && now >= end) {
			buf_addf(why, "not ready within %g s: %s",
			    (double)ms / 1000, buf_str(&said));
			if (server != NULL && !heard)
				say_port(server, set, why);
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

void
ready_ask(const struct bt_host *host, struct client *c,
    struct bt_execution_parameters *p)
{
	const struct answer *a =
	    client_get(c, "/execution-parameters", ASK_MAX);

	memset(p, 0, sizeof *p);
	p->struct_size = sizeof *p;
	if (a->broken.n == 0 && a->status != 200)
		return;
	if (a->broken.n > 0 ||
	    !execution_parameters_read(p, buf_span(&a->body)))
		host->log(host, BT_LOG_WARNING,
		    "GET /execution-parameters: the answer is not a JSON object; ignored");
}

int
ready_inputs(struct client *c, const struct settings *set, struct inputs *in,
    struct buf *why)
{
	static const char infer[] = "/infer";
	struct span path = buf_span(&set->predict);
	const size_t n = sizeof infer - 1, start = why->n;
	const struct answer *a;
	struct buf model = { 0 };
	int got = -1;

	if (path.n <= n || memcmp(path.p + path.n - n, infer, n) != 0) {
		buf_addf(why, "BT_HTTP_PREDICT_ROUTE=%s: does not end in %s",
		    path.p, infer);
		return -1;
	}
	buf_add(&model, path.p, path.n - n);
	a = client_get(c, buf_str(&model), ASK_MAX);
	buf_addf(why, "GET %s: ", buf_str(&model));
	if (a->broken.n > 0 || a->status != 200)
		say_answer(why, a);
	else
		got = inputs_read(in, buf_span(&a->body), why);
	if (got == 0)
		why->n = start;
	buf_free(&model);
	return got;
}
