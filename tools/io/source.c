#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "io/remote.h"

struct source {
	int fd;
	int seekable;
	struct stat first; /* when it was opened */
	char *map;	   /* whole pages; NULL: none */
	size_t map_size;
	volatile sig_atomic_t shrank;
	const struct remote *remote; /* NULL: a file */
	void *object;
	uint64_t next; /* where source_next goes on in it */
};

/* The source whose bytes are mapped: the handler of SIGBUS looks there. */
static struct source *mapped;

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
	*s = (struct source){
		.fd = fd, .seekable = S_ISREG(st.st_mode), .first = st
	};
	return s;
}

static struct source *
source_remote(const char *path, const char *etag, bool in_order)
{
	const struct remote *remote = remote_get();
	struct source *s;
	void *object;

	if (remote == NULL)
		return NULL;
	object = remote->open(path, etag, in_order, remote_why());
	errno = ENOLINK;
	if (object == NULL)
		return NULL;
	s = mem_alloc(sizeof *s);
	*s = (struct source){
		.fd = -1, .seekable = 1, .remote = remote, .object = object
	};
	return s;
}

struct source *
source_open(const char *path)
{
	int fd;

	if (remote_is(path))
		return source_remote(path, NULL, true);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd == -1 ? NULL : source_of(fd);
}

struct source *
source_open_version(const char *path, const char *etag)
{
	int fd;

	if (remote_is(path))
		return source_remote(path, etag, false);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return fd == -1 ? NULL : source_of(fd);
}

void
source_follow(struct source *s)
{
	if (s->remote != NULL)
		s->remote->follow(s->object);
}

int
source_is_remote(const struct source *s)
{
	return s->remote != NULL;
}

const char *
source_etag(const struct source *s)
{
	return s->remote != NULL ? s->remote->etag(s->object) : NULL;
}

static ptrdiff_t
read_remote(struct source *s, void *p, size_t n, uint64_t at)
{
	ptrdiff_t got = s->remote->read(s->object, p, n, at, remote_why());

	errno = ENOLINK;
	return got;
}

struct source *
source_stdin(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	return fd == -1 ? NULL : source_of(fd);
}

struct source *
source_pipe(int fd)
{
	return source_of(fd);
}

ptrdiff_t
source_read(struct source *s, void *p, size_t n, uint64_t at)
{
	return source_read_some(s, p, n, n, at);
}

ptrdiff_t
source_read_some(struct source *s, void *p, size_t least, size_t n, uint64_t at)
{
	size_t have = 0;
	ssize_t got;

	if (n > SSIZE_MAX || at > (uint64_t)(INT64_MAX - (int64_t)n)) {
		errno = EOVERFLOW;
		return -1;
	}
	if (s->remote != NULL)
		return read_remote(s, p, n, at);
	while (have < least) {
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

/*
 * SIGBUS: a mapped page is no longer there.  A page of zeros takes its place,
 * so that the reader goes on and asks source_shrank when it is done with it.
 */
static void
put_zeros(int sig, siginfo_t *info, void *context)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)info->si_addr & ~(page - 1);
	struct source *s = mapped;

	(void)context;
	if (s == NULL || at < (uintptr_t)s->map ||
	    at >= (uintptr_t)s->map + s->map_size ||
	    mmap((void *)at, page, PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		signal(sig, SIG_DFL);
		return;
	}
	s->shrank = 1;
}

static void
unmap(struct source *s)
{
	if (s->map != NULL)
		munmap(s->map, s->map_size);
	s->map = NULL;
	mapped = NULL;
}

const char *
source_map(struct source *s, size_t n, uint64_t at)
{
	static bool caught;
	struct sigaction sa = { .sa_sigaction = put_zeros,
		.sa_flags = SA_SIGINFO };
	uint64_t size = source_size(s);
	size_t before = (size_t)(at % (uint64_t)sysconf(_SC_PAGESIZE));
	void *p;

	if (s->remote != NULL || at > size || n > size - at ||
	    n > SIZE_MAX - before)
		return NULL;
	unmap(s);
	if (!caught)
		sigaction(SIGBUS, &sa, NULL);
	caught = true;
	p = mmap(NULL, before + n, PROT_READ, MAP_PRIVATE, s->fd,
	    (off_t)(at - before));
	if (p == MAP_FAILED)
		return NULL;
	s->map = p;
	s->map_size = before + n;
	mapped = s;
	return s->map + before;
}

int
source_shrank(const struct source *s)
{
	return s->shrank;
}

int
source_changed(const struct source *s, uint64_t *size)
{
	struct stat st;

	if (s->remote != NULL) { /* each read asks for the version it had */
		*size = source_size(s);
		return 0;
	}
	*size = 0;
	if (fstat(s->fd, &st) == -1)
		return 1;
	*size = s->seekable ? (uint64_t)st.st_size : 0;
	return st.st_size != s->first.st_size ||
	       st.st_mtim.tv_sec != s->first.st_mtim.tv_sec ||
	       st.st_mtim.tv_nsec != s->first.st_mtim.tv_nsec;
}

ptrdiff_t
source_next(struct source *s, void *p, size_t n)
{
	ptrdiff_t got;

	if (s->remote != NULL) {
		if ((got = read_remote(s, p, n, s->next)) > 0)
			s->next += (uint64_t)got;
		return got;
	}
	do
		got = fd_read(s->fd, p, n);
	while (got == -1 && errno == EINTR);
	return got;
}

void
source_note(const struct source *s, struct files *f)
{
	if (s->remote == NULL)
		files_add_stat(f, &s->first);
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

	if (s->remote != NULL)
		return s->remote->size(s->object);
	if (!s->seekable || fstat(s->fd, &st) == -1)
		return 0;
	return (uint64_t)st.st_size;
}

uint64_t
source_first_size(const struct source *s)
{
	if (s->remote != NULL)
		return source_size(s);
	return s->seekable ? (uint64_t)s->first.st_size : 0;
}

void
source_close(struct source *s)
{
	if (s->remote != NULL) {
		s->remote->close(s->object);
	} else {
		unmap(s);
		close(s->fd);
	}
	free(s);
}
