#include "report/run.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/ref.h"
#include "format/result.h"
#include "report/attempts.h"
#include "report/lanes.h"

/*
 * The times in a result line, in whole milliseconds.  Times beyond the year
 * 9999, or very long ones, are damage.  The least time of a call is far more
 * than a double loses by rounding at such dates.
 */
#define START_MOST 253402300800.0
#define MS_MOST 1e10
#define MS_LEAST 0.5
struct timing {
	double start, ms;
	struct span worker;
};

static bool
timing_read(const struct result *res, struct timing *t)
{
	t->start = result_number(res, "start");
	t->ms = result_number(res, "ms");
	t->worker = result_key(res, "worker");
	if (t->worker.p == NULL || !(t->start > 0 && t->start <= START_MOST) ||
	    !(t->ms >= 0 && t->ms <= MS_MOST))
		return false;
	if (t->ms < MS_LEAST)
		t->ms = MS_LEAST;
	return true;
}

static char *
decoded(struct span s)
{
	struct buf b = { 0 };

	ref_decode_or_copy(&b, s);
	return buf_take(&b);
}

static unsigned
latency_bin(double ms)
{
	double i;

	if (ms < REPORT_EXACT)
		return (unsigned)ms;
	i = REPORT_EXACT + 64 * log2(ms / REPORT_EXACT);
	return i < REPORT_LATENCIES ? (unsigned)i : REPORT_LATENCIES - 1;
}

/* The least milliseconds that a bin holds. */
static double
latency_of(unsigned bin)
{
	return bin < REPORT_EXACT
		   ? bin
		   : REPORT_EXACT * exp2((bin - REPORT_EXACT) / 64.0);
}

static struct report_status *
status_find(struct report *r, struct span name)
{
	size_t i;

	for (i = 0; i < r->statuses; i++)
		if (span_is(name, r->status[i].name))
			break;
	if (i == REPORT_STATUSES)
		i--;
	if (i == r->statuses) {
		r->status[i].name = mem_dup(name.p, name.n);
		r->statuses++;
	}
	return &r->status[i];
}

/* The batch among the listed failures: a resumed job may have tried it before.
 */
static struct report_failure *
failure_find(struct report *r, const struct ref *batch)
{
	struct report_failure *f;
	char *object = NULL;

	for (f = r->failure; f < r->failure + r->failures; f++) {
		if (f->first != batch->first || f->count != batch->count)
			continue;
		if (object == NULL)
			object = decoded(batch->path);
		if (strcmp(f->object, object) == 0)
			break;
	}
	free(object);
	return f < r->failure + r->failures ? f : NULL;
}

static void
add_failure(struct report *r, const struct result *res)
{
	struct span name = result_key(res, "status");
	struct span error = result_key(res, "error");
	struct news news = seen_add(&r->first.batches, res);
	struct report_failure *f = failure_find(r, &res->ref), new;

	new.is_batch = news.any;
	new.records = news.records;
	r->failed_batches += news.any;
	r->failed_records += news.records;
	/* A later failure of the batch replaces it, with its counts. */
	if (f != NULL) {
		new.is_batch = f->is_batch;
		new.records = f->records;
		f->status->batches -= f->is_batch;
		f->status->records -= f->records;
		free(f->object);
		free(f->error);
		r->failures--;
		memmove(f, f + 1,
		    (size_t)(r->failure + r->failures - f) * sizeof *f);
	}
	if (name.p == NULL)
		name = (struct span){ "error", 5 };
	new.status = status_find(r, name);
	new.status->batches += new.is_batch;
	new.status->records += new.records;
	if (r->failures == REPORT_FAILURES)
		return;
	new.object = decoded(res->ref.path);
	new.first = res->ref.first;
	new.count = res->ref.count;
	new.offset = res->ref.offset;
	new.error = error.p == NULL ? mem_dup("", 0) : decoded(error);
	r->failure[r->failures++] = new;
}

/* Whether no earlier line was of the same call.  A batch that failed may have
 * failed again, at another time. */
static bool
is_call(struct report_seen *s, const struct result *res, struct span line,
    struct news *news)
{
	struct result whole = { .ref = { .path = line, .count = 1 },
		.answered = true };

	*news = seen_add(&s->batches, res);
	return res->answered ? news->any : seen_add(&s->failures, &whole).any;
}

/* What a model has used: 0 for what no model has. */
static double
used(const struct result *res, const char *key)
{
	double n = result_number(res, key);

	return n > 0 && n < 1e15 ? n : 0;
}

void
report_count_line(struct report *r, struct span line)
{
	struct timing t;
	struct result res;
	struct news news;
	const char *why;

	if (result_parse(&res, line, &why) == -1 ||
	    !is_call(&r->first, &res, line, &news))
		return;
	r->calls++;
	r->batches += news.records > 0 || (news.any && res.ref.count == 0);
	r->records += news.records;
	r->bytes += res.ref.length;
	r->retried += result_number(&res, "tries") > 1;
	r->prompt_tokens += used(&res, "prompt_tokens");
	r->completion_tokens += used(&res, "completion_tokens");
	r->cost += used(&res, "cost");
	if (!timing_read(&res, &t))
		return;
	if (res.answered && news.any)
		attempts_add_reply(r, &res.reply, t.start + t.ms / 1e3);
	if (r->start == 0 || t.start < r->start)
		r->start = t.start;
	if (t.start + t.ms / 1e3 > r->end)
		r->end = t.start + t.ms / 1e3;
	if (r->ms == 0 || t.ms < r->ms_least)
		r->ms_least = t.ms;
	if (t.ms > r->ms_most)
		r->ms_most = t.ms;
	r->ms += t.ms;
	r->latency[latency_bin(t.ms)]++;
	lanes_add_call(r, t.worker, t.start, t.start + t.ms / 1e3);
}

