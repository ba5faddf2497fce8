#include "plugins/chat/flight.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "format/json.h"
#include "plugins/chat/batchline.h"
#include "plugins/chat/judge.h"
#include "plugins/web/client.h"
#include "plugins/web/clock.h"

enum {
	ANSWER_MAX = 16 << 20, /* bytes of a reply */
	ASK_MAX = 2000,	       /* ms for the question whether the key is good */
	PAUSE_FIRST = 500,     /* ms between tries, doubled each time */
	PAUSE_MAX = 30000,
	PAUSE_AWAY = 4000, /* the most while there is no server */
	POLL_MAX = 1000,
	WAIT_MAX = 3600, /* s of a Retry-After */
	SAY_FIRST = 3000 /* ms without an answer: then that is said */
};

/* A place for one request, which it holds until it is answered. */
struct lane {
	enum { LANE_FREE, LANE_AT_WORK, LANE_WAITING } state;
	struct client *client;
	struct post post;
	struct buf body;
	struct batchline line;
	size_t *record; /* whose slots the request ends */
	size_t n, room;
	unsigned pauses;
	uint64_t until; /* LANE_WAITING: when to send it again */
};

struct flight {
	const struct bt_host *host;
	const struct settings *set;
	CURLM *multi;
	struct lane *lane;
	struct reply reply;
	struct usage usage;
	struct buf text, why;
	uint64_t random;
	uint64_t heard; /* when the server last answered, or was first asked */
	uint64_t say, pause; /* when to say that it does not, and how often */
	uint64_t held;	     /* no request before this time: it said so */
	bool hopeless;
	struct buf reason; /* why it is hopeless, or what is waited for */

	/* Of the current batch. */
	struct memory *memory;
	struct slot *slots;
	const struct bt_request *rq;
	enum type_kind kind;
	uint64_t start;
	size_t next; /* slots before this one are not open */
	size_t at_work, waiting;
	enum flight_end end; /* FLIGHT_DONE: go on */
};

/* From 0 to n - 1, by xorshift: to spread tries, nothing else. */
static uint64_t
random_below(struct flight *f, uint64_t n)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return f->random % n;
}

static int
open_lane(struct flight *f, struct lane *l, struct buf *why)
{
	size_t start = why->n;

	if (l->client != NULL)
		return 0;
	l->client =
	    client_new(f->set->headers.p != NULL ? f->set->headers.p : "", why);
	if (l->client == NULL)
		return -1;
	client_limit(l->client, ANSWER_MAX);
	buf_adds(why, "chat.json: server: ");
	if (client_place(l->client, f->set->server.p, NULL, why) == -1)
		return -1;
	why->n = start;
	return 0;
}

/* Asks what costs nothing: a key that is wrong ends the run before it begins.
 * Any other answer, or none, says nothing. */
static int
ask(struct flight *f, struct buf *why)
{
	struct client *c = f->lane[0].client;
	const struct answer *a = client_get(c, "/v1/models", ASK_MAX);

	if (a->status != 401)
		return 0;
	buf_addf(why, "GET %s/v1/models: ", client_where(c));
	f->lane[0].post.finds_text = true;
	judge(f->set, a, &f->lane[0].post, client_where(c), why);
	if (f->set->key.n == 0)
		buf_adds(why, "; set BT_CHAT_KEY or BT_CHAT_KEY_FILE");
	return -1;
}

struct flight *
flight_new(const struct bt_host *host, struct settings *set, struct buf *why)
{
	struct flight *f = mem_alloc(sizeof *f);

	memset(f, 0, sizeof *f);
	f->host = host;
	f->set = set;
	buf_str(&set->server);
	buf_str(&set->path);
	buf_str(&set->headers);
	f->lane = mem_resize(NULL, set->in_flight, sizeof f->lane[0]);
	memset(f->lane, 0, set->in_flight * sizeof f->lane[0]);
	f->random = (clock_ms() << 16 ^ (uint64_t)getpid()) | 1;
	f->multi = curl_multi_init();
	if (f->multi == NULL)
		buf_adds(why, "libcurl cannot be initialised");
	else if (open_lane(f, &f->lane[0], why) == 0 && ask(f, why) == 0) {
		curl_multi_setopt(
		    f->multi, CURLMOPT_MAXCONNECTS, (long)set->in_flight);
		return f;
	}
	flight_free(f);
	return NULL;
}

void
flight_free(struct flight *f)
{
	struct lane *l;

	for (l = f->lane; l < f->lane + f->set->in_flight; l++) {
		if (l->client != NULL)
			client_free(l->client);
		buf_free(&l->body);
		buf_free(&l->line.path);
		free(l->record);
	}
	curl_multi_cleanup(f->multi);
	free(f->lane);
	reply_free(&f->reply);
	buf_free(&f->text);
	buf_free(&f->why);
	buf_free(&f->reason);
	free(f);
}

