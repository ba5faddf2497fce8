#include "predict/predict.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/hash.h"
#include "base/isotime.h"
#include "base/say.h"
#include "format/result.h"
#include "format/result_line.h"
#include "predict/hint.h"
#include "predict/partfile.h"
#include "predict/pipeline.h"
#include "predict/refs.h"
#include "predict/setup.h"

/* Results are written at least this often, in ns, and after a batch that took
 * longer than flush_long. */
static const uint64_t flush_every = 100000000, flush_long = 20000000;

/* If batches are only halved, at most as many pieces wait as a count has bits.
 */
enum { PIECES_HALVING = 64 + 2 };

/* References that are refused by name; the others are counted. */
enum { REFUSED_NAMED = 10 };

struct worker {
	const struct predict *pr;
	struct state *state;
	struct position pos;
	struct refs refs;
	struct partfile partfile;
	struct batch_reader *reader;
	struct pipeline *pipeline;
	struct outcome outcome;

	struct span text; /* the current reference, as given */
	struct ref ref;
	struct buf line, message;
	struct buf type; /* of the last reply, encoded */
	struct buf type_plain;
	uint64_t began, now, flushed; /* CLOCK_MONOTONIC, in ns */
	size_t last_why;	/* the hash of the last failure's reason */
	bool hinted, uncounted; /* said so */
};

/* Why a batch failed, and what to do about it. */
struct failure {
	const char *class; /* status= */
	struct span why;
	int64_t bad; /* index of the record to blame, or -1 */
	bool again;  /* try again */
	bool halve;  /* halve it even without --isolate */
	bool cut;    /* with --isolate, find the record */
	bool pause;  /* wait before the next try */
	uint64_t ms;
};

static void
load_models(struct worker *w)
{
	struct buf why = { 0 };
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	state_enter(w->state, PHASE_LOAD, clock_monotonic());
	w->pipeline = pipeline_new(w->pr, &w->state->stage, &why);
	if (w->pipeline == NULL)
		state_die(w->state, 255, "%s", buf_str(&why));
	state_enter(w->state, PHASE_OWN, 0);
	/* A model may have changed the folder that paths are relative to. */
	if (here != -1 && fchdir(here) == -1)
		state_die(
		    w->state, 1, "working directory: %s", strerror(errno));
	if (here != -1)
		close(here);
}

static void
complain(struct worker *w, struct span text, const char *why)
{
	int n = text.n < 200 ? (int)text.n : 200;

	if (w->pos.refused++ < REFUSED_NAMED)
		say("%.*s%s: %s", n, text.p, text.n > 200 ? "..." : "", why);
	w->pos.failed++;
}

/* Makes the next reference the current one; false if there is none. */
static bool
next_ref(struct worker *w)
{
	struct buf hint = { 0 };
	enum refs_got got;
	const char *why;

	for (;; refs_done(&w->refs, &w->pos)) {
		got = refs_peek(&w->refs, &w->pos, w->pos.lines == 0, &w->text);
		if (got == REFS_WAIT) {
			partfile_flush(&w->partfile, &w->pos);
			got = refs_peek(&w->refs, &w->pos, true, &w->text);
		}
		switch (got) {
		case REFS_REF:
			if (ref_parse(&w->ref, w->text, &why) == 0) {
				w->pos.busy = true;
				w->pos.piece =
				    piece_whole(&w->ref, 1 + w->pr->retries);
				return true;
			}
			hint_reference(&hint, w->text, why);
			complain(w, w->text, buf_str(&hint));
			buf_free(&hint);
			break;
		case REFS_LONG:
			complain(w, w->text,
			    "longer than 4095 bytes, the limit of a reference");
			break;
		case REFS_TORN:
			complain(w, w->text,
			    "the last line of standard input has no newline");
			break;
		case REFS_ERROR:
			state_die(
			    w->state, 1, "standard input: %s", strerror(errno));
		case REFS_WAIT:
		case REFS_END:
			return false;
		}
	}
}

