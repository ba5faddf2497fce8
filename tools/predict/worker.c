#include "predict/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/say.h"
#include "format/result.h"
#include "format/result_line.h"
#include "predict/partfile.h"
#include "predict/pipeline.h"
#include "predict/refs.h"
#include "predict/setup.h"

/* Results are written out at least this often, in ns, and after a batch that
 * took long. */
static const uint64_t flush_every = 100000000, flush_long = 20000000;

/* Halving alone never has more pieces wait than a count has bits. */
enum { PIECES_HALVING = 64 + 2 };

struct worker {
	const struct predict *pr;
	struct shared *sh;
	struct state st;
	struct intake intake;
	struct part part;
	struct payloads *payloads;
	struct chain *chain;
	struct outcome outcome;

	struct span text; /* the reference in hand, as it was given */
	struct ref ref;
	struct buf line, message;
	struct buf type; /* of the last reply, encoded */
	struct buf type_plain;
	uint64_t began, now, flushed; /* CLOCK_MONOTONIC, in ns */
};

/* Why a batch failed, for its result line and for what happens next. */
struct failure {
	const char *class; /* status= */
	struct span why;
	int64_t bad; /* index of the record to blame, or -1 */
	bool again;  /* it may work if tried again */
	bool halve;  /* smaller batches may work, whatever was asked for */
	bool cut;    /* smaller batches show which record it is */
	bool pause;  /* not at once */
	uint64_t ms;
};

static void
load_models(struct worker *w)
{
	struct buf why = { 0 };
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	shared_enter(w->sh, PHASE_LOAD, clock_monotonic());
	w->chain = chain_new(w->pr, &w->sh->stage, &why);
	if (w->chain == NULL)
		shared_die(w->sh, 255, "%s", buf_str(&why));
	shared_enter(w->sh, PHASE_OWN, 0);
	/* References and the part file are relative to where we began. */
	if (here != -1 && fchdir(here) == -1)
		shared_die(w->sh, 1, "working directory: %s", strerror(errno));
	if (here != -1)
		close(here);
}

static void
complain(struct worker *w, struct span text, const char *why)
{
	int n = text.n < 200 ? (int)text.n : 200;

	say("%.*s%s: %s", n, text.p, text.n > 200 ? "..." : "", why);
	w->st.failed++;
}

/* The reference in hand, after a crash; the reader has it still. */
static void
take_up(struct worker *w)
{
	const char *why;

	if (intake_peek(&w->intake, &w->st, true, &w->text) != INTAKE_REF ||
	    ref_parse(&w->ref, w->text, &why) == -1)
		shared_die(w->sh, 1, "the batch in hand was lost");
}

static enum intake_got
peek(struct worker *w)
{
	bool waits = w->st.lines > 0;
	enum intake_got got = intake_peek(&w->intake, &w->st, !waits, &w->text);

	if (got != INTAKE_WAIT)
		return got;
	part_flush(&w->part, &w->st);
	return intake_peek(&w->intake, &w->st, true, &w->text);
}

/* Takes the next reference in hand; false at their end. */
static bool
take(struct worker *w)
{
	const char *why;

	for (;; intake_done(&w->intake, &w->st)) {
		switch (peek(w)) {
		case INTAKE_REF:
			if (ref_parse(&w->ref, w->text, &why) == 0) {
				w->st.busy = true;
				w->st.piece =
				    piece_whole(&w->ref, 1 + w->pr->retries);
				return true;
			}
			complain(w, w->text, why);
			break;
		case INTAKE_LONG:
			complain(w, w->text,
			    "longer than a reference may be, 4095 bytes");
			break;
		case INTAKE_TORN:
			complain(w, w->text,
			    "the last line of standard input has no newline");
			break;
		case INTAKE_ERROR:
			shared_die(
			    w->sh, 1, "standard input: %s", strerror(errno));
		case INTAKE_WAIT:
		case INTAKE_END:
			return false;
		}
	}
}

/* The piece in hand is done, one way or the other. */
static void
put_down(struct worker *w)
{
	if (w->st.waiting > 0) {
		w->st.piece = w->sh->pieces[--w->st.waiting];
	} else {
		w->st.busy = false;
		intake_done(&w->intake, &w->st);
	}
	shared_commit(w->sh, &w->st);
}

/* The line's first column, and a tab. */
static void
begin_line(struct worker *w)
{
	struct ref r;

	w->line.n = 0;
	if (w->st.piece.whole)
		buf_add(&w->line, w->text.p, w->text.n);
	else {
		r = piece_ref(&w->st.piece, &w->ref);
		ref_add(&w->line, &r);
	}
	buf_addc(&w->line, '\t');
}

static void
add_keys(struct worker *w, uint64_t ms, uint64_t bytes)
{
	struct result_keys keys = { .start = w->st.start,
		.ms = ms,
		.tries = w->st.piece.tries,
		.worker = w->pr->worker,
		.bytes = bytes };

	buf_addc(&w->line, '\t');
	result_add_keys(&w->line, &keys);
	result_add_sum(&w->line);
}

