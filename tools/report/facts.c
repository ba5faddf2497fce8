#include "report/page.h"

#include <inttypes.h>
#include <math.h>

#include "report/scale.h"

enum { HOSTS = 4 }; /* that are named */

/* Shorter runs have no speed that means anything. */
#define SPEED_LEAST 0.5

struct facts {
	void (*each)(void *arg, const char *name, const char *value);
	void *arg;
	struct buf b;
};

static void
tell(struct facts *f, const char *name)
{
	f->each(f->arg, name, buf_str(&f->b));
	f->b.n = 0;
}

static void
tell_text(struct facts *f, const char *name, const char *value)
{
	f->each(f->arg, name, value);
}

bool
report_is_running(const struct report_job *job)
{
	return job->status != NULL && (strcmp(job->status, "InProgress") == 0 ||
					  strcmp(job->status, "Stopping") == 0);
}

double
report_share(const struct report *r)
{
	const struct job_tally *t = r->job != NULL ? &r->job->records : NULL;

	if (t == NULL || t->all == 0)
		return 0;
	return (double)(t->completed + t->failed) / (double)t->all;
}

bool
report_has_speed(const struct report *r)
{
	return r->end - r->start >= SPEED_LEAST;
}

/* "812 of 814" */
static void
part(struct facts *f, uint64_t done, uint64_t all)
{
	scale_number(&f->b, (double)done);
	if (all > done) {
		buf_adds(&f->b, " of ");
		scale_number(&f->b, (double)all);
	}
}

/* "812 of 814, 2 failed"; failed ones count as done. */
static void
tally(struct facts *f, const char *name, uint64_t done, uint64_t all,
    uint64_t failed)
{
	part(f, done, all);
	if (failed > 0) {
		buf_adds(&f->b, ", ");
		scale_number(&f->b, (double)failed);
		buf_adds(&f->b, " failed");
	}
	tell(f, name);
}

/* The part that is done, and the time left at the speed so far. */
static void
done(const struct report *r, struct facts *f)
{
	double share = report_share(r), left;

	buf_addf(&f->b, "%u%%", (unsigned)(100 * share));
	tell(f, "done");
	if (share <= 0 || !report_has_speed(r))
		return;
	left = ceil((r->end - r->start) * (1 - share) / share);
	if (left < 60)
		buf_addf(&f->b, "%.0f s", left);
	else
		scale_seconds(&f->b, left);
	tell(f, "time left");
}

void
report_headline(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	struct facts f = { .each = each, .arg = arg };
	bool running = report_is_running(job);
	double end = running ? job->now : job->ended;

	if (running)
		done(r, &f);
	if (job->created != 0 && end > job->created) {
		scale_seconds(&f.b, end - job->created);
		tell(&f, running ? "running for" : "duration");
	} else if (r->end > r->start) {
		scale_seconds(&f.b, r->end - r->start);
		tell(&f, "duration");
	}
	if (r->job != NULL)
		part(&f, r->job->records.completed + r->job->records.failed,
		    r->job->records.all);
	else
		part(&f, r->records, 0);
	tell(&f, "records");
	if (report_has_speed(r)) {
		scale_number(&f.b, report_speed(r));
		tell(&f, "records a second");
	}
	scale_number(&f.b, (double)report_failed(r));
	tell(&f, REPORT_FAILED);
	buf_free(&f.b);
}

uint64_t
report_failed(const struct report *r)
{
	return r->job != NULL ? r->job->records.failed : r->failed_records;
}