void
report_assign_lanes(struct report *r)
{
	attempts_settle(r);
	lanes_assign(r);
	/* Failures are counted by the second reading, which knows what was
	 * answered later. */
	seen_forget_failed(&r->first.batches);
	r->busy = mem_resize(NULL, r->lanes + 1, sizeof *r->busy);
	r->failed = mem_resize(NULL, r->lanes + 1, sizeof *r->failed);
	memset(r->busy, 0, r->lanes * sizeof *r->busy);
	memset(r->failed, 0, r->lanes * sizeof *r->failed);
}

/* Divides the run into n equal pieces, and calls add for each with the seconds
 * of [from, to) in it, times the weight. */
static void
spread(const struct report *r, double from, double to, size_t n, double weight,
    void (*add)(void *arg, size_t piece, double amount), void *arg)
{
	double step = (r->end - r->start) / (double)n, low, high;
	size_t i;

	for (i = (size_t)((from - r->start) / step); i < n; i++) {
		low = r->start + (double)i * step;
		high = low + step;
		if (low >= to)
			break;
		add(arg, i,
		    weight *
			((to < high ? to : high) - (from > low ? from : low)));
	}
}

static void
add_busy(void *arg, size_t piece, double amount)
{
	float *busy = arg;

	busy[piece] += (float)amount;
}

static void
set_failed(void *arg, size_t piece, double amount)
{
	bool *failed = arg;

	(void)amount;
	failed[piece] = true;
}

static void
add_done(void *arg, size_t piece, double amount)
{
	struct report *r = arg;

	r->done[piece] += amount;
	if (r->done[piece] > r->done_most)
		r->done_most = r->done[piece];
}

void
report_place_line(struct report *r, struct span line)
{
	struct report_batch *b;
	struct timing t;
	struct result res;
	struct news news;
	const struct report_worker *w;
	const char *why;
	unsigned lane;
	double took;

	if (result_parse(&res, line, &why) == -1 ||
	    !is_call(&r->second, &res, line, &news))
		return;
	if (!res.answered && !seen_answered(&r->first.batches, &res.ref))
		add_failure(r, &res);
	if (!timing_read(&res, &t))
		return;
	took = t.ms / 1e3;
	/* A running job may have written it since the first reading. */
	if (t.start < r->start || t.start + took > r->end)
		return;
	if (res.answered)
		spread(r, t.start, t.start + took, REPORT_POINTS,
		    (double)res.ref.count / took, add_done, r);
	w = lanes_find(r, t.worker);
	if (w == NULL || w->lane >= r->lanes)
		return;
	lane = w->lane;
	if (!r->folded && r->calls <= REPORT_SINGLE &&
	    r->singles < REPORT_SINGLE) {
		b = &r->single[r->singles++];
		b->start = t.start;
		b->end = t.start + took;
		b->lane = lane;
		b->failed = !res.answered;
		b->again = result_number(&res, "tries") > 1;
		b->ref = mem_dup(res.text.p, res.text.n);
		return;
	}
	spread(r, t.start, t.start + took, REPORT_COLUMNS,
	    r->folded ? 1.0 / w->machine->lanes : 1, add_busy, r->busy[lane]);
	if (!res.answered)
		spread(r, t.start, t.start + took, REPORT_COLUMNS, 1,
		    set_failed, r->failed[lane]);
}

double
report_quantile(const struct report *r, double share)
{
	uint64_t all = 0, so_far = 0;
	unsigned i;

	for (i = 0; i < REPORT_LATENCIES; i++)
		all += r->latency[i];
	for (i = 0; i < REPORT_LATENCIES; i++) {
		so_far += r->latency[i];
		if (so_far > 0 && (double)so_far >= share * (double)all)
			return latency_of(i);
	}
	return 0;
}

uint64_t
report_between(const struct report *r, double low, double high)
{
	uint64_t n = 0;
	unsigned i;

	for (i = latency_bin(low); i < REPORT_LATENCIES; i++) {
		if (latency_of(i) >= high)
			break;
		if (latency_of(i) >= low)
			n += r->latency[i];
	}
	return n;
}

unsigned
report_bins(const struct report *r, struct report_bin *bin)
{
	double low = 1;
	unsigned n = 0;

	if (r->ms == 0)
		return 0;
	while (low * 2 <= r->ms_least)
		low *= 2;
	do {
		bin[n].calls = report_between(r, low == 1 ? 0 : low, 2 * low);
		low *= 2;
		bin[n++].below = low;
	} while (low <= r->ms_most && n < REPORT_BINS);
	return n;
}

double
report_speed(const struct report *r)
{
	return r->end > r->start ? (double)r->records / (r->end - r->start) : 0;
}
