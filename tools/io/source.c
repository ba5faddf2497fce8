#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct source {
	int fd;
	int seekable;
};

static struct source *
source_of(int fd)
{
	struct source *s;
	struct stat st;
	int saved;

	if (fstat(fd, &st) == -1 || (S_ISDIR(st.st_mode) && (errno = EISDIR))) {
		saved = errno;
		close(fd);
		errno = saved;
		return NULL;
	}
	s = mem_alloc(sizeof *s);
	s->fd = fd;
	s->seekable = S_ISREG(st.st_mode);
	return s;
}

struct source *
source_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd == -1 ? NULL : source_of(fd);
}

struct source *
source_stdin(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	return fd == -1 ? NULL : source_of(fd);
}

ptrdiff_t
source_read(struct source *s, void *p, size_t n, uint64_t at)
{
	size_t have = 0;
	ssize_t got;

	if (n > SSIZE_MAX || at > (uint64_t)(INT64_MAX - (int64_t)n)) {
		errno = EOVERFLOW;
		return -1;
	}
	while (have < n) {
		got = pread(
		    s->fd, (char *)p + have, n - have, (off_t)(at + have));
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ptrdiff_t)have;
}

ptrdiff_t
source_next(struct source *s, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(s->fd, p, n);
	while (got == -1 && errno == EINTR);
	return got;
}

int
source_seekable(const struct source *s)
{
	return s->seekable;
}

uint64_t
source_size(const struct source *s)
{
	struct stat st;

	if (!s->seekable || fstat(s->fd, &st) == -1)
		return 0;
	return (uint64_t)st.st_size;
}

void
source_close(struct source *s)
{
	close(s->fd);
	free(s);
}
