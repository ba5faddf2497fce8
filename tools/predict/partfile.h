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

struct partfile {
	struct state *state;
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

/* The file that pos names is opened, and what is past its counted length is
 * cut off.  Returns 0, or -1 and errno, with p->wrong the file it is about. */
int partfile_reopen(struct partfile *p, const struct position *pos);

/* Ends the process with that. */
_Noreturn void partfile_die(const struct partfile *p);

/*
 * Adds a reply of n bytes to pos: into the shared memory, or straight to the
 * file.  Returns its offset in the part file.  It counts once pos is committed.
 * Errors of the file end the process.
 */
uint64_t partfile_reply(
    struct partfile *p, struct position *pos, const char *reply, size_t n);

/* Adds a line of at most REF_MAX bytes, its newline included. */
void partfile_line(struct partfile *p, struct position *pos, struct span line);

/* Writes out what waits and commits pos.  Returns 0, or -1 and errno, with
 * p->wrong the file that it is about, and the rest still waiting in pos. */
int partfile_spill(struct partfile *p, struct position *pos);

/* The same with all of it, in PHASE_WRITE; errors end the process. */
void partfile_flush(struct partfile *p, struct position *pos);

#endif
