#ifdef __linux__
#define _GNU_SOURCE /* syncfs */
#endif
#include "io/out.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/mem.h"
#include "io/remote.h"
#include "io/tree.h"

struct out {
	int fd;	    /* -1: closed for now */
	bool alone; /* nothing had its place */
	char *path; /* NULL: written as it comes */
	char *temp;
	uint64_t size;
	dev_t dev;
	const struct remote *remote; /* NULL: a file; else all of it is in */
	void *object;
	struct out *next, *prev; /* in one of the lists */
};

struct list {
	struct out *first, *last;
	size_t n;
};

/* Every output that has a temporary file, the most recently written of the open
 * ones last.  And the remote ones. */
static struct list opened, closed, distant;

/* A folder, open since before the first write: what syncfs(2) reports are the
 * errors since then. */
static int watch = -1;
static dev_t watch_dev;

/* Folders on watch_dev that hold new ones, whose names are not durable yet; a
 * NUL after each. */
static struct buf made;

static pid_t owner;

static void
list_remove(struct list *l, struct out *o)
{
	*(o->prev != NULL ? &o->prev->next : &l->first) = o->next;
	*(o->next != NULL ? &o->next->prev : &l->last) = o->prev;
	l->n--;
}

static void
list_append(struct list *l, struct out *o)
{
	o->next = NULL;
	o->prev = l->last;
	*(l->last != NULL ? &l->last->next : &l->first) = o;
	l->last = o;
	l->n++;
}

static int
keep_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

/* The folder of path, to be freed. */
static char *
folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_str(".");
	return mem_dup(path, slash == path ? 1 : (size_t)(slash - path));
}

static void
forget(struct out *o)
{
	free(o->path);
	free(o->temp);
	free(o);
}

static void
at_exit(void)
{
	if (getpid() == owner)
		out_abort_all();
}

static void
own(void)
{
	if (owner != 0)
		return;
	owner = getpid();
	atexit(at_exit);
}

/* Closes o's file until it is needed again. */
static int
park(struct out *o)
{
	int fd = o->fd;

	list_remove(&opened, o);
	o->fd = -1;
	list_append(&closed, o);
	return close(fd);
}

bool
out_park(void)
{
	return opened.first != NULL && park(opened.first) == 0;
}

/* open(2); if there are no descriptors left, outputs give theirs. */
static int
open_file(const char *path, int flags)
{
	int fd;

	do
		fd = open(path, flags | O_CLOEXEC, 0666);
	while (fd == -1 && (errno == EMFILE || errno == ENFILE) && out_park());
	return fd;
}

static int
make_room(void)
{
	static size_t most;
	struct rlimit limit;

	if (most == 0) {
		/* At most a quarter of the descriptors that are allowed. */
		most = OUT_OPEN;
		if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
		    limit.rlim_cur / 4 < OUT_OPEN)
			most = limit.rlim_cur < 4
				   ? 1
				   : (size_t)(limit.rlim_cur / 4);
	}
	while (opened.n >= most)
		if (park(opened.first) == -1)
			return -1;
	return 0;
}

/* Sees that o's file is open, and that it is the last to be closed. */
static int
need(struct out *o)
{
	if (o->fd != -1) {
		list_remove(&opened, o);
		list_append(&opened, o);
		return 0;
	}
	if (make_room() == -1)
		return -1;
	o->fd = open_file(o->temp, O_WRONLY | O_APPEND);
	if (o->fd == -1)
		return -1;
	list_remove(&closed, o);
	list_append(&opened, o);
	return 0;
}

/* Creates a new file in dir and puts its name into name.  Process ids repeat,
 * on other machines too. */
static int
create_temp(const char *dir, struct buf *name)
{
	static uint64_t count;
	int fd;

	do {
		name->n = 0;
		buf_addf(name, "%s/.bt-%ld-%" PRIu64 ".tmp", dir,
		    (long)getpid(), count++);
		fd = open_file(
		    buf_str(name), O_WRONLY | O_CREAT | O_EXCL | O_APPEND);
	} while (fd == -1 && errno == EEXIST);
	return fd;
}

/* own() is called after create(): so the exit gives up outputs before it ends
 * the module. */
