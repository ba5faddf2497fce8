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
	int other; /* the read end of to: without it, SIGPIPE */
	struct patience patience;
	const char *program; /* what was started; borrowed */
};

/*
 * Starts program (found in PATH if it has no slash) with the plugin's Python in
 * it.  It does not outlive this process, has nothing on standard input, and its
 * standard output is standard error.  Returns 0, or -1 with the reason added to
 * why.
 */
int child_start(struct child *c, const char *program, struct buf *why);

/*
 * Sends a frame and waits for the answer to it.  Returns 0, or -1 with the end
 * of the child described in why; there is no child then.
 */
int child_call(struct child *c, struct span small, struct span large,
    struct frame *answer, struct buf *body, struct buf *why);

/* Kills it, and waits for its end. */
void child_stop(struct child *c);

#endif
