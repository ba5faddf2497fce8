/*
 * A part file, DIR/HOST-PID[-N].part: the replies of one bt-predict, one
 * after the other, and the result lines that tell of them.  Both gather in
 * the shared memory; replies are in the file before their lines are printed.
 *
 * Nothing can be added to an object of S3: where DIR is s3://, what has
 * gathered becomes an object of its own each time, DIR/HOST-PID-TOKEN-N.part.
 */
#ifndef PREDICT_PARTFILE_H
#define PREDICT_PARTFILE_H

#include <signal.h>

#include "base/buf.h"
#include "predict/state.h"

struct part {
	struct shared *sh;
	const char *dir, *worker;
	int fd;			  /* -1: not open */
	int out;		  /* where lines go */
	struct buf name;	  /* the file's path, encoded for references */
	unsigned long long token; /* this process's own */
	unsigned objects;
	bool hurried;	   /* lines that no reader makes room for stay */
	sigset_t held;	   /* signals that wait while lines are written */
	const char *wrong; /* the file that failed */
};

/* The file that st names is opened, and what is past its counted length is
 * cut off.  Returns 0, or -1 and errno, with p->wrong the file it is about. */
int part_reopen(struct part *p, const struct state *st);

/* Ends the process with that. */
_Noreturn void part_die(const struct part *p);

/*
 * Adds a reply of n bytes to st: into the shared memory, or straight to the
 * file.  Returns its offset in the part file.  It counts once st is committed.
 * Errors of the file end the process.
 */
uint64_t part_reply(
    struct part *p, struct state *st, const char *reply, size_t n);

/* Adds a line of at most REF_MAX bytes, its newline included. */
void part_line(struct part *p, struct state *st, struct span line);

/* Writes out what waits and commits st.  Returns 0, or -1 and errno, with
 * p->wrong the file that it is about, and the rest still waiting in st. */
int part_spill(struct part *p, struct state *st);

/* The same with all of it, in PHASE_WRITE; errors end the process. */
void part_flush(struct part *p, struct state *st);

#endif