/* Goes on to the next piece, after a reply or a failure. */
static void
end_piece(struct worker *w)
{
	if (w->pos.waiting > 0) {
		w->pos.piece = w->state->pieces[--w->pos.waiting];
	} else {
		w->pos.busy = false;
		refs_done(&w->refs, &w->pos);
	}
	state_commit(w->state, &w->pos);
}

/* Begins a result line with its first column and a tab. */
static void
begin_line(struct worker *w)
{
	struct ref r;

	w->line.n = 0;
	if (w->pos.piece.whole)
		buf_add(&w->line, w->text.p, w->text.n);
	else {
		r = piece_ref(&w->pos.piece, &w->ref);
		ref_add(&w->line, &r);
	}
	buf_addc(&w->line, '\t');
}

static void
add_keys(struct worker *w, uint64_t ms, uint64_t bytes)
{
	struct result_keys keys = { .start = w->pos.start,
		.ms = ms,
		.tries = w->pos.piece.tries,
		.worker = w->pr->worker,
		.bytes = bytes };

	buf_addc(&w->line, '\t');
	result_add_keys(&w->line, &keys);
	if (w->pipeline != NULL)
		pipeline_add_uses(w->pipeline, &w->line);
	result_add_sum(&w->line);
}

/* Of a model that copies its input, it is that of the range. */
static uint32_t
reply_crc32c(const struct batch *b, struct span reply)
{
	if (b->ref.has_crc32c && reply.p == b->body.p &&
	    reply.n == b->ref.length && b->body.n == reply.n)
		return b->ref.crc32c;
	return crc32c(0, reply.p, reply.n);
}

static void
add_reply_ref(struct worker *w, const struct batch *b, const struct outcome *o,
    uint64_t offset)
{
	struct ref r = { .offset = offset,
		.length = o->reply.n,
		.first = w->pos.part_records,
		.count = o->predictions,
		.split = o->whole ? REF_NONE : REF_LINE,
		.keeps_newlines = o->keeps_newlines,
		.has_crc32c = true,
		.crc32c = reply_crc32c(b, o->reply) };

	if (!span_is(buf_span(&w->type_plain), o->type)) {
		w->type_plain.n = w->type.n = 0;
		buf_adds(&w->type_plain, o->type);
		ref_encode(&w->type, buf_span(&w->type_plain));
	}
	r.path = buf_span(&w->partfile.name);
	r.type = buf_span(&w->type);
	ref_add(&w->line, &r);
}

/* Reports the failure in the piece's result line and in a message. */
static void
give_up(struct worker *w, const struct failure *f)
{
	struct buf *m = &w->message;
	struct span object;
	const char *name;
	size_t i;

	m->n = 0;
	piece_place(m, &w->pos.piece, w->reader, f->bad);
	buf_adds(m, ": ");
	buf_add(m, f->why.p, f->why.n);
	for (i = 0; i < m->n; i++)
		if (m->p[i] == '\n')
			m->p[i] = ' ';
	begin_line(w);
	buf_addc(&w->line, '!');
	add_keys(w, f->ms, w->pos.piece.length);
	if (result_add_error(&w->line, f->class, buf_span(m)) == 0) {
		buf_addc(&w->line, '\n');
		partfile_line(&w->partfile, &w->pos, buf_span(&w->line));
	}
	name = batch_object(w->reader, &w->ref);
	object = name != NULL ? span_str(name) : w->ref.path;
	say("%.*s: %.*s", (int)object.n, object.p, (int)m->n, m->p);
	w->pos.failed++;
	end_piece(w);
}

/* Says, once, that replies are not counted. */
static void
tell_uncounted(struct worker *w)
{
	const char *asked = w->pr->accept;

	if (w->uncounted)
		return;
	w->uncounted = true;
	if (asked != NULL && type_skips_blank(type_kind(span_str(asked))))
		say("a reply is %s and does not have the form of %s: it is not "
		    "counted, as with --no-count",
		    w->outcome.type, asked);
	else
		say("replies of %s are not counted: if each line is a "
		    "prediction, give --accept text/csv or "
		    "application/jsonlines, otherwise --no-count",
		    w->outcome.type);
}

