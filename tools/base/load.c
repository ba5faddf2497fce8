#include "base/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

enum { BLOCK = 64 << 10 };

int
load_whole(const char *path, struct buf *b)
{
	return load_at_most(path, SIZE_MAX, b);
}

int
load_at_most(const char *path, size_t most, struct buf *b)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO
					: open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd == -1 ? -1 : 1;
	size_t from = b->n;
	int error;

	while (got > 0) {
		got = fd_read(fd, buf_room(b, BLOCK), BLOCK);
		if (got == -1 && errno == EINTR)
			got = 1;
		else if (got > 0)
			b->n += (size_t)got;
		if (b->n - from > most) {
			errno = EFBIG;
			got = -1;
		}
	}
	error = errno;
	if (fd > STDIN_FILENO)
		close(fd);
	errno = error;
	return got == -1 ? -1 : 0;
}