static struct span
encoded_type(struct worker *w, const char *type)
{
	struct span s = { type, strlen(type) };

	if (w->type_plain.n != s.n || memcmp(w->type_plain.p, type, s.n) != 0) {
		w->type_plain.n = w->type.n = 0;
		buf_add(&w->type_plain, type, s.n);
		ref_encode(&w->type, s);
	}
	return buf_span(&w->type);
}

static void
add_reply_ref(struct worker *w, const struct outcome *o, uint64_t offset)
{
	struct ref r = { .offset = offset,
		.length = o->reply.n,
		.first = w->st.part_records,
		.count = o->predictions,
		.split = o->whole ? REF_NONE : REF_LINE,
		.keeps_newlines = o->keeps_newlines,
		.has_crc32c = true,
		.crc32c = crc32c(0, o->reply.p, o->reply.n) };

	r.path = buf_span(&w->part.name);
	r.type = encoded_type(w, o->type);
	ref_add(&w->line, &r);
}

/* "PLACE: WHY", in one line. */
static struct span
make_message(struct worker *w, const struct failure *f)
{
	size_t i;

	w->message.n = 0;
	piece_place(&w->message, &w->st.piece, w->payloads, f->bad);
	buf_adds(&w->message, ": ");
	buf_add(&w->message, f->why.p, f->why.n);
	for (i = 0; i < w->message.n; i++)
		if (w->message.p[i] == '\n')
			w->message.p[i] = ' ';
	return buf_span(&w->message);
}

/* The object's name, or as it is written where that stands for none. */
static struct span
object_name(struct worker *w)
{
	const char *name = payload_object(w->payloads, &w->ref);

	return name != NULL ? (struct span){ name, strlen(name) } : w->ref.path;
}

/* No reply: the piece's line says so, and a message. */
static void
give_up(struct worker *w, const struct failure *f)
{
	struct span text = make_message(w, f), object;

	begin_line(w);
	buf_addc(&w->line, '!');
	add_keys(w, f->ms, w->st.piece.length);
	if (result_add_error(&w->line, f->class, text) == 0) {
		buf_addc(&w->line, '\n');
		part_line(&w->part, &w->st, buf_span(&w->line));
	}
	object = object_name(w);
	say("%.*s: %.*s", (int)object.n, object.p, (int)text.n, text.p);
	w->st.failed++;
	put_down(w);
}

/* The model answered. */
static void
finish(struct worker *w)
{
	const struct outcome *o = &w->outcome;
	static const char long_line[] =
	    "its result line would be longer than 4096 bytes";
	struct failure f = { .class = "line",
		.why = { long_line, sizeof long_line - 1 },
		.bad = -1 };
	uint64_t at = part_reply(&w->part, &w->st, o->reply.p, o->reply.n);

	begin_line(w);
	add_reply_ref(w, o, at);
	f.ms = (w->now - w->began + 500000) / 1000000;
	add_keys(w, f.ms, o->request);
	buf_addc(&w->line, '\n');
	/* The reply stays in the part file, and nothing refers to it. */
	if (w->line.n > REF_MAX) {
		give_up(w, &f);
		return;
	}
	part_line(&w->part, &w->st, buf_span(&w->line));
	w->st.part_records += o->predictions;
	put_down(w);
}

/* A piece of several records that fails is halved again: once is enough. */
static unsigned
tries_of(const struct worker *w, const struct failure *f, size_t count)
{
	return f->cut && count > 1 ? 1 : 1 + w->pr->retries;
}

/*
 * Halves the piece in hand; or, where the plugin has named a record, makes
 * that one a piece of its own.  It runs again alone: names may be wrong.
 */
static void
divide(struct worker *w, const struct failure *f, const struct payload *p)
{
	size_t bad = (size_t)f->bad, ends[4] = { 0 }, n = 1, i;
	struct piece pieces[3];

	if (f->cut && f->bad >= 0 && bad < p->count &&
	    w->st.waiting + PIECES_HALVING < SHARED_PIECES) {
		if (bad > 0)
			ends[n++] = bad;
		if (bad + 1 < p->count)
			ends[n++] = bad + 1;
	} else
		ends[n++] = p->count / 2;
	ends[n] = p->count;
	for (i = 0; i < n; i++)
		pieces[i] = piece_cut(&w->st.piece, w->payloads, ends[i],
		    ends[i + 1], tries_of(w, f, ends[i + 1] - ends[i]));
	while (n-- > 1)
		w->sh->pieces[w->st.waiting++] = pieces[n];
	w->st.piece = pieces[0];
	shared_commit(w->sh, &w->st);
}

static void
wait_before_retry(unsigned tries)
{
	struct timespec ts = { 0, 100000000 };

	for (; tries > 1 && ts.tv_nsec < 800000000; tries--)
		ts.tv_nsec *= 2;
	nanosleep(&ts, NULL);
}

