#include "report/page.h"

#include <inttypes.h>

#include "report/scale.h"

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

/* "812 of 814, 2 failed"; failed ones count as done. */
static void
part(struct facts *f, const char *name, uint64_t done, uint64_t all,
    uint64_t failed)
{
	scale_number(&f->b, (double)done);
	if (all > done) {
		buf_adds(&f->b, " of ");
		scale_number(&f->b, (double)all);
	}
	if (failed > 0) {
		buf_adds(&f->b, ", ");
		scale_number(&f->b, (double)failed);
		buf_adds(&f->b, " failed");
	}
	tell(f, name);
}

static void
tally(struct facts *f, const char *name, const struct job_tally *t)
{
	part(f, name, t->completed + t->failed, t->all, t->failed);
}

/* The times of the calls. */
static void
times(const struct report *r, struct facts *f)
{
	static const struct {
		const char *name;
		double share;
	} quantile[] = { { "half of the calls within", 0.5 },
		{ "nine in ten within", 0.9 },
		{ "99 in a hundred within", 0.99 } };
	double took = r->end - r->start;
	size_t i;

	scale_date(&f->b, r->start);
	tell(f, "first call");
	scale_seconds(&f->b, took);
	tell(f, "first call to last");
	scale_number(&f->b, report_speed(r));
	tell(f, "records a second");
	buf_addf(&f->b, "%u at a time, %zu in all", r->workers_at_once,
	    r->workers.n);
	tell(f, "workers");
	/* The times of shorter calls are too inexact to sum. */
	if (report_quantile(r, 0.5) >= 1) {
		buf_addf(&f->b, "%.0f%% of the workers' time",
		    100 * r->ms / 1e3 / took / r->workers_at_once);
		tell(f, "in the model");
	}
	for (i = 0; i < sizeof quantile / sizeof *quantile; i++) {
		scale_ms(&f->b, report_quantile(r, quantile[i].share));
		tell(f, quantile[i].name);
	}
	scale_ms(&f->b, r->ms_most);
	tell(f, "longest call");
}

void
report_facts(const struct report *r, const struct report_job *job,
    void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	struct facts f = { .each = each, .arg = arg };

	if (r->job != NULL) {
		tally(&f, "records", &r->job->records);
		tally(&f, "mini-batches", &r->job->batches);
		tally(&f, "objects", &r->job->objects);
	} else {
		part(&f, "records", r->records, 0, r->failed_records);
		part(&f, "mini-batches", r->batches, 0, r->failed_batches);
	}
	scale_bytes(&f.b, (double)r->bytes);
	tell(&f, "payload");
	if (r->retried > 0) {
		scale_number(&f.b, (double)r->retried);
		tell(&f, "batches tried again");
	}
	if (job->created != 0) {
		scale_date(&f.b, job->created);
		tell(&f, "created");
	}
	if (job->created != 0 && job->ended > job->created) {
		scale_seconds(&f.b, job->ended - job->created);
		tell(&f, "done after");
	}
	if (r->start != 0)
		times(r, &f);
	buf_free(&f.b);
}
