#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

/* Whether to repeat the call that just failed: fd would have blocked, and no
 * longer does. */
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

int
fd_count(int fd, char c, uint64_t *n)
{
	static char block[64 << 10];
	ssize_t got, i;

	*n = 0;
	while ((got = fd_read(fd, block, sizeof block)) > 0)
		for (i = 0; i < got; i++)
			*n += block[i] == c;
	return got == 0 ? 0 : -1;
}

int
fd_await(int fd, bool writing, const sigset_t *ending,
    const volatile sig_atomic_t *signalled)
{
	sigset_t before;
	fd_set set;
	int r = -1, error = EINTR;

	if (fd >= FD_SETSIZE)
		return 0;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	pthread_sigmask(SIG_BLOCK, ending, &before);
	if (!*signalled) {
		r = pselect(fd + 1, writing ? NULL : &set,
		    writing ? &set : NULL, NULL, NULL, &before);
		error = errno;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return r == -1 && error == EINTR ? -1 : 0;
}
