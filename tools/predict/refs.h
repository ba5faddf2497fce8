/*
 * The source of bt-predict's references: its arguments or, if there are none,
 * the lines of standard input.  Input that was read and not yet used is in
 * struct state, so that nothing is lost when a worker dies.
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
	REFS_WAIT,  /* there is none yet */
	REFS_ERROR, /* errno */
	REFS_END
};

/* Counts the input that an earlier worker read and did not count in pos. */
void refs_recover(struct refs *in, struct position *pos);

/*
 * Sets *text to the next reference, without its newline.  It stays the next
 * one, and in its place, until refs_done.  If wait is false, returns REFS_WAIT
 * instead of waiting for input.
 */
enum refs_got refs_peek(
    struct refs *in, struct position *pos, bool wait, struct span *text);

/* Goes on to the reference after the one that refs_peek returned. */
void refs_done(struct refs *in, struct position *pos);

#endif
