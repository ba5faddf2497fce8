/*
 * The memory that bt-predict's two processes share.
 *
 * The worker runs batches and stores its progress here.  If it dies, the
 * supervisor reads the progress, and the next worker continues from there.  The
 * processes have no other way to communicate.
 *
 * A worker may be killed at any instruction.  So the members that must change
 * together are in struct position, which exists twice: the worker changes a
 * copy of its own and state_commit puts it in place as a whole.  The buffers
 * at the end of struct state hold what a position counts; bytes beyond its
 * counts mean nothing.
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
	STATE_PIECES = 256, /* waiting pieces of one batch */
	STATE_PATH = 4096,
	STATE_TEXT = 1024
};

struct position {
	/* The next reference. */
	size_t argument;
	unsigned side; /* which of the two input buffers is in use */
	size_t input_at, input_end;
	bool input_over;

	/* The current batch; its reference is the next one until it is done. */
	bool busy;
	struct piece piece;
	size_t waiting; /* pieces[] that come after it, the last one first */
	uint64_t start; /* of the try, in ms since the Epoch */

	/* What is finished and not yet written. */
	size_t replies, lines, lines_sent; /* bytes */
	bool part_made; /* the part file has a name; in S3, and is not stored */
	/* If standard output is a regular file that the worker is writing to:
	 * its size before and after. */
	uint64_t out_before, out_after;
	uint64_t part_length; /* bytes of the part file that count */
	uint64_t part_records;

	uint64_t failed;  /* batches and references */
	uint64_t refused; /* of these, references */
};

/* What the worker is doing.  PHASE_RUN: it is in a call of the model.
 * PHASE_SPILL: the same, while the supervisor writes what is finished. */
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
	atomic_uint turn; /* which of them is in place */

	/* For the supervisor's clock: the worker's phase, when it began
	 * (CLOCK_MONOTONIC, in ns), and the number of the call. */
	atomic_int phase;
	atomic_ullong since;
	atomic_ullong call;
	atomic_int stage; /* which of the models, from 0 */

	/* The exit status of the run, +1, when the worker ends it; until then
	 * 0. */
	atomic_int verdict;

	atomic_bool stopping; /* the worker must end before its next write */

	/* Set by the supervisor: how the last worker ended. */
	bool died;
	bool died_late;		/* the current batch is not to blame */
	uint64_t died_after;	/* ms */
	const char *died_class; /* a string constant */
	char died_why[STATE_TEXT];

	char part[STATE_PATH];
	struct piece pieces[STATE_PIECES];
	char input[2][STATE_INPUT + 1]; /* NUL after what was read */
	char lines[STATE_LINES];
	char replies[STATE_REPLIES];
};

/* Memory that this process shares with its children; ends the process if there
 * is none. */
struct state *state_new(void);

/* The position that is in place, and another to put there. */
const struct position *state_position(struct state *state);
void state_commit(struct state *state, const struct position *pos);

/* The worker begins a phase; time is CLOCK_MONOTONIC's, in ns. */
void state_enter(struct state *state, enum phase phase, uint64_t time);

/* The signals that end a run. */
void state_signals(sigset_t *set);

uint64_t clock_monotonic(void); /* ns */

/* Ends PHASE_RUN.  Waits for the supervisor if it is writing; the position in
 * place then counts what it has written. */
void state_leave(struct state *state);

/* Ends this process, and the run, with status, after "bt-predict: ..." */
_Noreturn void state_die(struct state *state, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
