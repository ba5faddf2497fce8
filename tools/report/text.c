#include <inttypes.h>
#include <math.h>

#include "base/percent.h"
#include "report/page.h"
#include "report/scale.h"

enum { NAMES = 26, BARS = 50, LISTED = 20 };

/* Names and messages may hold any bytes; the terminal must not obey them. */
static void
add_visible(struct buf *b, struct span text)
{
	percent_encode(b, text, percent_controls);
}

static void
add_text(struct buf *b, const char *text)
{
	add_visible(b, (struct span){ text, strlen(text) });
}

static void
add_fact(void *arg, const char *name, const char *value)
{
	buf_addf(arg, "%-*s", NAMES, name);
	add_text(arg, value);
	buf_addc(arg, '\n');
}

/* Calls by time, each bar twice as long as the one before it. */
static void
latencies(const struct report *r, struct buf *b)
{
	uint64_t n, most = 0;
	struct buf name = { 0 };
	double low, first = 1;
	unsigned full;

	while (first * 2 <= r->ms_least)
		first *= 2;
	for (low = first; low <= r->ms_most || low == first; low *= 2)
		if ((n = report_between(r, low == 1 ? 0 : low, 2 * low)) > most)
			most = n;
	if (most == 0)
		return;
	buf_adds(b, "\ncalls, by time\n");
	for (low = first; low <= r->ms_most || low == first; low *= 2) {
		name.n = 0;
		buf_adds(&name, "under ");
		scale_ms(&name, 2 * low);
		buf_addf(b, "%-*s", NAMES, buf_str(&name));
		n = report_between(r, low == 1 ? 0 : low, 2 * low);
		full = (unsigned)ceil((double)n / (double)most * BARS);
		memset(buf_room(b, full), '#', full);
		b->n += full;
		buf_addf(b, "%s%" PRIu64 "\n", full > 0 ? " " : "", n);
	}
	buf_free(&name);
}

static void
failures(const struct report *r, struct buf *b)
{
	const struct report_failure *f;

	if (r->failures == 0)
		return;
	buf_adds(b, "\nfailed\n");
	for (f = r->failure; f < r->failure + r->failures; f++) {
		if (f == r->failure + LISTED)
			break;
		add_text(b, f->object);
		buf_addf(b, ": record %" PRIu64, f->first);
		if (f->count > 1)
			buf_addf(b, " to %" PRIu64, f->first + f->count - 1);
		buf_addf(b, " (byte %" PRIu64 "): ", f->offset);
		add_text(b, f->status->name);
		buf_adds(b, ": ");
		add_text(b, f->error);
		buf_addc(b, '\n');
	}
	if (r->failed_batches > LISTED)
		buf_addf(
		    b, "and %" PRIu64 " more\n", r->failed_batches - LISTED);
}

void
report_text(const struct report *r, const struct report_job *job, struct buf *b)
{
	const char *at, *nl, *end;

	add_fact(b, "job", job->name);
	if (job->status != NULL)
		add_fact(b, "status", job->status);
	if (job->reason != NULL)
		add_fact(b, "reason", job->reason);
	report_facts(r, job, add_fact, b);
	latencies(r, b);
	failures(r, b);
	if (job->words.n > 0) {
		buf_adds(b, "\nasked for\n");
		end = job->words.p + job->words.n;
		for (at = job->words.p; at < end; at = nl + 1) {
			nl = memchr(at, '\n', (size_t)(end - at));
			add_visible(b, (struct span){ at, (size_t)(nl - at) });
			buf_addc(b, '\n');
		}
	}
}
