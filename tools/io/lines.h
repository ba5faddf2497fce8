/*
 * The lines of a file or a pipe, as they come.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include <signal.h>
#include <stdint.h>

#include "base/buf.h"

enum line_event { LINE_READ, LINE_IDLE, LINE_END, LINE_ERROR };

struct line_reader {
	int fd;
	uint64_t lines; /* returned so far */
	/* Set by a signal on which the next call is not to wait; or NULL. */
	const volatile sig_atomic_t *stop;
	struct buf held;
	size_t at; /* of held: the next line */
	bool waited, passing;
};

void line_reader_open(struct line_reader *r, int fd);

/*
 * The next line, without its newline, borrowed until the next call.  A last
 * line without one was cut off: it counts as absent.  LINE_IDLE: none came
 * for a moment, or a signal did; the next call waits.  LINE_ERROR: errno;
 * EMSGSIZE for a line that is far too long.
 */
enum line_event line_reader_next(struct line_reader *r, struct span *line);

void line_reader_close(struct line_reader *r);

#endif