const struct usage *
flight_usage(const struct flight *f)
{
	return &f->usage;
}

static struct span
record_of(const struct flight *f, size_t i)
{
	return (struct span){ f->rq->records[i].p, f->rq->records[i].n };
}

static void
end_slot(struct flight *f, size_t i, enum slot_state state, struct buf *text)
{
	if (state == SLOT_REFUSED)
		settings_hide(f->set, text);
	memory_end(f->memory, &f->slots[i], state, buf_span(text));
	if (f->memory->bytes > f->set->keeps && f->end == FLIGHT_DONE)
		f->end = FLIGHT_FULL;
}

/* Adds the record to the request.  If it cannot be asked about, that is its
 * end. */
static bool
add_record(struct flight *f, struct lane *l, size_t i)
{
	struct span record = record_of(f, i);
	struct template *t = (struct template *)&f->set->template;
	int got;

	f->why.n = 0;
	if (f->set->batch) {
		got = batchline_read(&l->line, record, &f->why);
		if (got == 0)
			buf_add(&l->body, l->line.body.p, l->line.body.n);
	} else
		got = template_add(t, f->kind, record, &l->body, &f->why);
	if (got == -1) {
		end_slot(f, i, SLOT_REFUSED, &f->why);
		return false;
	}
	l->record =
	    mem_grow(l->record, &l->room, l->n + 1, sizeof l->record[0]);
	l->record[l->n++] = i;
	f->slots[i].state = SLOT_AT_WORK;
	return true;
}

/* Makes the next request; false if there are no more records. */
static bool
load(struct flight *f, struct lane *l)
{
	const struct settings *set = f->set;
	struct slot *s;

	l->n = l->body.n = 0;
	l->pauses = 0;
	if (!set->batch)
		template_open(&set->template, &l->body);
	for (; f->next < f->rq->record_count; f->next++) {
		s = &f->slots[f->next];
		if (s->state != SLOT_OPEN)
			continue;
		if (l->n > 0 && s->alone)
			break;
		if (add_record(f, l, f->next) &&
		    (l->n == set->records_per_request || s->alone)) {
			f->next++;
			break;
		}
	}
	if (l->n > 0 && !set->batch)
		template_close(&set->template, &l->body);
	return l->n > 0;
}

/* The ms that are left for the batch, at least 1; 0: no limit. */
static uint64_t
left(const struct flight *f, uint64_t now)
{
	uint64_t passed = now - f->start, limit = f->set->limit;

	if (limit == 0)
		return 0;
	return passed < limit ? limit - passed : 1;
}

/* What is wrong, if the time ends before it is right. */
static void
note(struct flight *f)
{
	f->reason.n = 0;
	buf_add(&f->reason, f->why.p, f->why.n);
}

/* For the reason in f->why. */
static void
stop(struct flight *f, enum flight_end end)
{
	if (f->end != FLIGHT_DONE)
		return;
	f->end = end;
	note(f);
}

static void
send_lane(struct flight *f, struct lane *l, uint64_t now)
{
	uint64_t ms = left(f, now);
	CURL *curl;

	f->why.n = 0;
	if (open_lane(f, l, &f->why) == -1) {
		stop(f, FLIGHT_HOPELESS);
		return;
	}
	if (f->set->timeout > 0 && (ms == 0 || ms > f->set->timeout))
		ms = f->set->timeout;
	l->post = (struct post){ .content_type = "application/json",
		.accept = "application/json",
		.body = l->body.p,
		.size = l->body.n,
		.finds_text = true };
	curl = client_begin(l->client,
	    f->set->batch ? buf_str(&l->line.path) : f->set->path.p, &l->post,
	    ms);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, l);
	curl_multi_add_handle(f->multi, curl);
	f->usage.requests++;
	f->usage.again += l->pauses > 0;
	l->state = LANE_AT_WORK;
	f->at_work++;
}

/* Frees the lane; records without an end are open again. */
static void
clear(struct flight *f, struct lane *l, bool alone)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		struct slot *s = &f->slots[l->record[i]];

		if (s->state != SLOT_AT_WORK)
			continue;
		s->state = SLOT_OPEN;
		s->alone |= alone;
		if (l->record[i] < f->next)
			f->next = l->record[i];
	}
	l->n = 0;
	l->state = LANE_FREE;
}