static struct out *
new_remote(const char *path)
{
	const struct remote *remote = remote_get();
	struct out *o;
	void *object;

	if (remote == NULL)
		return NULL;
	object = remote->create(path, remote_why());
	errno = ENOLINK;
	if (object == NULL)
		return NULL;
	own();
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->fd = -1;
	o->path = mem_str(path);
	o->remote = remote;
	o->object = object;
	list_append(&distant, o);
	return o;
}

/* All memory is allocated before the file is created: running out of it ends
 * the process, which removes only the files in the lists. */
struct out *
out_new(const char *path)
{
	struct buf temp = { 0 };
	struct out *o;
	struct stat st;
	char *dir;

	if (remote_is(path))
		return new_remote(path);
	dir = folder(path);
	own();
	if (watch == -1) {
		watch = open_file(dir, O_RDONLY | O_DIRECTORY);
		if (watch != -1 && fstat(watch, &st) == 0)
			watch_dev = st.st_dev;
	}
	buf_room(&temp, strlen(dir) + 64);
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->path = mem_str(path);
	o->fd = make_room() == -1 ? -1 : create_temp(dir, &temp);
	o->temp = temp.p;
	free(dir);
	if (o->fd != -1 && fstat(o->fd, &st) == -1) {
		unlink(o->temp);
		o->fd = keep_errno(o->fd);
	}
	if (o->fd == -1) {
		forget(o);
		return NULL;
	}
	o->dev = st.st_dev;
	list_append(&opened, o);
	return o;
}

static int sync_made(void);

struct out *
out_new_below(const char *path)
{
	struct out *o = out_new(path);

	if (o != NULL || errno != ENOENT || remote_is(path) ||
	    tree_make_noted(path, &made) == -1 || (o = out_new(path)) == NULL)
		return o;
	/* Those of another file system are not waited for. */
	if (o->dev != watch_dev && sync_made() == -1) {
		out_abort(o);
		return NULL;
	}
	return o;
}

struct out *
out_fd(int fd)
{
	struct out *o = mem_alloc(sizeof *o);

	memset(o, 0, sizeof *o);
	o->fd = fd;
	return o;
}

struct out *
out_stdout(void)
{
	return out_fd(STDOUT_FILENO);
}

int
out_write(struct out *o, const void *p, size_t n)
{
	int status;

	o->size += n;
	if (o->remote != NULL) {
		status = o->remote->write(o->object, p, n, remote_why());
		errno = ENOLINK;
		return status;
	}
	if (o->path != NULL && need(o) == -1)
		return -1;
	return fd_write(o->fd, p, n);
}

bool
out_replaces(struct out *o)
{
	struct stat st;

	if (o->path == NULL || o->remote != NULL)
		return false;
	if (stat(o->path, &st) == 0)
		return true;
	o->alone = errno == ENOENT;
	return false;
}

uint64_t
out_size(const struct out *o)
{
	return o->size;
}

int
out_cut(struct out *o, uint64_t n)
{
	if (o->path == NULL || o->remote != NULL) {
		errno = ESPIPE;
		return -1;
	}
	if (need(o) == -1 || ftruncate(o->fd, (off_t)n) == -1)
		return -1;
	o->size = n;
	return 0;
}

void
out_abort(struct out *o)
{
	int saved = errno;

	if (o->remote != NULL) {
		list_remove(&distant, o);
		o->remote->drop(o->object);
	} else if (o->path != NULL) {
		list_remove(o->fd != -1 ? &opened : &closed, o);
		if (o->fd != -1)
			close(o->fd);
		unlink(o->temp);
	}
	forget(o);
	errno = saved;
}

void
out_abort_all(void)
{
	while (opened.first != NULL)
		out_abort(opened.first);
	while (closed.first != NULL)
		out_abort(closed.first);
	while (distant.first != NULL)
		out_abort(distant.first);
}

/* Makes a folder's names durable.  Not every file system can be asked. */
static int
sync_folder(const char *dir)
{
	int fd = open_file(dir, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return -1;
	if (fsync(fd) == -1 && errno != EINVAL && errno != ENOTSUP)
		return keep_errno(fd);
	return close(fd);
}

static int
sync_made(void)
{
	size_t at;

	for (at = 0; at < made.n; at += strlen(made.p + at) + 1)
		if (sync_folder(made.p + at) == -1)
			return -1;
	made.n = 0;
	return 0;
}

#ifdef __linux__
/* Linux before 5.8 does not say to syncfs(2) that a disk failed. */
static bool
syncfs_tells(void)
{
	struct utsname u;
	int major = 0, minor = 0;

	return uname(&u) == 0 &&
	       sscanf(u.release, "%d.%d", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 8));
}
#endif

