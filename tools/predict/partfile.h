/*
 * A part file, DIR/HOST-PID[-N].part: the replies of one bt-predict, one after
 * the other, and the result lines that refer to them.  Both gather in struct
 * state; replies are written to the file before their lines are printed.
 *
 * Nothing can be added to an object of S3: if DIR is s3://, the replies that
 * have gathered become an object of their own each time they are written,
 * DIR/HOST-PID-TOKEN-N.part.
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
	bool hurried;	   /* do not wait for a reader of the lines */
	sigset_t held;	   /* signals to block while lines are written */
	const char *wrong; /* the name of the file that failed */
};

/* Opens the file of pos, if there is one, and cuts it to the length that
 * counts.  Returns 0, or -1 and errno, with p->wrong the file's name. */
int partfile_reopen(struct partfile *p, const struct position *pos);

/* Ends the process with errno and p->wrong as the message. */
_Noreturn void partfile_die(const struct partfile *p);

/*
 * Adds a reply of n bytes to pos: to those that have gathered, or straight to
 * the file.  Returns its offset in the part file.  The reply counts after pos
 * is committed.  Errors of the file end the process.
 */
uint64_t partfile_reply(
    struct partfile *p, struct position *pos, const char *reply, size_t n);

/* Adds a line of at most REF_MAX bytes, its newline included. */
void partfile_line(struct partfile *p, struct position *pos, struct span line);

/* Writes what has gathered and commits pos.  Returns 0, or -1 and errno, with
 * p->wrong the file's name, and the rest still in pos. */
int partfile_spill(struct partfile *p, struct position *pos);

/* The same in PHASE_WRITE; errors end the process. */
void partfile_flush(struct partfile *p, struct position *pos);

#endif