/* Keeps the model's reply. */
static void
finish(struct worker *w, const struct batch *b)
{
	const struct outcome *o = &w->outcome;
	static const char long_line[] =
	    "its result line would be longer than 4096 bytes";
	struct failure f = { .class = "line",
		.why = { long_line, sizeof long_line - 1 },
		.bad = -1 };
	uint64_t at =
	    partfile_reply(&w->partfile, &w->pos, o->reply.p, o->reply.n);

	begin_line(w);
	add_reply_ref(w, b, o, at);
	f.ms = (w->now - w->began + 500000) / 1000000;
	add_keys(w, f.ms, o->request);
	buf_addc(&w->line, '\n');
	/* The reply stays in the part file, but nothing refers to it. */
	if (w->line.n > REF_MAX) {
		give_up(w, &f);
		return;
	}
	partfile_line(&w->partfile, &w->pos, buf_span(&w->line));
	if (o->uncounted)
		tell_uncounted(w);
	w->pos.part_records += o->predictions;
	end_piece(w);
}

/*
 * Halves the current piece; or, if the plugin has named a record, makes that
 * record a piece of its own, which runs again, as plugins may name the wrong
 * one.
 */
static void
divide(struct worker *w, const struct failure *f, const struct batch *b)
{
	size_t bad = (size_t)f->bad, ends[4] = { 0 }, n = 1, i;
	struct piece pieces[3];
	unsigned tries;

	if (f->cut && f->bad >= 0 && bad < b->count &&
	    w->pos.waiting + PIECES_HALVING < STATE_PIECES) {
		if (bad > 0)
			ends[n++] = bad;
		if (bad + 1 < b->count)
			ends[n++] = bad + 1;
	} else
		ends[n++] = b->count / 2;
	ends[n] = b->count;
	for (i = 0; i < n; i++) {
		/* A piece that is divided if it fails needs no second try. */
		tries = f->cut && ends[i + 1] - ends[i] > 1
			    ? 1
			    : 1 + w->pr->retries;
		pieces[i] = piece_cut(
		    &w->pos.piece, w->reader, ends[i], ends[i + 1], tries);
	}
	while (n-- > 1)
		w->state->pieces[w->pos.waiting++] = pieces[n];
	w->pos.piece = pieces[0];
	state_commit(w->state, &w->pos);
}

static void
fail(struct worker *w, const struct failure *f, const struct batch *b)
{
	struct timespec pause = { 0, 100000000 };
	unsigned tries = w->pos.piece.tries;

	if (f->again && tries < w->pos.piece.most) {
		if (!f->pause)
			return;
		partfile_flush(&w->partfile, &w->pos);
		for (; tries > 1 && pause.tv_nsec < 800000000; tries--)
			pause.tv_nsec *= 2;
		nanosleep(&pause, NULL);
	} else if (b != NULL && b->count > 1 &&
		   (f->halve || (f->cut && w->pr->isolate)))
		divide(w, f, b);
	else
		give_up(w, f);
}

static const struct batch *
load_batch(struct worker *w)
{
	struct ref r = piece_ref(&w->pos.piece, &w->ref);
	struct failure f = { .class = "input", .bad = -1 };
	struct buf why = { 0 };
	const struct batch *b = batch_load(w->reader, &r, &why);

	if (b == NULL) {
		f.why = buf_span(&why);
		w->pos.start = (uint64_t)isotime_now();
		fail(w, &f, NULL);
	}
	buf_free(&why);
	return b;
}

/* The death of the last worker is a failure of the current batch. */
static void
settle_death(struct worker *w)
{
	struct state *state = w->state;
	struct failure f = { .class = state->died_class,
		.why = { state->died_why, strlen(state->died_why) },
		.bad = -1,
		.again = true,
		.cut = true,
		.ms = state->died_after };
	const struct batch *b;

	state->died = false;
	if (state->died_late) {
		w->pos.piece.tries -= w->pos.piece.tries > 0;
		return;
	}
	/* It counts as a try even if the model was not called: tries must end.
	 */
	if (w->pos.piece.tries == 0) {
		w->pos.piece.tries = 1;
		w->pos.start = (uint64_t)isotime_now();
	}
	b = load_batch(w);
	if (b != NULL)
		fail(w, &f, b);
}

