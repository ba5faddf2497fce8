/*
 * fault.so - preloaded (LD_PRELOAD): one call of a program to the system fails,
 * or the program is killed at it.
 *
 *   FAULT=CALLS:N[+]:WHAT
 *     CALLS  one of the names below; any of them but malloc; change: those that
 *            alter files; slow: those that a signal interrupts
 *     N      the N-th of them, counted over all processes; N+: each from there
 *     WHAT   an error's number, usual (the table below); short: half of what
 *            was asked for; before, after: kill -9 there; crash: the same for
 *            all processes, each at its next call; limit: no file gets longer
 *            than N bytes, whatever writes it
 *   FAULT_NAME  only programs of this name count; none: all of them
 *   FAULT_DIR   a folder.  In it, count is what they share; hits has a line for
 *               each fault; synced, if it is there, what was made durable
 *
 * What goes to standard error comes through.  What the C library does on its
 * own, as stdio's writing, does not pass here.
 */
#undef _FILE_OFFSET_BITS
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum call {
	MALLOC,
	WRITE,
	READ,
	OPEN,
	SYNC,
	RENAME,
	LINK,
	CLOSE,
	STAT,
	SEEK,
	UNLINK,
	MKDIR,
	MMAP,
	FORK,
	PIPE,
	POLL,
	WAIT,
	TRUNCATE,
	DUP,
	OPENDIR,
	CALLS
};

static const struct {
	const char *name;
	int usual;
	bool change;
} calls[CALLS] = {
	[MALLOC] = { "malloc", ENOMEM, false },
	[WRITE] = { "write", ENOSPC, true },
	[READ] = { "read", EIO, false },
	[OPEN] = { "open", EMFILE, true },
	[SYNC] = { "sync", EIO, true },
	[RENAME] = { "rename", ENOSPC, true },
	[LINK] = { "link", ENOSPC, true },
	[CLOSE] = { "close", EIO, true },
	[STAT] = { "stat", EIO, false },
	[SEEK] = { "seek", EIO, false },
	[UNLINK] = { "unlink", EIO, true },
	[MKDIR] = { "mkdir", ENOSPC, true },
	[MMAP] = { "mmap", ENOMEM, false },
	[FORK] = { "fork", EAGAIN, false },
	[PIPE] = { "pipe", EMFILE, false },
	[POLL] = { "poll", ENOMEM, false },
	[WAIT] = { "wait", EINTR, false },
	[TRUNCATE] = { "truncate", EIO, true },
	[DUP] = { "dup", EMFILE, false },
	[OPENDIR] = { "opendir", EMFILE, false },
};

enum verdict { GO, FAIL, SHORT, AFTER };
enum what { ERROR, USUAL, HALF, KILL_BEFORE, KILL_AFTER, CRASH };

static struct {
	bool on, each;
	bool counts[CALLS];
	long n;
	enum what what;
	int error;
} fault;

/* In the file "count", which all processes have mapped. */
static struct shared {
	atomic_long calls;
	atomic_int crashed;
} * shared;

static char dir[PATH_MAX - 16];
static int synced = -1;

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t),
    *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);

static void
die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
}

static int
open_in_dir(const char *name, int flags)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return (int)syscall(
	    SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0666);
}

/* A descriptor that shells and tests of descriptors do not look at. */
static int
high(int fd)
{
	int other = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);

	if (other == -1)
		return fd;
	syscall(SYS_close, fd);
	return other;
}

static void
print(int fd, const char *line, size_t n)
{
	if (syscall(SYS_write, fd, line, n) != (long)n)
		die();
}

static void
note_hit(enum call c)
{
	char line[128];
	int fd = open_in_dir("hits", O_WRONLY | O_CREAT | O_APPEND);
	int n = snprintf(line, sizeof line, "%s %s %ld\n",
	    program_invocation_short_name, calls[c].name, fault.n);

	if (fd == -1)
		die();
	print(fd, line, (size_t)n);
	syscall(SYS_close, fd);
}

/* What power needs to know: WHAT happened to PATH, which is called OTHER now.
 */
