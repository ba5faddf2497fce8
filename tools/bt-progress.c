/*
 * bt-progress - pass on result lines and show progress.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/isotime.h"
#include "base/options.h"
#include "base/say.h"
#include "base/signals.h"
#include "base/start.h"
#include "format/ref.h"
#include "format/result.h"
#include "format/seen.h"
#include "job/tally.h"

enum {
	BLOCK = 64 << 10,
	DRAW_MS = 250,
	PACE = 30, /* s */
	SAMPLES = 32,
	BAR_MIN = 10,
	BAR_MAX = 50,
	EARLIER_MS = 1000
};

/* The parts of the text, in the order in which a narrow terminal loses them. */
enum { RATE = 1, LEFT = 2, COUNT = 4, FAILED = 8, ALL_PARTS = 15 };

static volatile sig_atomic_t asked;

struct progress {
	struct seen seen;
	uint64_t records, failed; /* so far; records includes failed */
	uint64_t earlier;	  /* of records, those done before this run */
	uint64_t bytes;
	uint64_t all_records, all_bytes; /* of the references; 0: not known */
	struct { /* of the last seconds: the speed follows from them */
		double at;
		uint64_t records; /* of this run */
	} sample[SAMPLES];
	unsigned samples;	    /* in all */
	int64_t began;		    /* ms since the Epoch */
	struct tally_writer *tally; /* or NULL */
	uint64_t passed;	    /* bytes of lines */
};

/* A file of lines, which may grow. */
struct lines {
	int fd;
	struct buf held;      /* the start of a line without its end yet */
	size_t fresh, passed; /* bytes after it, and those of them passed on */
	bool skips;	      /* to the end of a line that is too long */
};

static const char usage[] =
    "usage: bt-progress [-i seconds] [-r references] [--records n]\n"
    "           [--tally folder]\n";

static void
on_usr1(int signal)
{
	(void)signal;
	asked = 1;
}

static double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Whether the result is older than this run, as in a job that is resumed.  The
 * margin is for batches that begin while we do. */
static bool
is_earlier(const struct progress *p, const struct result *r)
{
	double start = result_number(r, "start");

	return start > 0 && start * 1e3 < (double)(p->began - EARLIER_MS);
}

/* Counts a result line, without its newline.  Ignores other lines, and lines of
 * records that were counted before and had not failed. */
static void
count_result(struct progress *p, struct span line)
{
	struct result r;
	struct news news;
	const char *why;

	if (result_parse(&r, line, &why) == -1) {
		if (p->tally != NULL)
			counter_give_up(p->tally->counter);
		return;
	}
	if (p->tally != NULL)
		counter_add(p->tally->counter, &r, line);
	news = seen_add(&p->seen, &r);
	p->records += news.records;
	if (is_earlier(p, &r))
		p->earlier += news.records;
	p->failed -= news.mended;
	if (!r.answered)
		p->failed += news.records;
	if (news.records > 0)
		p->bytes += r.ref.length;
}

/* Counts a reference as work to do. */
static void
count_ref(struct progress *p, struct span line)
{
	struct ref r;
	const char *why;

	if (ref_parse(&r, line, &why) == -1)
		return;
	p->all_records += r.count;
	p->all_bytes += r.length;
}

/* Remembers how far the run is now, in seconds since the start. */
static void
add_sample(struct progress *p, double now)
{
	unsigned i = p->samples++ % SAMPLES;

	p->sample[i].at = now;
	p->sample[i].records = p->records - p->earlier;
}

/* Records a second, since the oldest sample there is, or the start. */
static double
speed(const struct progress *p, double now)
{
	unsigned oldest = p->samples > SAMPLES ? p->samples % SAMPLES : 0;
	double at = p->samples > SAMPLES ? p->sample[oldest].at : 0;
	uint64_t had = p->samples > SAMPLES ? p->sample[oldest].records : 0;

	return now > at ? (double)(p->records - p->earlier - had) / (now - at)
			: 0;
}

/* The part of the work that is done; by bytes if they are known, because
 * records differ. */
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
	/* Bounded, because references may name any number of records. */
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

/* Adds these parts of "400 of 814 records (49%), 2301/s, 0 failed, 0:01 left".
 */
