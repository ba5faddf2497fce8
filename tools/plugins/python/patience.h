/*
 * Waiting for an answer that may come sooner than a process wakes up.
 *
 * Putting a process to sleep and waking it takes longer than many scripts need
 * for a small batch.  So the plugin polls a few times before it sleeps, as long
 * as that pays.  If it does not (a slow model, a machine with other work), the
 * plugin sleeps at once and polls only now and then.
 */
#ifndef PLUGINS_PYTHON_PATIENCE_H
#define PLUGINS_PYTHON_PATIENCE_H

/* Zero it at first. */
struct patience {
	unsigned sleeps; /* waits that sleep at once from now on */
	unsigned after;	 /* their number after the last poll */
};

/* Waits at most ms until fd can be read; returns as poll(2) does. */
int patience_wait(struct patience *p, int fd, int ms);

#endif