static void
note_synced(const char *what, const char *path, const char *other)
{
	char line[3 * PATH_MAX], cwd[PATH_MAX] = "";
	int n, saved = errno;

	if (synced == -1)
		return;
	if (*path != '/')
		syscall(SYS_getcwd, cwd, sizeof cwd);
	n = snprintf(line, sizeof line, "%s\t%s%s%s", what, cwd,
	    *cwd != '\0' ? "/" : "", path);
	*cwd = '\0';
	if (*other != '/')
		syscall(SYS_getcwd, cwd, sizeof cwd);
	n += snprintf(line + n, sizeof line - (size_t)n, "\t%s%s%s", cwd,
	    *cwd != '\0' ? "/" : "", other);
	line[n++] = '\n';
	print(synced, line, (size_t)n);
	errno = saved;
}

static void
note_synced_fd(const char *what, int fd)
{
	char link[64], path[PATH_MAX], size[32];
	struct statx st;
	ssize_t n;

	if (synced == -1)
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
	if (n < 0 ||
	    syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_SIZE, &st) == -1)
		return;
	path[n] = '\0';
	snprintf(size, sizeof size, "/%llu", (unsigned long long)st.stx_size);
	note_synced(what, path, size);
}

static bool
counts(enum call c, const char *name)
{
	bool slow = c == WRITE || c == READ || c == POLL || c == WAIT;

	if (fault.what == HALF)
		return c == WRITE || c == READ;
	/* No signal comes for ever. */
	if (fault.each && fault.what == USUAL && calls[c].usual == EINTR)
		return false;
	return strcmp(name, calls[c].name) == 0 ||
	       (strcmp(name, "any") == 0 && c != MALLOC) ||
	       (strcmp(name, "change") == 0 && calls[c].change) ||
	       (strcmp(name, "slow") == 0 && slow);
}