static void
add_parts(const struct progress *p, double now, unsigned parts, struct buf *b)
{
	double a_second = speed(p, now);
	double done = p->all_records > 0 ? share(p) : 0;
	const char *sep = "";

	if (parts & COUNT) {
		buf_addf(b, "%" PRIu64, p->records);
		if (p->all_records > 0)
			buf_addf(b, " of %" PRIu64 " records (%.0f%%)",
			    p->all_records, (double)(int)(100 * done));
		else
			buf_adds(b, " records");
		sep = ", ";
	}
	if (parts & RATE) {
		buf_adds(b, sep);
		add_speed(b, a_second);
		sep = ", ";
	}
	if (parts & FAILED) {
		buf_addf(b, "%s%" PRIu64 " failed", sep, p->failed);
		sep = ", ";
	}
	if (parts & LEFT && a_second > 0 && done > 0) {
		buf_adds(b, sep);
		add_time(b, (double)p->records * (1 - done) / done / a_second);
		buf_adds(b, " left");
	}
}

static void
add_text(const struct progress *p, double now, struct buf *b)
{
	add_parts(p, now, ALL_PARTS, b);
}

/* Adds the same for the end: "814 records, 400 of them earlier, 207/s, 0
 * failed, 0:02". */
static void
add_summary(const struct progress *p, double now, struct buf *b)
{
	buf_addf(b, "%" PRIu64 " records, ", p->records);
	if (p->earlier > 0)
		buf_addf(b, "%" PRIu64 " of them earlier, ", p->earlier);
	add_speed(b, now > 0 ? (double)(p->records - p->earlier) / now : 0);
	buf_addf(b, ", %" PRIu64 " failed, ", p->failed);
	add_time(b, now);
}

/* Adds the text after a bar, at most width columns in all: what does not fit is
 * left out, the bar first. */
static void
add_bar(const struct progress *p, double now, unsigned width, struct buf *b)
{
	struct buf text = { 0 };
	unsigned parts = ALL_PARTS, room, full, i;

	for (; parts != 0; parts &= parts - 1) {
		text.n = 0;
		add_parts(p, now, parts, &text);
		if (text.n <= width)
			break;
	}
	if (parts == 0)
		text.n = 0;
	room = width > text.n + 3 ? width - (unsigned)text.n - 3 : 0;
	if (room > BAR_MAX)
		room = BAR_MAX;
	if (p->all_records > 0 && parts == ALL_PARTS && room >= BAR_MIN) {
		full = (unsigned)(share(p) * room);
		buf_addc(b, '[');
		for (i = 0; i < room; i++)
			buf_addc(b, i < full ? '=' : i == full ? '>' : ' ');
		buf_adds(b, "] ");
	}
	buf_add(b, text.p, text.n);
	buf_free(&text);
}

/* Counts the whole lines held.  A line that is too long for a result is
 * skipped. */
static void
count(struct lines *l, struct progress *p,
    void (*each)(struct progress *, struct span))
{
	const char *at = l->held.p, *end = at + l->held.n, *nl;

	while (at < end && (nl = memchr(at, '\n', (size_t)(end - at)))) {
		if (!l->skips)
			each(p, (struct span){ at, (size_t)(nl - at) });
		l->skips = false;
		at = nl + 1;
	}
	l->held.n = (size_t)(end - at);
	if (l->held.n > 0)
		memmove(l->held.p, at, l->held.n);
	if (l->held.n > BLOCK) {
		l->held.n = 0;
		l->skips = true;
		if (p->tally != NULL)
			counter_give_up(p->tally->counter);
	}
}

/* Counts the references written so far. */
static void
read_refs(struct lines *refs, struct progress *p)
{
	ssize_t got;

	while (refs->fd != -1) {
		got = fd_read(refs->fd, buf_room(&refs->held, BLOCK), BLOCK);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			say_errno_exit(1, "references");
		if (got == 0)
			return;
		refs->held.n += (size_t)got;
		count(refs, p, count_ref);
	}
}

/* Whether standard error is a terminal, and we run in its background. */
static bool
is_background(void)
{
	pid_t shown = tcgetpgrp(STDERR_FILENO);

	return shown != -1 && shown != getpgrp();
}

/* Leaves the cursor at the start of the line, so that the message of another
 * program overwrites it.  Erases all below, because a terminal that was made
 * narrower has wrapped the last line. */
static void
draw(const struct progress *p, double now)
{
	struct buf b = { 0 };
	struct winsize w;
	unsigned columns = 80;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		columns = w.ws_col;
	buf_adds(&b, "\r\033[J");
	add_bar(p, now, columns - 1, &b);
	buf_addc(&b, '\r');
	if (write(STDERR_FILENO, b.p, b.n) == -1) {
		/* The drawing may fail; the lines matter. */
	}
	buf_free(&b);
}

static void
tell(const struct progress *p, double now,
    void (*text)(const struct progress *, double, struct buf *))
{
	struct buf b = { 0 };

	text(p, now, &b);
	say("%s", buf_str(&b));
	buf_free(&b);
}

