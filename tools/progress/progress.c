#include "progress/progress.h"

#include <inttypes.h>

#include "format/ref.h"
#include "format/result.h"

enum { BAR_LEAST = 10, BAR_MOST = 50 };

void
progress_result(struct progress *p, struct span line)
{
	struct result r;
	struct news news;
	const char *why;

	if (result_parse(&r, line, &why) == -1)
		return;
	news = seen_add(&p->seen, &r);
	p->records += news.records;
	p->failed -= news.mended;
	if (!r.answered)
		p->failed += news.records;
	if (news.records > 0)
		p->bytes += r.ref.length;
}

void
progress_ref(struct progress *p, struct span line)
{
	struct ref r;
	const char *why;

	if (ref_parse(&r, line, &why) == -1)
		return;
	p->all_records += r.count;
	p->all_bytes += r.length;
}

void
progress_sample(struct progress *p, double now)
{
	unsigned i = p->samples++ % PROGRESS_SAMPLES;

	p->sample[i].at = now;
	p->sample[i].records = p->records;
}

/* Records a second, since the oldest sample there is, or the start. */
static double
speed(const struct progress *p, double now)
{
	unsigned oldest =
	    p->samples > PROGRESS_SAMPLES ? p->samples % PROGRESS_SAMPLES : 0;
	double at = p->samples > PROGRESS_SAMPLES ? p->sample[oldest].at : 0;
	uint64_t had =
	    p->samples > PROGRESS_SAMPLES ? p->sample[oldest].records : 0;

	return now > at ? (double)(p->records - had) / (now - at) : 0;
}

/* Bytes tell better than records what is left, where the records differ. */
static double
share(const struct progress *p)
{
	double done = p->all_bytes > 0
			  ? (double)p->bytes / (double)p->all_bytes
			  : (double)p->records / (double)p->all_records;

	return done > 1 ? 1 : done;
}

static void
add_time(struct buf *b, double seconds)
{
	/* More than there can be, if the references name what cannot be. */
	uint64_t s = seconds < 1e15 ? (uint64_t)(seconds + 0.5)
				    : UINT64_C(1000000000000000);

	if (s >= 3600)
		buf_addf(b, "%" PRIu64 ":%02u:%02u", s / 3600,
		    (unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		buf_addf(b, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

static void
add_speed(struct buf *b, double records)
{
	buf_addf(b, records < 10 && records > 0 ? "%.1f/s" : "%.0f/s", records);
}

/* What is left takes as long as the speed and the mean record say. */
static void
add_left(const struct progress *p, double now, struct buf *b)
{
	double records = speed(p, now), done = share(p);

	if (records <= 0 || done <= 0)
		return;
	buf_adds(b, ", ");
	add_time(b, (double)p->records * (1 - done) / done / records);
	buf_adds(b, " left");
}

void
progress_text(const struct progress *p, double now, struct buf *b)
{
	buf_addf(b, "%" PRIu64, p->records);
	if (p->all_records > 0)
		buf_addf(b, " of %" PRIu64 " records (%.0f%%), ",
		    p->all_records, (double)(int)(100 * share(p)));
	else
		buf_adds(b, " records, ");
	add_speed(b, speed(p, now));
	buf_addf(b, ", %" PRIu64 " failed", p->failed);
	if (p->all_records > 0)
		add_left(p, now, b);
}

void
progress_summary(const struct progress *p, double now, struct buf *b)
{
	buf_addf(b, "%" PRIu64 " records, ", p->records);
	add_speed(b, now > 0 ? (double)p->records / now : 0);
	buf_addf(b, ", %" PRIu64 " failed, ", p->failed);
	add_time(b, now);
}

void
progress_bar(
    const struct progress *p, double now, unsigned width, struct buf *b)
{
	struct buf text = { 0 };
	unsigned room, full, i;

	progress_text(p, now, &text);
	room = width > text.n + 3 ? width - (unsigned)text.n - 3 : 0;
	if (room > BAR_MOST)
		room = BAR_MOST;
	if (p->all_records > 0 && room >= BAR_LEAST) {
		full = (unsigned)(share(p) * room);
		buf_addc(b, '[');
		for (i = 0; i < room; i++)
			buf_addc(b, i < full ? '=' : i == full ? '>' : ' ');
		buf_adds(b, "] ");
	}
	buf_add(b, text.p, text.n < width ? text.n : width);
	buf_free(&text);
}