static bool
parse(const char *text)
{
	char name[16], plus[2] = "", what[16];
	int i;

	if (sscanf(text, "%15[a-z]:%ld:%15s", name, &fault.n, what) != 3 &&
	    sscanf(text, "%15[a-z]:%ld%1[+]:%15s", name, &fault.n, plus,
		what) != 4)
		return false;
	fault.each = *plus != '\0';
	fault.what = strcmp(what, "usual") == 0	   ? USUAL
		     : strcmp(what, "short") == 0  ? HALF
		     : strcmp(what, "before") == 0 ? KILL_BEFORE
		     : strcmp(what, "after") == 0  ? KILL_AFTER
		     : strcmp(what, "crash") == 0  ? CRASH
						   : ERROR;
	fault.error = atoi(what);
	for (i = 0; i < CALLS; i++)
		fault.counts[i] = counts((enum call)i, name);
	if (strcmp(what, "limit") != 0)
		return true;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(
	    RLIMIT_FSIZE, &(struct rlimit){ (rlim_t)fault.n, (rlim_t)fault.n });
	return false;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *text = getenv("FAULT"), *name = getenv("FAULT_NAME"),
		   *d = getenv("FAULT_DIR");
	void *p;
	int fd;

	if (d == NULL || strlen(d) >= sizeof dir)
		return;
	strcpy(dir, d);
	fd = open_in_dir("count", O_RDWR | O_CREAT);
	if (fd == -1 || syscall(SYS_ftruncate, fd, sizeof *shared) == -1)
		return;
	p = mmap(
	    NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	syscall(SYS_close, fd);
	if (p == MAP_FAILED)
		return;
	shared = p;
	if (shared->crashed)
		die();
	synced = open_in_dir("synced", O_WRONLY | O_APPEND);
	if (synced != -1)
		synced = high(synced);
	if (text != NULL &&
	    (name == NULL || strcmp(name, program_invocation_short_name) == 0))
		fault.on = parse(text);
}

static enum verdict
meet(enum call c)
{
	long n;

	if (shared != NULL && shared->crashed)
		die();
	if (!fault.on || !fault.counts[c])
		return GO;
	n = atomic_fetch_add(&shared->calls, 1) + 1;
	if (n < fault.n || (n > fault.n && !fault.each))
		return GO;
	note_hit(c);
	switch (fault.what) {
	case CRASH:
		shared->crashed = 1;
		die();
		break;
	case KILL_BEFORE:
		die();
		break;
	case KILL_AFTER:
		return AFTER;
	case HALF:
		return SHORT;
	case USUAL:
		errno = calls[c].usual;
		return FAIL;
	case ERROR:
		errno = fault.error;
		return FAIL;
	}
	return FAIL;
}

static long
end(enum verdict v, long r)
{
	if (v == AFTER)
		die();
	return r;
}

#define REAL(name)                                                             \
	static __typeof__(&name) real;                                         \
	if (real == NULL)                                                      \
	real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

/* half of N, where the verdict is that */
#define CUT(v, n) ((v) == SHORT && (n) > 1 ? (n) / 2 : (n))

void *
malloc(size_t n)
{
	return meet(MALLOC) == FAIL ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return meet(MALLOC) == FAIL ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return meet(MALLOC) == FAIL ? NULL : __libc_realloc(p, n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	enum verdict v = fd == STDERR_FILENO ? GO : meet(WRITE);

	return v == FAIL ? -1 : end(v, syscall(SYS_write, fd, p, CUT(v, n)));
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	enum verdict v = meet(WRITE);

	return v == FAIL ? -1
			 : end(v, syscall(SYS_pwrite64, fd, p, CUT(v, n), at));
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

ssize_t
writev(int fd, const struct iovec *io, int n)
{
	enum verdict v = meet(WRITE);

	return v == FAIL ? -1 : end(v, syscall(SYS_writev, fd, io, CUT(v, n)));
}

ssize_t
copy_file_range(
    int from, off64_t *at, int to, off64_t *put, size_t n, unsigned flags)
{
	enum verdict v = meet(WRITE);

	return v == FAIL ? -1
			 : end(v, syscall(SYS_copy_file_range, from, at, to,
				      put, CUT(v, n), flags));
}

ssize_t
sendfile64(int to, int from, off64_t *at, size_t n)
{
	enum verdict v = meet(WRITE);

	return v == FAIL
		   ? -1
		   : end(v, syscall(SYS_sendfile, to, from, at, CUT(v, n)));
}

ssize_t
sendfile(int to, int from, off_t *at, size_t n)
{
	return sendfile64(to, from, at, n);
}

ssize_t
read(int fd, void *p, size_t n)
{
	enum verdict v = meet(READ);

	return v == FAIL ? -1 : end(v, syscall(SYS_read, fd, p, CUT(v, n)));
}

ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	enum verdict v = meet(READ);

	return v == FAIL ? -1
			 : end(v, syscall(SYS_pread64, fd, p, CUT(v, n), at));
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	return pread64(fd, p, n, at);
}

ssize_t
readv(int fd, const struct iovec *io, int n)
{
	enum verdict v = meet(READ);

	return v == FAIL ? -1 : end(v, syscall(SYS_readv, fd, io, CUT(v, n)));
}

static int
open_any(int at, const char *path, int flags, va_list list)
{
	mode_t mode = 0;
	enum verdict v = meet(OPEN);

	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(list, mode_t);
	return v == FAIL
		   ? -1
		   : (int)end(v, syscall(SYS_openat, at, path, flags, mode));
}

#define OPENS(name, at, ...)                                                   \
	int name(__VA_ARGS__, int flags, ...)                                  \
	{                                                                      \
		va_list list;                                                  \
		int fd;                                                        \
		va_start(list, flags);                                         \
		fd = open_any(at, path, flags, list);                          \
		va_end(list);                                                  \
		return fd;                                                     \
	}
OPENS(open, AT_FDCWD, const char *path)
OPENS(open64, AT_FDCWD, const char *path)
OPENS(openat, at, int at, const char *path)
OPENS(openat64, at, int at, const char *path)

static int
sync_any(long nr, int fd)
{
	enum verdict v = meet(SYNC);
	int r;

	if (v == FAIL)
		return -1;
	r = (int)syscall(nr, fd);
	if (r == 0)
		note_synced_fd(nr == SYS_syncfs ? "all" : "file", fd);
	return (int)end(v, r);
}

int
fsync(int fd)
{
	return sync_any(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_any(SYS_fdatasync, fd);
}

int
syncfs(int fd)
{
	return sync_any(SYS_syncfs, fd);
}

void
sync(void)
{
	enum verdict v = meet(SYNC);

	syscall(SYS_sync);
	note_synced("all", "/", "/0");
	end(v, 0);
}

int
renameat2(int from, const char *path, int to, const char *other, unsigned flags)
{
	enum verdict v = meet(RENAME);
	int r;

	if (v == FAIL)
		return -1;
	r = (int)syscall(SYS_renameat2, from, path, to, other, flags);
	if (r == 0)
		note_synced("rename", path, other);
	return (int)end(v, r);
}

int
renameat(int from, const char *path, int to, const char *other)
{
	return renameat2(from, path, to, other, 0);
}

int
rename(const char *path, const char *other)
{
	return renameat2(AT_FDCWD, path, AT_FDCWD, other, 0);
}

int
linkat(int from, const char *path, int to, const char *other, int flags)
{
	enum verdict v = meet(LINK);

	return v == FAIL ? -1
			 : (int)end(v, syscall(SYS_linkat, from, path, to,
					   other, flags));
}

int
link(const char *path, const char *other)
{
	return linkat(AT_FDCWD, path, AT_FDCWD, other, 0);
}

/* A failed close(2) has closed. */
int
close(int fd)
{
	enum verdict v;
	int error, r;

	if (fd == synced)
		return 0;
	v = meet(CLOSE);
	error = errno;
	r = (int)end(v, syscall(SYS_close, fd));
	if (v != FAIL)
		return r;
	errno = error;
	return -1;
}

int
fstat64(int fd, struct stat64 *st)
{
	REAL(fstat64);
	return meet(STAT) == FAIL ? -1 : real(fd, st);
}

int
fstat(int fd, struct stat *st)
{
	REAL(fstat);
	return meet(STAT) == FAIL ? -1 : real(fd, st);
}

int
stat64(const char *path, struct stat64 *st)
{
	REAL(stat64);
	return meet(STAT) == FAIL ? -1 : real(path, st);
}

int
stat(const char *path, struct stat *st)
{
	REAL(stat);
	return meet(STAT) == FAIL ? -1 : real(path, st);
}

off64_t
lseek64(int fd, off64_t at, int from)
{
	return meet(SEEK) == FAIL ? -1 : syscall(SYS_lseek, fd, at, from);
}

off_t
lseek(int fd, off_t at, int from)
{
	return lseek64(fd, at, from);
}

int
unlinkat(int at, const char *path, int flags)
{
	enum verdict v = meet(UNLINK);

	return v == FAIL ? -1
			 : (int)end(v, syscall(SYS_unlinkat, at, path, flags));
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int
rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int
mkdirat(int at, const char *path, mode_t mode)
{
	enum verdict v = meet(MKDIR);

	return v == FAIL ? -1
			 : (int)end(v, syscall(SYS_mkdirat, at, path, mode));
}

int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int
ftruncate64(int fd, off64_t n)
{
	enum verdict v = meet(TRUNCATE);

	return v == FAIL ? -1 : (int)end(v, syscall(SYS_ftruncate, fd, n));
}

int
ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

void *
mmap64(void *p, size_t n, int prot, int flags, int fd, off64_t at)
{
	REAL(mmap64);
	return meet(MMAP) == FAIL ? MAP_FAILED
				  : real(p, n, prot, flags, fd, at);
}

void *
mmap(void *p, size_t n, int prot, int flags, int fd, off_t at)
{
	return mmap64(p, n, prot, flags, fd, at);
}

pid_t
fork(void)
{
	REAL(fork);
	return meet(FORK) == FAIL ? -1 : real();
}

/* POSIX lets vfork be fork; a function of ours cannot return twice. */
pid_t
vfork(void)
{
	return fork();
}

int
posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *a,
    const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	REAL(posix_spawnp);
	return meet(FORK) == FAIL ? errno
				  : real(pid, file, a, attr, argv, envp);
}

int
pipe2(int fd[2], int flags)
{
	return meet(PIPE) == FAIL ? -1 : (int)syscall(SYS_pipe2, fd, flags);
}

int
pipe(int fd[2])
{
	return pipe2(fd, 0);
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	REAL(poll);
	return meet(POLL) == FAIL ? -1 : real(p, n, ms);
}

pid_t
waitpid(pid_t pid, int *status, int flags)
{
	REAL(waitpid);
	return meet(WAIT) == FAIL ? -1 : real(pid, status, flags);
}

int
dup(int fd)
{
	return meet(DUP) == FAIL ? -1 : (int)syscall(SYS_dup, fd);
}

int
dup2(int fd, int other)
{
	REAL(dup2);
	return meet(DUP) == FAIL ? -1 : real(fd, other);
}

DIR *
opendir(const char *path)
{
	REAL(opendir);
	return meet(OPENDIR) == FAIL ? NULL : real(path);
}