/* Whether fd is ready for events, within a moment. */
static bool
ready(int fd, short events)
{
	struct pollfd f = { fd, events, 0 };

	return poll(&f, 1, DRAW_MS) > 0;
}

/*
 * Writes or reads once, or waits a moment for it; false at the end.  Counts
 * lines when they are written.  Writes only what a pipe that is ready takes at
 * once, so that the display stays current if the reader is slow.
 */
static bool
pass_on(struct lines *in, struct progress *p)
{
	size_t n = in->fresh - in->passed;
	ssize_t got;

	if (n > 0) {
		if (!ready(STDOUT_FILENO, POLLOUT))
			return true;
		got = write(STDOUT_FILENO, in->held.p + in->held.n + in->passed,
		    n < PIPE_BUF ? n : PIPE_BUF);
		if (got == -1 && errno != EINTR && errno != EAGAIN)
			say_errno_exit(1, "standard output");
		if (got > 0)
			in->passed += (size_t)got;
		if (in->passed == in->fresh) {
			in->held.n += in->fresh;
			p->passed += in->fresh;
			in->fresh = in->passed = 0;
			count(in, p, count_result);
		}
		return true;
	}
	if (!ready(STDIN_FILENO, POLLIN))
		return true;
	got = read(STDIN_FILENO, buf_room(&in->held, BLOCK), BLOCK);
	if (got == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got == -1)
		say_errno_exit(1, "standard input");
	in->fresh = (size_t)got;
	return got > 0;
}

static void
run(struct progress *p, struct lines *refs, double pace)
{
	struct lines in = { .fd = STDIN_FILENO };
	bool terminal = isatty(STDERR_FILENO), drawing = false;
	double start = seconds_now(), drawn = 0, told = 0, now = 0;

	while (pass_on(&in, p)) {
		now = seconds_now() - start;
		if (now - drawn < DRAW_MS / 1e3 && !asked)
			continue;
		drawn = now;
		read_refs(refs, p);
		add_sample(p, now);
		if (p->tally != NULL)
			tally_write(p->tally, p->passed, false);
		if (terminal && !is_background()) {
			draw(p, now);
			drawing = true;
		}
		if (asked || (!terminal && now - told >= pace)) {
			tell(p, now, add_text);
			asked = 0;
			told = now;
		}
	}
	buf_free(&in.held);
	if (p->tally != NULL)
		tally_write(p->tally, p->passed, true);
	if (terminal && is_background())
		return;
	if (drawing && write(STDERR_FILENO, "\r\033[J", 4) == -1) {
		/* as above */
	}
	tell(p, seconds_now() - start, add_summary);
}

enum { OPT_RECORDS = 256, OPT_TALLY };

static const struct option long_options[] = { { "interval", required_argument,
						  NULL, 'i' },
	{ "records", required_argument, NULL, OPT_RECORDS },
	{ "references", required_argument, NULL, 'r' },
	{ "tally", required_argument, NULL, OPT_TALLY }, OPTIONS_END };

int
main(int argc, char *argv[])
{
	struct lines refs = { .fd = -1 };
	struct progress p = { .began = isotime_now() };
	struct tally_writer tally;
	uint64_t pace = PACE;
	int ch;

	start_tool();
	signals_catch(SIGUSR1, on_usr1);
	/* Write messages from the background even if the terminal's tostop is
	 * set: the lines must not stop. */
	signal(SIGTTOU, SIG_IGN);
	while (
	    (ch = getopt_long(argc, argv, "i:r:h", long_options, NULL)) != -1)
		switch (ch) {
		case 'i':
			pace =
			    option_number("--interval", optarg, 1, UINT32_MAX);
			break;
		case OPT_RECORDS:
			p.all_records =
			    option_number("--records", optarg, 1, UINT32_MAX);
			break;
		case 'r':
			refs.fd = open(optarg, O_RDONLY | O_CLOEXEC);
			if (refs.fd == -1)
				say_errno_exit(1, "%s", optarg);
			break;
		case OPT_TALLY:
			tally_begin(&tally, optarg);
			p.tally = &tally;
			break;
		default:
			if (optopt == 'n')
				option_gone("-n", "use --records");
			option_other(ch, usage);
		}
	if (optind < argc)
		option_misuse(usage);
	if (isatty(STDIN_FILENO) && !is_background())
		say("reading result lines from the terminal; "
		    "bt-predict ... | bt-progress | bt-join");
	run(&p, &refs, (double)pace);
	if (p.tally != NULL)
		counter_free(tally.counter);
	seen_free(&p.seen);
	buf_free(&refs.held);
	if (close(STDOUT_FILENO) == -1)
		say_errno_exit(1, "standard output");
	return 0;
}