/* The times of the calls.  A quantile is one only of so many calls. */
static void
times(const struct report *r, const struct report_job *job, struct facts *f)
{
	static const struct {
		const char *name;
		double share;
		uint64_t least;
	} quantile[] = { { "p50 of the calls", 0.5, 2 },
		{ "p90 of the calls", 0.9, 10 },
		{ "p99 of the calls", 0.99, 100 } };
	double took = r->end - r->start;
	uint64_t calls = report_between(r, 0, INFINITY);
	size_t i;

	scale_date(&f->b, r->start);
	tell(f, "first call");
	if (job->created != 0 && r->start > job->created) {
		scale_seconds(&f->b, r->start - job->created);
		tell(f, "before the first call");
	}
	if (calls > 1) {
		scale_seconds(&f->b, took);
		tell(f, "first call to last");
	}
	buf_addf(&f->b, "%u at a time, %zu in all", r->workers_at_once,
	    r->workers.n);
	tell(f, "workers");
	/* The times of shorter calls are too inexact to sum. */
	if (calls > 1 && report_has_speed(r) && report_quantile(r, 0.5) >= 1) {
		buf_addf(&f->b, "%.0f%% of the workers' time",
		    100 * r->ms / 1e3 / took / r->workers_at_once);
		tell(f, "in the model");
	}
	for (i = 0; i < sizeof quantile / sizeof *quantile; i++) {
		if (calls < quantile[i].least)
			break;
		scale_ms(&f->b, report_quantile(r, quantile[i].share));
		tell(f, quantile[i].name);
	}
	scale_ms(&f->b, r->ms_most);
	tell(f, calls > 1 ? "longest call" : "the only call");
}

/* "8 in 10 attempts, 1 killed", of those that have begun. */
static void
shares(const struct report *r, struct facts *f)
{
	uint64_t n = 0, killed = 0;
	size_t i;

	for (i = 0; i < r->attempts.n; i++) {
		n += !r->attempt[i]->again;
		killed += r->attempt[i]->killed;
	}
	scale_number(&f->b, (double)n);
	if (r->attempts.n > n) {
		buf_adds(&f->b, " in ");
		scale_number(&f->b, (double)r->attempts.n);
		buf_adds(&f->b, " attempts");
	}
	if (killed > 0)
		buf_addf(&f->b, ", %" PRIu64 " killed", killed);
	tell(f, "shares");
}

void
report_facts(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	struct facts f = { .each = each, .arg = arg };
	const struct job_tally *b, *o;

	if (r->job != NULL) {
		b = &r->job->batches;
		o = &r->job->objects;
		tally(&f, "mini-batches", b->completed + b->failed, b->all,
		    b->failed);
		tally(
		    &f, "objects", o->completed + o->failed, o->all, o->failed);
	} else {
		tally(&f, "mini-batches", r->batches, 0, r->failed_batches);
	}
	scale_bytes(&f.b, (double)r->bytes);
	tell(&f, "payload");
	if (r->retried > 0) {
		scale_number(&f.b, (double)r->retried);
		tell(&f, "batches tried again");
	}
	if (r->attempts.n > 0)
		shares(r, &f);
	if (r->prompt_tokens > 0 || r->completion_tokens > 0) {
		scale_number(&f.b, r->prompt_tokens);
		buf_adds(&f.b, " of prompts, ");
		scale_number(&f.b, r->completion_tokens);
		buf_adds(&f.b, " of answers");
		tell(&f, "tokens");
	}
	if (r->cost > 0) {
		buf_addf(&f.b, "%.4g", r->cost);
		tell(&f, "cost");
	}
	if (job->created != 0) {
		scale_date(&f.b, job->created);
		tell(&f, "created");
	}
	if (r->start != 0)
		times(r, job, &f);
	buf_free(&f.b);
}

static void
hosts(const struct report *r, struct facts *f)
{
	size_t n = 0, i;

	for (i = 0; i < r->machines.n; i++) {
		if (r->machine[i]->entry.key.n == 0)
			continue;
		if (n++ < HOSTS) {
			buf_adds(&f->b, n > 1 ? ", " : "");
			buf_adds(&f->b, r->machine[i]->entry.key.p);
		}
	}
	if (n > HOSTS)
		buf_addf(&f->b, " and %zu more", n - HOSTS);
	if (n > 0)
		tell(f, n > 1 ? "hosts" : "host");
}

void
report_places(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	struct facts f = { .each = each, .arg = arg };

	if (job->outputs != NULL)
		tell_text(&f, "outputs", job->outputs);
	if (job->folder != NULL)
		tell_text(&f, "folder of the job", job->folder);
	if (job->script != NULL)
		tell_text(&f, "its commands", job->script);
	hosts(r, &f);
	tell_text(&f, "version", "bt-report " BT_VERSION);
	buf_free(&f.b);
}