static void
pause_lane(struct flight *f, struct lane *l, uint64_t ms, uint64_t now)
{
	l->state = LANE_WAITING;
	l->until = now + ms;
	l->pauses++;
	f->waiting++;
}

/* After a pause that doubles, and half of which is random. */
static uint64_t
next_pause(struct flight *f, const struct lane *l, uint64_t most)
{
	uint64_t ms = PAUSE_FIRST;
	unsigned i;

	for (i = 0; i < l->pauses && ms < most; i++)
		ms *= 2;
	if (ms > most)
		ms = most;
	return ms / 2 + random_below(f, ms / 2);
}

/* The server is busy, or away. */
static void
wait_lane(
    struct flight *f, struct lane *l, const struct answer *a, uint64_t now)
{
	uint64_t ms = a->retry_after < WAIT_MAX ? a->retry_after : WAIT_MAX;

	ms *= 1000;
	if (a->refused && now - f->heard >= f->set->patience) {
		stop(f, FLIGHT_LOST);
		clear(f, l, false);
		return;
	}
	note(f);
	if (now >= f->say) {
		buf_adds(&f->why, "; waiting");
		settings_hide(f->set, &f->why);
		f->host->log(f->host, BT_LOG_INFO, buf_str(&f->why));
		f->pause *= 4;
		f->say = now + f->pause;
	}
	if (ms > 0) {
		if (f->held < now + ms)
			f->held = now + ms;
		/* Not all at the same moment. */
		ms += random_below(f, ms / 8 + 1);
	} else
		ms = next_pause(f, l, a->refused ? PAUSE_AWAY : PAUSE_MAX);
	pause_lane(f, l, ms, now);
}

/* The records were not answered well, for the reason in f->why.  Of several,
 * one may be to blame: each is then asked about alone. */
static void
try_again(
    struct flight *f, struct lane *l, bool refused, bool at_once, uint64_t now)
{
	struct slot *s = &f->slots[l->record[0]];

	if (l->n > 1 && !refused && !at_once && l->pauses == 0) {
		pause_lane(f, l, next_pause(f, l, PAUSE_MAX), now);
		return;
	}
	if (l->n > 1) {
		clear(f, l, true);
		return;
	}
	s->tries++;
	if (refused || s->tries >= f->set->tries) {
		if (!refused && s->tries > 1)
			buf_addf(&f->why, " (%u tries)", s->tries);
		end_slot(f, l->record[0], SLOT_REFUSED, &f->why);
		clear(f, l, false);
		return;
	}
	note(f);
	pause_lane(f, l, at_once ? 0 : next_pause(f, l, PAUSE_MAX), now);
}

/* Keeps what a reply says of each of its records. */
static void
keep(struct flight *f, struct lane *l, struct span body, uint64_t now)
{
	enum reply_is is;
	size_t i, n = l->n;
	bool bad = false;

	f->why.n = 0;
	if (reply_read(&f->reply, body, n, &f->usage, &f->why) == -1) {
		try_again(f, l, false, true, now);
		return;
	}
	for (i = 0; i < n; i++) {
		f->text.n = f->why.n = 0;
		is = reply_answer(&f->reply, f->set, i, &f->text, &f->why);
		if (is == REPLY_GOOD)
			end_slot(f, l->record[i], SLOT_ANSWERED, &f->text);
		else if (is == REPLY_REFUSED)
			end_slot(f, l->record[i], SLOT_REFUSED, &f->why);
		else if (n == 1) {
			try_again(f, l, false, true, now);
			return;
		} else
			bad = true;
	}
	clear(f, l, bad);
}

/* Keeps the answer to a request of a batch file, whatever it is. */
static void
keep_line(struct flight *f, struct lane *l, const struct answer *a)
{
	size_t i = l->record[0];
	struct span value;
	const char *reason;
	size_t at;

	if (json_check(buf_span(&a->body), &value, &reason, &at) == 0)
		reply_usage(value, &f->usage);
	f->text.n = 0;
	batchline_add(&f->text, l->line.custom_id, f->rq->first_record + i,
	    a->status, buf_span(&a->body));
	end_slot(f, i, SLOT_ANSWERED, &f->text);
	clear(f, l, false);
}

static void
say_refusal(struct flight *f, const struct lane *l)
{
	struct buf line = { 0 };

	buf_addf(&line, "%s: record %" PRIu64 ": ", f->rq->object,
	    f->rq->first_record + l->record[0]);
	buf_add(&line, f->why.p, f->why.n);
	settings_hide(f->set, &line);
	f->host->log(f->host, BT_LOG_WARNING, buf_str(&line));
	buf_free(&line);
}

