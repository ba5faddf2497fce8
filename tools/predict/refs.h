/*
 * Where bt-predict's references come from: its arguments, or with none the
 * lines of standard input.  What was read and not used is in the shared
 * memory, so that nothing is lost when a worker dies.
 */
#ifndef PREDICT_REFS_H
#define PREDICT_REFS_H

#include "predict/state.h"

struct refs {
	struct state *state;
	char *const *arguments; /* arguments, NULL after the last; or NULL */
	int fd;			/* standard input */
};

enum refs_got {
	REFS_REF,   /* *text is a reference */
	REFS_LONG,  /* a line of REF_MAX bytes or more; *text is its head */
	REFS_TORN,  /* the last line has no newline */
	REFS_WAIT,  /* none is there yet */
	REFS_ERROR, /* errno */
	REFS_END
};

/* Counts what an earlier worker read and could not write down. */
void refs_recover(struct refs *in, struct position *pos);

/*
 * The next reference, without its newline; it is in pos until refs_done, and
 * text stays where it is.  With wait false, REFS_WAIT instead of waiting for
 * input.
 */
enum refs_got refs_peek(
    struct refs *in, struct position *pos, bool wait, struct span *text);

/* What refs_peek returned is dealt with. */
void refs_done(struct refs *in, struct position *pos);

#endif