/* Makes the bytes of all n durable, and the folders made for them; with one
 * call if they are on the watched file system. */
static int
sync_data(struct out **o, size_t n)
{
	size_t i;

#ifdef __linux__
	for (i = 0; i < n && o[i]->dev == watch_dev;)
		i++;
	if (i == n && n >= 2 && watch != -1 && syncfs_tells()) {
		made.n = 0;
		return syncfs(watch);
	}
#endif
	for (i = 0; i < n; i++)
		if (need(o[i]) == -1 || fsync(o[i]->fd) == -1)
			return -1;
	return sync_made();
}

bool
out_alone(int error)
{
	switch (error) {
	case EACCES:
	case EBUSY:
	case EEXIST:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENOENT:
	case ENOTDIR:
	case ENOTEMPTY:
	case EPERM:
	case REMOTE_REFUSED:
		return true;
	}
	return false;
}

/* Gives the file its name; o is still there.  What is not a file, such as a
 * device, is not replaced. */
static int
put_in_place(struct out *o)
{
	struct stat st;

	if (o->fd != -1 && park(o) == -1)
		return -1;
	if (!o->alone && stat(o->path, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	return rename(o->temp, o->path);
}

/* An output that cannot be put in its place is given up: its o[i] is NULL. */
static int
place_all(struct out **o, size_t n, int *errors)
{
	int fatal = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		errors[i] = fatal;
		if (fatal == 0 && put_in_place(o[i]) == -1) {
			errors[i] = errno;
			if (!out_alone(errno))
				fatal = errno;
		}
		if (errors[i] == 0)
			continue;
		out_abort(o[i]);
		o[i] = NULL;
	}
	errno = fatal;
	return fatal == 0 ? 0 : -1;
}

/* Makes the names durable; outputs of one folder mostly follow each other. */
static int
sync_names(struct out **o, size_t n)
{
	char *dir, *before = NULL;
	int r = 0;
	size_t i;

	for (i = 0; r == 0 && i < n; i++) {
		if (o[i] == NULL)
			continue;
		dir = folder(o[i]->path);
		if (before == NULL || strcmp(dir, before) != 0)
			r = sync_folder(dir);
		free(before);
		before = dir;
	}
	free(before);
	return r;
}

static int
commit_remote(struct out **o, size_t n, int *errors, struct buf *why)
{
	const struct remote *remote = o[0]->remote;
	void **objects = mem_alloc(n * sizeof *objects);
	size_t i;
	int r;

	for (i = 0; i < n; i++) {
		objects[i] = o[i]->object;
		list_remove(&distant, o[i]);
		forget(o[i]);
	}
	r = remote->commit(objects, n, errors, why);
	free(objects);
	errno = REMOTE_FAILED;
	return r;
}

int
out_commit_group(struct out **o, size_t n, int *errors, struct buf *why)
{
	int r, reason;
	size_t i;

	if (o[0]->remote != NULL)
		return commit_remote(o, n, errors, why);
	r = sync_data(o, n);
	reason = errno;
	if (r == -1) {
		for (i = 0; i < n; i++) {
			errors[i] = reason;
			out_abort(o[i]);
			o[i] = NULL;
		}
	} else {
		r = place_all(o, n, errors);
		reason = errno;
		if (sync_names(o, n) == -1 && r == 0) {
			r = -1;
			reason = errno;
		}
	}
	for (i = 0; i < n; i++) {
		if (errors[i] != 0)
			buf_adds(&why[i], strerror(errors[i]));
		if (o[i] != NULL) {
			list_remove(&closed, o[i]);
			forget(o[i]);
		}
	}
	errno = reason;
	return r;
}

int
out_commit(struct out *o)
{
	struct buf why = { 0 };
	int r, error;

	if (o->path != NULL) {
		r = out_commit_group(&o, 1, &error, &why);
		if (error != 0) {
			buf_add(remote_why(), why.p, why.n);
			errno = error;
			r = -1;
		}
		buf_free(&why);
		return r;
	}
	r = close(o->fd);
	forget(o);
	return r;
}
