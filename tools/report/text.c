#include <inttypes.h>
#include <math.h>

#include "base/percent.h"
#include "report/attempts.h"
#include "report/failures.h"
#include "report/page.h"
#include "report/scale.h"

enum { NAMES = 26, BARS = 50, LISTED = 20, PLACES = 3 };

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
	struct report_bin bin[REPORT_BINS];
	unsigned n = report_bins(r, bin), i, full;
	struct buf name = { 0 };
	uint64_t most = 0;

	for (i = 0; i < n; i++)
		if (bin[i].calls > most)
			most = bin[i].calls;
	if (most == 0)
		return;
	buf_adds(b, "\ncalls, by time\n");
	for (i = 0; i < n; i++) {
		name.n = 0;
		buf_adds(&name, "under ");
		scale_ms(&name, bin[i].below);
		buf_addf(b, "%-*s", NAMES, buf_str(&name));
		full =
		    (unsigned)ceil((double)bin[i].calls / (double)most * BARS);
		memset(buf_room(b, full), '#', full);
		b->n += full;
		buf_addf(
		    b, "%s%" PRIu64 "\n", full > 0 ? " " : "", bin[i].calls);
	}
	buf_free(&name);
}

/* Each error, and below it the first places where it happened. */
static void
failures(const struct report *r, struct buf *b)
{
	static struct report_errors errors;
	const struct report_error *e;
	size_t i, k, places;

	errors_find(r, &errors);
	if (errors.n > 0)
		buf_adds(b, "\nfailed\n");
	for (k = 0; k < errors.n && k < LISTED; k++) {
		e = &errors.error[k];
		add_text(b, e->status);
		buf_adds(b, ": ");
		add_text(b, e->text);
		buf_adds(b, " (");
		errors_count(e, b);
		buf_adds(b, ")\n");
		places = 0;
		for (i = 0; i < r->failures && places < PLACES; i++) {
			if (errors.of[i] != k)
				continue;
			places++;
			buf_adds(b, "    ");
			add_text(b, r->failure[i].object);
			buf_adds(b, r->failure[i].count > 1 ? ": records "
							    : ": record ");
			failure_records(&r->failure[i], b);
			buf_adds(b, ": ");
			failure_place(&r->failure[i], b);
			buf_addc(b, '\n');
		}
		if (e->places > places)
			buf_addf(b, "    and %zu more\n", e->places - places);
	}
	if (errors.n > LISTED)
		buf_addf(b, "and %zu more errors\n", errors.n - LISTED);
	if (r->failed_batches > r->failures)
		buf_addf(b, "and %" PRIu64 " more mini-batches\n",
		    r->failed_batches - r->failures);
}

/* The attempts that were cut short, and those that came after them. */
static void
shares(const struct report *r, struct buf *b)
{
	const struct report_attempt *a;
	struct buf text = { 0 };
	size_t n = 0, i;

	for (i = 0; i < r->attempts.n; i++) {
		a = r->attempt[i];
		if (!attempt_is_told(a) || n++ >= LISTED)
			continue;
		buf_addf(b, "%sshare %" PRIu64 " on ",
		    n == 1 ? "\nshares\n" : "", a->share);
		add_text(b, a->machine->entry.key.p);
		buf_adds(b, ": ");
		text.n = 0;
		attempt_outcome(a, &text);
		add_text(b, buf_str(&text));
		buf_addc(b, '\n');
	}
	if (n > LISTED)
		buf_addf(b, "and %zu more\n", n - LISTED);
	buf_free(&text);
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
	if (report_is_running(job)) {
		buf_addf(b, "%-*s", NAMES, "as of");
		scale_date(b, job->now);
		buf_addc(b, '\n');
	}
	report_headline(r, job, add_fact, b);
	report_facts(r, job, add_fact, b);
	report_places(r, job, add_fact, b);
	failures(r, b);
	shares(r, b);
	latencies(r, b);
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
