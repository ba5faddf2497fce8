#define _GNU_SOURCE /* ppoll */
#include "io/lines.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/fd.h"

enum { BLOCK = 64 << 10, MOMENT = 200 /* ms */ };

void
line_reader_open(struct line_reader *r, int fd)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
}

/* Whether bytes are there, or the end; a file is always ready.  A signal is let
 * in while it waits and not before, so that none is seen too late. */
static bool
ready(const struct line_reader *r)
{
	static const struct timespec moment = { 0, MOMENT * 1000000 };
	struct pollfd p = { r->fd, POLLIN, 0 };
	sigset_t all, before;
	int n = -1;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (r->stop == NULL || !*r->stop)
		n = ppoll(&p, 1, r->waited ? NULL : &moment, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return n > 0;
}

/* The next line that is held; of one that was let pass by, none of it. */
static bool
next_held(struct line_reader *r, size_t from, struct span *line)
{
	const char *end = r->held.n > from
			      ? memchr(r->held.p + from, '\n', r->held.n - from)
			      : NULL;

	if (end == NULL)
		return false;
	line->p = r->held.p + r->at;
	line->n = (size_t)(end - line->p);
	r->at += line->n + 1;
	r->lines++;
	if (r->passing)
		line->n = 0;
	r->passing = false;
	return true;
}

enum line_event
line_reader_next(struct line_reader *r, struct span *line)
{
	ssize_t got;
	size_t looked;

	if (next_held(r, r->at, line))
		return LINE_READ;
	if (r->at > 0) {
		r->held.n -= r->at;
		memmove(r->held.p, r->held.p + r->at, r->held.n);
		r->at = 0;
	}
	do {
		if (!ready(r)) {
			r->waited = true;
			return LINE_IDLE;
		}
		/* Of a line longer than a block only the end is kept. */
		if (r->held.n > BLOCK) {
			r->passing = true;
			r->held.n = 0;
		}
		got = fd_read(r->fd, buf_room(&r->held, BLOCK), BLOCK);
		r->waited = false;
		if (got == -1 && errno == EINTR)
			return LINE_IDLE;
		if (got <= 0)
			return got == 0 ? LINE_END : LINE_ERROR;
		looked = r->held.n;
		r->held.n += (size_t)got;
	} while (!next_held(r, looked, line));
	return LINE_READ;
}

void
line_reader_close(struct line_reader *r)
{
	close(r->fd);
	buf_free(&r->held);
}
