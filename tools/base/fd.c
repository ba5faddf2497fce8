#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

/* Whether the call that just failed is to be made again: fd would have blocked,
 * and no longer does. */
static bool
waited(int fd, short event)
{
	struct pollfd p = { .fd = fd, .events = event };

	return (errno == EAGAIN || errno == EWOULDBLOCK) &&
	       poll(&p, 1, -1) != -1;
}

ssize_t
fd_read(int fd, void *p, size_t n)
{
	ssize_t got;

	do {
		got = read(fd, p, n);
	} while (got == -1 && waited(fd, POLLIN));
	return got;
}

int
fd_write(int fd, const void *p, size_t n)
{
	const char *from = p;
	ssize_t put;

	while (n > 0) {
		put = write(fd, from, n);
		if (put == -1 && !waited(fd, POLLOUT) && errno != EINTR)
			return -1;
		if (put > 0) {
			from += put;
			n -= (size_t)put;
		}
	}
	return 0;
}
