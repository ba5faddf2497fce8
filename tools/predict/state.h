/*
 * The memory that bt-predict's two processes share.
 *
 * The worker runs batches and writes down here what it does; the supervisor
 * reads it when a worker has died, and the next worker goes on from it.  No
 * message passes between them while all is well.
 *
 * What must change together is struct position: the worker works on a copy of
 * its own and puts it in place as a whole (state_commit), so that a worker
 * killed at any moment leaves the state before or the state after, and bytes
 * beyond a state's counts mean nothing.
 */
#ifndef PREDICT_STATE_H
#define PREDICT_STATE_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/span.h"
#include "predict/piece.h"

enum {
	STATE_INPUT = 1 << 16, /* bytes of standard input at a time */
	STATE_LINES = 1 << 16,
	STATE_REPLIES = 1 << 18,
	STATE_PIECES = 256, /* pieces of one batch that wait */
	STATE_PATH = 4096,
	STATE_TEXT = 1024
};

struct position {
	/* Where the reader stands. */
	size_t argument;
	unsigned side; /* which of the two input buffers is in use */
	size_t input_at, input_end;
	bool input_over;

	/* The reference in hand is the reader's next one, until it is done. */
	bool busy;
	struct piece piece;
	size_t waiting; /* pieces[] that come after it, the last one first */
	uint64_t start; /* of the try, in ms since the Epoch */

	/* What is finished and not yet written out. */
	size_t replies, lines, lines_sent; /* bytes */
	bool part_made; /* in S3: it has a name, and is not stored */
	/* Where standard output is a regular file that is being written to: its
	 * size before, and what it is to be. */
	uint64_t out_before, out_after;
	uint64_t part_length; /* bytes of the part file that count */
	uint64_t part_records;

	uint64_t failed; /* batches and references */
};

/* PHASE_SPILL: the worker is in a call, and the supervisor writes out for it
 * what is finished. */
enum phase {
	PHASE_OWN,
	PHASE_LOAD,
	PHASE_RUN,
	PHASE_SPILL,
	PHASE_WRITE,
	PHASE_CLOSE
};

struct state {
	struct position positions[2];
	atomic_uint turn; /* which of them holds */

	/* For the supervisor's clock: what the worker is at, since when
	 * (CLOCK_MONOTONIC, in ns), and which call it is. */
	atomic_int phase;
	atomic_ullong since;
	atomic_ullong call;
	atomic_int stage; /* which of the models, from 0 */

	/* The worker ends the run with this status, +1; 0: it was not asked. */
	atomic_int verdict;

	atomic_bool stopping; /* the worker ends before its next write */

	/* Set by the supervisor: how the last worker ended. */
	bool died;
	bool died_late;		/* the batch in hand is not to blame */
	uint64_t died_after;	/* ms */
	const char *died_class; /* a constant of both processes */
	char died_why[STATE_TEXT];

	char part[STATE_PATH];
	struct piece pieces[STATE_PIECES];
	char input[2][STATE_INPUT + 1]; /* NUL after what was read */
	char lines[STATE_LINES];
	char replies[STATE_REPLIES];
};

/* A region for this process and its children; ends the process if there is no
 * memory for it. */
struct state *state_new(void);

/* The state that holds, and a new one in its place. */
const struct position *state_position(struct state *state);
void state_commit(struct state *state, const struct position *pos);

/* The worker begins a phase; time is CLOCK_MONOTONIC's, in ns. */
void state_enter(struct state *state, enum phase phase, uint64_t time);

/* The signals that end a run. */
void state_signals(sigset_t *set);

uint64_t clock_monotonic(void); /* ns */
uint64_t clock_epoch(void);	/* ms */

/*
 * The worker's call is over: what was written out meanwhile is in the state
 * that holds.  Waits where the supervisor is at it.
 */
void state_leave(struct state *state);

/* Ends this process, and the run, with status, after "bt-predict: ..." */
_Noreturn void state_die(struct state *state, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