static void
finish_lane(struct flight *f, struct lane *l, CURLcode code)
{
	const struct answer *a = client_end(l->client, code);
	uint64_t now = clock_ms();
	enum judgement judged;

	l->state = LANE_FREE;
	f->at_work--;
	f->why.n = 0;
	judged = judge(f->set, a, &l->post, client_where(l->client), &f->why);
	if (a->status != 0) {
		f->heard = now;
		if (judged != JUDGE_WAIT) {
			f->pause = SAY_FIRST;
			f->say = now + f->pause;
		}
	}
	switch (judged) {
	case JUDGE_ANSWERED:
		if (f->set->batch)
			keep_line(f, l, a);
		else
			keep(f, l, buf_span(&a->body), now);
		break;
	case JUDGE_REFUSED:
		if (f->set->batch) {
			say_refusal(f, l);
			keep_line(f, l, a);
		} else
			try_again(f, l, true, false, now);
		break;
	case JUDGE_AGAIN:
		try_again(f, l, false, false, now);
		break;
	case JUDGE_WAIT:
		wait_lane(f, l, a, now);
		break;
	case JUDGE_HOPELESS:
		f->hopeless = true;
		stop(f, FLIGHT_HOPELESS);
		clear(f, l, false);
		break;
	}
}

/* Sends what can be sent.  Returns the ms until there is more. */
static uint64_t
send_all(struct flight *f)
{
	uint64_t now = clock_ms(), wait = POLL_MAX, at;
	struct lane *l;

	for (l = f->lane; l < f->lane + f->set->in_flight; l++) {
		if (l->state == LANE_AT_WORK)
			continue;
		if (f->end != FLIGHT_DONE)
			break;
		if (l->state == LANE_FREE && f->next >= f->rq->record_count)
			continue;
		at = l->state == LANE_WAITING && l->until > f->held ? l->until
								    : f->held;
		if (at > now) {
			if (at - now < wait)
				wait = at - now;
			continue;
		}
		if (l->state == LANE_WAITING)
			f->waiting--;
		else if (!load(f, l))
			continue;
		send_lane(f, l, now);
	}
	return wait;
}

/* Reads what has ended; false if nothing has. */
static bool
finish_all(struct flight *f)
{
	bool any = false;
	CURLMsg *msg;
	CURLcode code;
	CURL *curl;
	char *lane;
	int n;

	while ((msg = curl_multi_info_read(f->multi, &n)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		curl = msg->easy_handle;
		code = msg->data.result;
		curl_easy_getinfo(curl, CURLINFO_PRIVATE, &lane);
		curl_multi_remove_handle(f->multi, curl);
		finish_lane(f, (struct lane *)(void *)lane, code);
		any = true;
	}
	return any;
}

/* Gives up what has no answer. */
static void
abandon(struct flight *f)
{
	struct lane *l;

	for (l = f->lane; l < f->lane + f->set->in_flight; l++) {
		if (l->state == LANE_AT_WORK)
			curl_multi_remove_handle(
			    f->multi, client_handle(l->client));
		if (l->state != LANE_FREE)
			clear(f, l, false);
	}
	f->at_work = f->waiting = 0;
}

enum flight_end
flight_run(struct flight *f, struct memory *m, struct slot *slots,
    const struct bt_request *rq, struct buf *why)
{
	uint64_t wait;
	int running;

	f->memory = m;
	f->slots = slots;
	f->rq = rq;
	f->kind = type_kind(span_str(rq->content_type));
	f->start = clock_ms();
	f->next = 0;
	if (!f->hopeless)
		f->reason.n = 0;
	f->end = f->hopeless ? FLIGHT_HOPELESS : FLIGHT_DONE;
	if (f->heard == 0) {
		f->heard = f->start;
		f->pause = SAY_FIRST;
		f->say = f->start + f->pause;
	}
	for (;;) {
		wait = send_all(f);
		if (f->at_work == 0 &&
		    (f->end != FLIGHT_DONE ||
			(f->waiting == 0 && f->next >= rq->record_count)))
			break;
		if (f->end == FLIGHT_DONE && f->set->limit > 0 &&
		    clock_ms() - f->start >= f->set->limit) {
			f->end = FLIGHT_LATE;
			break;
		}
		curl_multi_perform(f->multi, &running);
		if (finish_all(f))
			continue;
		if (f->set->limit > 0 && left(f, clock_ms()) < wait)
			wait = left(f, clock_ms());
		curl_multi_poll(f->multi, NULL, 0, (int)wait, NULL);
	}
	abandon(f);
	if (f->end != FLIGHT_DONE) {
		settings_hide(f->set, &f->reason);
		buf_add(why, f->reason.p, f->reason.n);
	}
	return f->end;
}
