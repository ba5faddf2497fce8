/*
 * Processes that a model has started, and that outlive the worker.
 *
 * On Linux they become children of the process that adopts them, even after
 * setsid(2) or a second fork(2), and end with the worker.  Nothing is adopted
 * on other systems, nor if this process already had children when it began.
 */
#ifndef PREDICT_ORPHANS_H
#define PREDICT_ORPHANS_H

#include <signal.h>

/* Before the first worker. */
void orphans_adopt(void);

/*
 * After a worker's end, when all children are adopted: ends them by SIGTERM and
 * after 8 s by SIGKILL, and waits for them.  If a signal of hurry is pending,
 * it uses SIGKILL at once.
 */
void orphans_end(const sigset_t *hurry);

#endif
