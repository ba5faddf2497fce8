#include "stage/report_facts.h"

#include <inttypes.h>

#include "stage/report_scale.h"

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

/* "812 of 814", "2 failed" where there are such. */
static void
part(struct facts *f, uint64_t n, uint64_t all, uint64_t failed)
{
	scale_number(&f->b, (double)n);
	if (all > n) {
		buf_adds(&f->b, " of ");
		scale_number(&f->b, (double)all);
	}
	if (failed > 0) {
		buf_adds(&f->b, ", ");
		scale_number(&f->b, (double)failed);
		buf_adds(&f->b, " failed");
	}
}

static void
counts(const struct report *r, struct facts *f)
{
	part(f, r->records, r->all_records, r->failed_records);
	tell(f, "records");
	part(f, r->batches, r->all_batches, r->failed_batches);
	tell(f, "mini-batches");
	if (r->all_objects > 0) {
		scale_number(&f->b, (double)r->all_objects);
		tell(f, "objects");
	}
	scale_bytes(&f->b, (double)r->bytes);
	tell(f, "payload");
	if (r->retried > 0) {
		scale_number(&f->b, (double)r->retried);
		tell(f, "batches tried again");
	}
}

static void
times(const struct report *r, struct facts *f)
{
	double took = r->end - r->start;

	if (r->start == 0)
		return;
	scale_date(&f->b, r->start);
	tell(f, "first call");
	scale_seconds(&f->b, took);
	tell(f, "time");
	scale_number(&f->b, report_speed(r));
	tell(f, "records a second");
	buf_addf(&f->b, "%u at a time, %zu in all", r->lanes, r->workers);
	tell(f, "workers");
	if (took > 0 && r->lanes > 0) {
		buf_addf(&f->b, "%.0f%% of the workers' time",
		    100 * r->ms / 1e3 / took / r->lanes);
		tell(f, "in the model");
	}
}

void
report_facts(const struct report *r,
    void (*each)(void *arg, const char *name, const char *value), void *arg)
{
	static const struct {
		const char *name;
		double share;
	} quantile[] = { { "half of the calls within", 0.5 },
		{ "nine in ten within", 0.9 },
		{ "99 in a hundred within", 0.99 } };
	struct facts f = { .each = each, .arg = arg };
	size_t i;

	counts(r, &f);
	times(r, &f);
	if (r->start != 0) {
		for (i = 0; i < sizeof quantile / sizeof *quantile; i++) {
			scale_ms(&f.b, report_quantile(r, quantile[i].share));
			tell(&f, quantile[i].name);
		}
		scale_ms(&f.b, r->ms_most);
		tell(&f, "longest call");
	}
	buf_free(&f.b);
}