static void
fail(struct worker *w, const struct failure *f, const struct payload *p)
{
	if (f->again && w->st.piece.tries < w->st.piece.most) {
		if (f->pause) {
			part_flush(&w->part, &w->st);
			wait_before_retry(w->st.piece.tries);
		}
	} else if (p != NULL && p->count > 1 &&
		   (f->halve || (f->cut && w->pr->isolate)))
		divide(w, f, p);
	else
		give_up(w, f);
}

static void
fail_input(struct worker *w, struct span why)
{
	struct failure f = { .class = "input", .why = why, .bad = -1 };

	w->st.start = clock_epoch();
	fail(w, &f, NULL);
}

static const struct payload *
load_payload(struct worker *w)
{
	struct ref r = piece_ref(&w->st.piece, &w->ref);
	struct buf why = { 0 };
	const struct payload *p = payload_load(w->payloads, &r, &why);

	if (p == NULL)
		fail_input(w, buf_span(&why));
	buf_free(&why);
	return p;
}

/* What the last worker died of is the failure of the batch in hand. */
static void
settle_death(struct worker *w)
{
	struct shared *sh = w->sh;
	struct failure f = { .class = sh->died_class,
		.why = { sh->died_why, strlen(sh->died_why) },
		.bad = -1,
		.again = true,
		.cut = true,
		.ms = sh->died_after };
	const struct payload *p;

	sh->died = false;
	if (sh->died_late) {
		w->st.piece.tries -= w->st.piece.tries > 0;
		return;
	}
	/* It may have died before the model was called, but not for ever. */
	if (w->st.piece.tries == 0) {
		w->st.piece.tries = 1;
		w->st.start = clock_epoch();
	}
	p = load_payload(w);
	if (p != NULL)
		fail(w, &f, p);
}

/* The model said no. */
static void
refuse(struct worker *w, const struct payload *p)
{
	const struct outcome *o = &w->outcome;
	struct failure f = { .why = buf_span(&o->why),
		.bad = o->bad,
		.ms = (w->now - w->began + 500000) / 1000000 };
	char class[12];

	snprintf(class, sizeof class, "%d", o->status);
	f.class = o->status == CHAIN_COUNT ? "count" : class;
	f.again = o->status == BT_MODEL_ERROR || o->status == BT_RETRY;
	f.pause = o->status == BT_RETRY;
	f.halve = o->status == BT_TOO_LARGE;
	f.cut =
	    f.again || o->status == BT_BAD_INPUT || o->status == CHAIN_COUNT;
	fail(w, &f, p);
}

static void
run(struct worker *w, const struct payload *p)
{
	w->st.start = clock_epoch();
	w->st.piece.tries++;
	shared_commit(w->sh, &w->st);
	w->began = clock_monotonic();
	shared_enter(w->sh, PHASE_RUN, w->began);
	chain_run(w->chain, p, &w->outcome);
	shared_leave(w->sh);
	w->st = *shared_state(w->sh);
	w->now = clock_monotonic();
	if (w->outcome.status == BT_OK)
		finish(w);
	else
		refuse(w, p);
	if (w->now - w->began > flush_long ||
	    w->now - w->flushed > flush_every) {
		part_flush(&w->part, &w->st);
		w->flushed = w->now;
	}
}

static void
attempt(struct worker *w)
{
	const struct payload *p;

	if (w->chain == NULL)
		load_models(w);
	p = load_payload(w);
	if (p != NULL)
		run(w, p);
}

static void
worker_begin(struct worker *w, const struct predict *pr, struct shared *sh)
{
	memset(w, 0, sizeof *w);
	w->pr = pr;
	w->sh = sh;
	w->st = *shared_state(sh);
	w->intake.sh = w->part.sh = sh;
	w->intake.refs = *pr->refs != NULL ? pr->refs : NULL;
	w->intake.fd = surroundings_input(sh);
	w->part.dir = pr->out;
	w->part.worker = pr->worker;
	w->part.fd = -1;
	/* Ended between a write and its note, it would be written again. */
	shared_signals(&w->part.held);
	w->part.out = surroundings_output(sh);
	w->payloads = payloads_new();
	shared_enter(sh, PHASE_OWN, 0);
	surroundings_environment(pr);
	if (part_reopen(&w->part, &w->st) == -1)
		part_die(&w->part);
	intake_recover(&w->intake, &w->st);
}

void
worker_run(const struct predict *pr, struct shared *sh)
{
	struct worker w;

	worker_begin(&w, pr, sh);
	part_flush(&w.part, &w.st); /* what a worker before has left */
	if (w.st.busy) {
		take_up(&w);
		if (sh->died)
			settle_death(&w);
	}
	while (w.st.busy || take(&w))
		attempt(&w);
	part_flush(&w.part, &w.st);
	atomic_store(&sh->verdict, (w.st.failed > 0) + 1);
	if (w.chain != NULL) {
		shared_enter(sh, PHASE_CLOSE, clock_monotonic());
		chain_close(w.chain);
	}
	fflush(stdout); /* the model's */
	_exit(w.st.failed > 0);
}
