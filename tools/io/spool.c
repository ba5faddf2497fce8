#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/remote.h"

struct spool {
	int fd;
};

/* Whether st is what is read: input, or standard input. */
static int
is_input(const struct stat *st, const char *input)
{
	struct stat in;
	int known;

	if (input != NULL && remote_is(input))
		return 0;
	known = input != NULL ? stat(input, &in) : fstat(STDIN_FILENO, &in);
	if (known == -1)
		return -1;
	return in.st_dev == st->st_dev && in.st_ino == st->st_ino;
}

/* Emptied only once it is known not to be the input. */
static int
empty(int fd, const char *input)
{
	struct stat st;
	int same;

	if (fstat(fd, &st) == -1 || (same = is_input(&st, input)) == -1)
		return -1;
	if (same) {
		errno = EEXIST;
		return -1;
	}
	return S_ISREG(st.st_mode) ? ftruncate(fd, 0) : 0;
}

struct spool *
spool_new(const char *path, const char *input)
{
	struct spool *s;
	int saved, fd;

	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd == -1)
		return NULL;
	if (empty(fd, input) == -1) {
		saved = errno;
		close(fd);
		errno = saved;
		return NULL;
	}
	s = mem_alloc(sizeof *s);
	s->fd = fd;
	return s;
}

int
spool_write(struct spool *s, const void *p, size_t n)
{
	const char *from = p;
	ssize_t wrote;

	while (n > 0) {
		wrote = write(s->fd, from, n);
		if (wrote == -1 && errno == EINTR)
			continue;
		if (wrote == -1)
			return -1;
		from += wrote;
		n -= (size_t)wrote;
	}
	return 0;
}

int
spool_close(struct spool *s)
{
	int status = close(s->fd);

	free(s);
	return status;
}
