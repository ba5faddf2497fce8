#include "stage/join_results.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, MOMENT = 200 /* ms */ };

void
results_open(struct results *r, int fd)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
}

static bool
held_line(struct results *r, size_t from, struct span *line)
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
	return true;
}

/* Whether bytes are there, or the end; a file is always ready. */
static bool
ready(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, MOMENT) > 0;
}

static ssize_t
read_more(struct results *r)
{
	ssize_t got;

	if (r->held.n > BLOCK) {
		errno = EMSGSIZE;
		return -1;
	}
	got = read(r->fd, buf_room(&r->held, BLOCK), BLOCK);
	if (got > 0)
		r->held.n += (size_t)got;
	return got;
}

enum results_event
results_next(struct results *r, struct span *line)
{
	ssize_t got;
	size_t looked;

	if (held_line(r, r->at, line))
		return RESULTS_LINE;
	if (r->at > 0) {
		r->held.n -= r->at;
		memmove(r->held.p, r->held.p + r->at, r->held.n);
		r->at = 0;
	}
	do {
		if (!r->waited && !ready(r->fd)) {
			r->waited = true;
			return RESULTS_IDLE;
		}
		looked = r->held.n;
		got = read_more(r);
		r->waited = false;
		if (got == -1 && errno == EINTR)
			return RESULTS_IDLE;
		if (got <= 0)
			return got == 0 ? RESULTS_END : RESULTS_ERROR;
	} while (!held_line(r, looked, line));
	return RESULTS_LINE;
}

void
results_close(struct results *r)
{
	close(r->fd);
	buf_free(&r->held);
}
