#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"

struct spool {
	int fd;
	off_t size; /* written so far */
};

struct spool *
spool_new(const char *path, bool overwrite, spool_is_input *is_input)
{
	int kind = overwrite ? O_NOFOLLOW | O_NONBLOCK : O_EXCL, saved, fd;
	struct spool *s;
	struct stat st;

	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | kind, 0666);
	if (fd == -1)
		return NULL;
	saved = fstat(fd, &st) == -1			      ? errno
		: !S_ISREG(st.st_mode)			      ? EINVAL
		: overwrite && is_input(st.st_dev, st.st_ino) ? EEXIST
							      : 0;
	if (saved != 0) {
		close(fd);
		errno = saved;
		return NULL;
	}
	s = mem_alloc(sizeof *s);
	s->fd = fd;
	s->size = 0;
	return s;
}

int
spool_write(struct spool *s, const void *p, size_t n)
{
	s->size += (off_t)n;
	return fd_write(s->fd, p, n);
}

int
spool_close(struct spool *s, bool whole)
{
	int status = whole ? ftruncate(s->fd, s->size) : 0, saved = errno;

	if (close(s->fd) == -1 && status == 0) {
		status = -1;
		saved = errno;
	}
	free(s);
	errno = saved;
	return status;
}
