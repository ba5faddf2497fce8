/*
 * Processes that a model has started, and that outlive the worker.
 *
 * On Linux they become children of the process that has adopted them, whatever
 * they did to be on their own (setsid, a second fork), and are ended with the
 * worker.  Nothing is adopted on other systems, nor if the process began with
 * children that are not ours to end.
 */
#ifndef PREDICT_ORPHANS_H
#define PREDICT_ORPHANS_H

#include <signal.h>

/* Before the first worker. */
void orphans_adopt(void);

/*
 * After a worker's end, when all children are adopted: ends them by SIGTERM and
 * after 8 s by SIGKILL, and waits for them.  If a signal of hurry is pending,
 * by SIGKILL at once.
 */
void orphans_end(const sigset_t *hurry);

#endif
