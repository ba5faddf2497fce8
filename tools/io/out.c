#ifdef __linux__
#define _GNU_SOURCE /* syncfs */
#endif
#include "io/out.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/remote.h"

struct out {
	int fd;	    /* -1: closed for now */
	char *path; /* NULL: standard output */
	char *temp;
	dev_t dev;
	const struct remote *remote; /* NULL: a file; else all of it is in */
	void *object;
	struct out *next, *prev; /* in one of the lists */
};

struct list {
	struct out *first, *last;
	size_t n;
};

/* Every output that has a temporary file; the open ones with the one written
 * to last at the end.  And those that are no files. */
static struct list opened, closed, distant;

/* A folder, open since before the first write: what syncfs(2) reports are the
 * errors since then. */
static int watch = -1;
static dev_t watch_dev;

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
		return mem_dup(".", 1);
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

static void
watch_folder(const char *path)
{
	struct stat st;

	own();
	if (watch != -1)
		return;
	watch = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (watch != -1 && fstat(watch, &st) == 0)
		watch_dev = st.st_dev;
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

static int
make_room(void)
{
	while (opened.n >= OUT_OPEN)
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
	o->fd = open(o->temp, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (o->fd == -1)
		return -1;
	list_remove(&closed, o);
	list_append(&opened, o);
	return 0;
}

/* Creates a file in dir that was not there; its name is left in name.  Process
 * ids repeat, on other machines too. */
static int
create_temp(const char *dir, struct buf *name)
{
	static uint64_t count;
	int fd;

	do {
		name->n = 0;
		buf_addf(name, "%s/.bt-%ld-%" PRIu64 ".tmp", dir,
		    (long)getpid(), count++);
		fd = open(buf_str(name),
		    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	} while (fd == -1 && errno == EEXIST);
	return fd;
}

/* What gives it up at the exit is registered after what the module has: it
 * runs before. */
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
	o->path = mem_dup(path, strlen(path));
	o->remote = remote;
	o->object = object;
	list_append(&distant, o);
	return o;
}

struct out *
out_new(const char *path)
{
	struct buf temp = { 0 };
	struct out *o;
	struct stat st;
	char *dir;
	int fd;

	if (remote_is(path))
		return new_remote(path);
	dir = folder(path);
	watch_folder(dir);
	fd = make_room() == -1 ? -1 : create_temp(dir, &temp);
	free(dir);
	if (fd != -1 && fstat(fd, &st) == -1) {
		unlink(buf_str(&temp));
		fd = keep_errno(fd);
	}
	if (fd == -1) {
		buf_free(&temp);
		return NULL;
	}
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->fd = fd;
	o->path = mem_dup(path, strlen(path));
	o->temp = mem_dup(temp.p, temp.n);
	o->dev = st.st_dev;
	buf_free(&temp);
	list_append(&opened, o);
	return o;
}

struct out *
out_stdout(void)
{
	struct out *o = mem_alloc(sizeof *o);

	memset(o, 0, sizeof *o);
	o->fd = STDOUT_FILENO;
	return o;
}

int
out_write(struct out *o, const void *p, size_t n)
{
	const char *at = p;
	ssize_t w;
	int status;

	if (o->remote != NULL) {
		status = o->remote->write(o->object, p, n, remote_why());
		errno = ENOLINK;
		return status;
	}
	if (o->path != NULL && need(o) == -1)
		return -1;
	while (n > 0) {
		w = write(o->fd, at, n);
		if (w == -1 && errno == EINTR)
			continue;
		if (w == -1)
			return -1;
		at += w;
		n -= (size_t)w;
	}
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
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	if (fsync(fd) == -1 && errno != EINVAL && errno != ENOTSUP)
		return keep_errno(fd);
	return close(fd);
}

static bool
sync_at_once(struct out **o, size_t n)
{
#ifdef __linux__
	size_t i;

	if (n < 2 || watch == -1)
		return false;
	for (i = 0; i < n; i++)
		if (o[i]->dev != watch_dev)
			return false;
	return true;
#else
	(void)o;
	(void)n;
	return false;
#endif
}

/* Makes what was written durable, of all n. */
static int
sync_data(struct out **o, size_t n, size_t *failed)
{
	*failed = 0;
#ifdef __linux__
	if (sync_at_once(o, n))
		return syncfs(watch);
#endif
	for (; *failed < n; ++*failed)
		if (need(o[*failed]) == -1 || fsync(o[*failed]->fd) == -1)
			return -1;
	return 0;
}

/* Gives the file its name; o is still there. */
static int
put_in_place(struct out *o)
{
	if (o->fd != -1 && park(o) == -1)
		return -1;
	return rename(o->temp, o->path);
}

/* Makes the names durable; outputs of one folder mostly follow each other. */
static int
sync_names(struct out **o, size_t n, size_t *failed)
{
	char *dir, *before = NULL;
	int r = 0;

	for (*failed = 0; r == 0 && *failed < n; ++*failed) {
		if (o[*failed] == NULL)
			continue;
		dir = folder(o[*failed]->path);
		if (before == NULL || strcmp(dir, before) != 0)
			r = sync_folder(dir);
		free(before);
		before = dir;
	}
	free(before);
	*failed -= r != 0;
	return r;
}

/* Gives up those that cannot be put in their places: they are NULL then, and
 * *failed is the first of them. */
static int
place_all(struct out **o, size_t n, size_t *failed)
{
	int reason = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (put_in_place(o[i]) == 0)
			continue;
		if (reason == 0) {
			reason = errno;
			*failed = i;
		}
		out_abort(o[i]);
		o[i] = NULL;
	}
	errno = reason;
	return reason == 0 ? 0 : -1;
}

static void
abort_all(struct out **o, size_t n)
{
	while (n > 0)
		out_abort(o[--n]);
}

static int
commit_remote(struct out **o, size_t n, size_t *failed)
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
	r = remote->commit(objects, n, failed, remote_why());
	free(objects);
	errno = ENOLINK;
	return r;
}

int
out_commit_group(struct out **o, size_t n, size_t *failed)
{
	size_t i, unsynced;
	int r, reason;

	if (o[0]->remote != NULL)
		return commit_remote(o, n, failed);
	if (sync_data(o, n, failed) == -1) {
		abort_all(o, n);
		return -1;
	}
	r = place_all(o, n, failed);
	reason = errno;
	if (sync_names(o, n, &unsynced) == -1 && r == 0) {
		r = -1;
		reason = errno;
		*failed = unsynced;
	}
	for (i = 0; i < n; i++)
		if (o[i] != NULL) {
			list_remove(&closed, o[i]);
			forget(o[i]);
		}
	errno = reason;
	return r;
}

int
out_commit(struct out *o)
{
	size_t failed;
	int r;

	if (o->path != NULL)
		return out_commit_group(&o, 1, &failed);
	r = close(o->fd);
	forget(o);
	return r;
}
