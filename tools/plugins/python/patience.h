/*
 * Waiting for an answer that may come sooner than a process wakes up.
 *
 * Putting a process to sleep and waking it takes longer than many scripts need
 * for a small batch.  So the plugin watches for a moment before it sleeps, as
 * long as that pays.  If it does not (a slow model, a machine with other work),
 * the plugin sleeps at once and watches only now and then.
 */
#ifndef PLUGINS_PYTHON_PATIENCE_H
#define PLUGINS_PYTHON_PATIENCE_H

#include <stdatomic.h>
#include <stdbool.h>

/* Zero it at first. */
struct patience {
	unsigned sleeps; /* waits that sleep at once from now on */
	unsigned after;	 /* their number after the last watch */
};

/* Whether this wait sleeps at once. */
bool patience_sleeps(struct patience *p);

/* Watches until byte is want, at most for a moment. */
void patience_watch(
    struct patience *p, const atomic_uchar *byte, unsigned char want);

#endif
