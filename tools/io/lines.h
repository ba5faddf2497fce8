/*
 * The lines of a file or a pipe, as they come.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include <signal.h>
#include <stdint.h>

#include "base/buf.h"

enum results_event { RESULTS_LINE, RESULTS_IDLE, RESULTS_END, RESULTS_ERROR };

struct results {
	int fd;
	uint64_t lines; /* returned so far */
	/* Set by a signal on which the next call is not to wait; or NULL. */
	const volatile sig_atomic_t *stop;
	struct buf held;
	size_t at; /* of held: the next line */
	bool waited, passing;
};

void results_open(struct results *r, int fd);

/*
 * The next line, without its newline, borrowed until the next call.  A last
 * line without one was cut off: it counts as absent.  RESULTS_IDLE: none came
 * for a moment, or a signal did; the next call waits.  RESULTS_ERROR: errno;
 * EMSGSIZE for a line that is far too long.
 */
enum results_event results_next(struct results *r, struct span *line);

void results_close(struct results *r);

#endif
