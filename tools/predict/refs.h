/*
 * Where bt-predict's references come from: its arguments, or with none the
 * lines of standard input.  What was read and not used is in the shared
 * memory, so that nothing is lost when a worker dies.
 */
#ifndef PREDICT_REFS_H
#define PREDICT_REFS_H

#include "predict/state.h"

struct intake {
	struct shared *sh;
	char *const *refs; /* arguments, NULL after the last; or NULL */
	int fd;		   /* standard input */
};

enum intake_got {
	INTAKE_REF,   /* *text is a reference */
	INTAKE_LONG,  /* a line of REF_MAX bytes or more; *text is its head */
	INTAKE_TORN,  /* the last line has no newline */
	INTAKE_WAIT,  /* none is there yet */
	INTAKE_ERROR, /* errno */
	INTAKE_END
};

/* Counts what an earlier worker read and could not write down. */
void intake_recover(struct intake *in, struct state *st);

/*
 * The next reference, without its newline; it is in st until intake_done, and
 * text stays where it is.  With wait false, INTAKE_WAIT instead of waiting for
 * input.
 */
enum intake_got intake_peek(
    struct intake *in, struct state *st, bool wait, struct span *text);

/* What intake_peek returned is dealt with. */
void intake_done(struct intake *in, struct state *st);

#endif
