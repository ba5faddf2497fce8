/*
 * The interpreter: a child process between two pipes.
 */
#ifndef PLUGINS_PYTHON_CHILD_H
#define PLUGINS_PYTHON_CHILD_H

#include <sys/types.h>

#include "plugins/python/frame.h"

struct child {
	pid_t pid; /* 0: there is none */
	int to, from;
	int other; /* to's own end: a pipe that is read nowhere sends SIGPIPE */
	struct patience patience;
	const char *program; /* what was started; borrowed */
};

/*
 * Starts program (looked up on PATH where it has no slash) with the plugin's
 * Python in it.  It does not outlive this process, has nothing on standard
 * input, and its standard output is standard error.  Returns 0, or -1 with
 * what is wrong added to why.
 */
int child_start(struct child *c, const char *program, struct buf *why);

/*
 * Sends a frame and waits for the answer to it.  Returns 0, or -1 with how the
 * child ended added to why; there is none then.
 */
int child_call(struct child *c, struct span small, struct span large,
    struct frame *answer, struct buf *body, struct buf *why);

/* Ends it, and waits for that. */
void child_stop(struct child *c);

#endif