/* Turns the model's status into a failure. */
static void
refuse(struct worker *w, const struct batch *b)
{
	const struct outcome *o = &w->outcome;
	struct failure f = { .why = buf_span(&o->why),
		.bad = o->bad,
		.ms = (w->now - w->began + 500000) / 1000000 };
	size_t why = hash_span(f.why);
	char class[12];

	snprintf(class, sizeof class, "%d", o->status);
	f.class = o->status == PIPELINE_COUNT ? "count" : class;
	f.again = o->status == BT_MODEL_ERROR || o->status == BT_RETRY;
	f.pause = o->status == BT_RETRY;
	f.halve = o->status == BT_TOO_LARGE;
	f.cut =
	    f.again || o->status == BT_BAD_INPUT || o->status == PIPELINE_COUNT;
	if (o->status == BT_MODEL_ERROR && w->pos.piece.tries > 1 &&
	    why == w->last_why && !w->hinted) {
		say("the same error at the second try: "
		    "--invocations-max-retries 0 saves such tries");
		w->hinted = true;
	}
	w->last_why = why;
	fail(w, &f, b);
}

static void
run(struct worker *w, const struct batch *b)
{
	w->pos.start = (uint64_t)isotime_now();
	w->pos.piece.tries++;
	state_commit(w->state, &w->pos);
	w->began = clock_monotonic();
	state_enter(w->state, PHASE_RUN, w->began);
	pipeline_run(w->pipeline, b, &w->outcome);
	state_leave(w->state);
	w->pos = *state_position(w->state);
	w->now = clock_monotonic();
	if (w->outcome.status == BT_OK)
		finish(w, b);
	else
		refuse(w, b);
	if (w->now - w->began > flush_long ||
	    w->now - w->flushed > flush_every) {
		partfile_flush(&w->partfile, &w->pos);
		w->flushed = w->now;
	}
}

static void
worker_begin(struct worker *w, const struct predict *pr, struct state *state)
{
	memset(w, 0, sizeof *w);
	w->pr = pr;
	w->state = state;
	w->pos = *state_position(state);
	w->refs.state = w->partfile.state = state;
	w->refs.arguments = *pr->refs != NULL ? pr->refs : NULL;
	w->refs.fd = setup_input(state);
	w->partfile.dir = pr->out;
	w->partfile.worker = pr->worker;
	w->partfile.fd = -1;
	/* If a worker ended between writing lines and storing that, the next
	 * one would write them again. */
	state_signals(&w->partfile.held);
	w->partfile.out = setup_output(state);
	w->reader = batch_reader_new();
	state_enter(state, PHASE_OWN, 0);
	setup_environment(pr);
	if (partfile_reopen(&w->partfile, &w->pos) == -1)
		partfile_die(&w->partfile);
	refs_recover(&w->refs, &w->pos);
}

void
worker_run(const struct predict *pr, struct state *state)
{
	const struct batch *b;
	const char *why;
	struct worker w;

	worker_begin(&w, pr, state);
	partfile_flush(&w.partfile, &w.pos); /* from an earlier worker */
	if (w.pos.busy) {
		if (refs_peek(&w.refs, &w.pos, true, &w.text) != REFS_REF ||
		    ref_parse(&w.ref, w.text, &why) == -1)
			state_die(state, 1, "the current batch was lost");
		if (state->died)
			settle_death(&w);
	}
	while (w.pos.busy || next_ref(&w)) {
		if (w.pipeline == NULL)
			load_models(&w);
		b = load_batch(&w);
		if (b != NULL)
			run(&w, b);
	}
	partfile_flush(&w.partfile, &w.pos);
	if (w.pos.refused > REFUSED_NAMED)
		say("%" PRIu64 " more of these; bt-split FILE makes references",
		    w.pos.refused - REFUSED_NAMED);
	atomic_store(&state->verdict, (w.pos.failed > 0) + 1);
	if (w.pipeline != NULL) {
		state_enter(state, PHASE_CLOSE, clock_monotonic());
		pipeline_close(w.pipeline);
	}
	fflush(stdout); /* the model's */
	_exit(w.pos.failed > 0);
}
