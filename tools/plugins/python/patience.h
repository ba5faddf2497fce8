/*
 * Waiting for an answer that may come sooner than sleep does.
 *
 * To put a process to sleep and to wake it takes longer than many scripts do
 * for a small batch.  So who waits looks a few times before it sleeps, where
 * that has paid lately.  Where it has not (a slow model, a machine with other
 * work) it sleeps at once, and looks again only now and then.
 */
#ifndef PLUGINS_PYTHON_PATIENCE_H
#define PLUGINS_PYTHON_PATIENCE_H

/* Of zeros at first. */
struct patience {
	unsigned sleeps; /* how often to sleep at once from now on */
	unsigned after;	 /* what that was after the last look */
};

/* Waits, ms at the most, until fd can be read; returns as poll(2) does. */
int patience_wait(struct patience *p, int fd, int ms);

#endif
