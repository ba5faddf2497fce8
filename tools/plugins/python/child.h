/*
 * The interpreter: a child process between two pipes, with which it shares
 * memory if there is any to share.
 */
#ifndef PLUGINS_PYTHON_CHILD_H
#define PLUGINS_PYTHON_CHILD_H

#include <sys/types.h>

#include "plugins/python/shared.h"

struct child {
	pid_t pid; /* 0: there is none */
	int to, from;
	int other; /* the read end of to: without it, SIGPIPE */
	bool shares;
	struct shared shared;
	struct buf body;     /* of an answer that came through the pipe */
	const char *program; /* what was started; borrowed */
};

struct answer {
	uint32_t status; /* enum bt_status */
	int64_t at;	 /* the payload's byte at fault, or -1 */
	struct span small, large;
};

/*
 * Starts program (found in PATH if it has no slash) with the plugin's Python in
 * it.  It does not outlive this process, has nothing on standard input, and its
 * standard output is standard error.  Returns 0, or -1 with the reason added to
 * why.
 */
int child_start(struct child *c, const char *program, struct buf *why);

/*
 * Sends a frame and waits for the answer to it, which is borrowed until the
 * next call or the child's end.  Returns 0, or -1 with the end of the child
 * described in why; there is no child then.
 */
int child_call(struct child *c, struct span small, struct span large,
    struct answer *answer, struct buf *why);

/* Kills it, and waits for its end. */
void child_stop(struct child *c);

#endif
