#include "s3/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"

struct s3_download {
	int folder;
	bool overwrite;
	unsigned count;
	int fd;	    /* of the file under way, or -1 */
	int dir;    /* where it will be */
	char *name; /* in dir */
	char temporary[64];
};

struct s3_download *
s3_download_new(const char *folder, bool overwrite)
{
	struct s3_download *d;
	int fd;

	if (mkdir(folder, 0777) == -1 && errno != EEXIST)
		return NULL;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return NULL;
	d = mem_alloc(sizeof *d);
	memset(d, 0, sizeof *d);
	d->folder = fd;
	d->overwrite = overwrite;
	d->fd = d->dir = -1;
	return d;
}

/* Whether each part of it between slashes is the name of a file. */
static bool
is_path(const char *name)
{
	const char *p = name;
	size_t n;

	do {
		n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
	} while (*p++ == '/');
	return true;
}

/* The folder of the file, made where it may be, or -1; *last is the file's name
 * in it.  Links are not followed: they may lead outside. */
static int
enter(int folder, const char *name, const char **last, bool make)
{
	int fd = dup(folder), next;
	size_t n;

	while (fd != -1 && name[n = strcspn(name, "/")] == '/') {
		char *part = mem_dup(name, n);

		next =
		    make && mkdirat(fd, part, 0777) == -1 && errno != EEXIST
			? -1
			: openat(fd, part,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		n = (size_t)errno;
		close(fd);
		errno = (int)n;
		fd = next;
		name += strlen(part) + 1;
		free(part);
	}
	*last = name;
	return fd;
}

static void
forget(struct s3_download *d)
{
	if (d->fd != -1)
		close(d->fd);
	if (d->dir != -1)
		close(d->dir);
	d->fd = d->dir = -1;
	free(d->name);
	d->name = NULL;
}

bool
s3_download_has(struct s3_download *d, const char *name)
{
	const char *last;
	struct stat st;
	int dir;
	bool has;

	if (!is_path(name))
		return false;
	dir = enter(d->folder, name, &last, false);
	has = dir != -1 && fstatat(dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	      S_ISREG(st.st_mode);
	if (dir != -1)
		close(dir);
	return has;
}

int
s3_download_begin(struct s3_download *d, const char *name, struct buf *why)
{
	const char *last;
	struct stat st;

	if (!is_path(name)) {
		buf_adds(why, "its name is no path of a file");
		return -1;
	}
	d->dir = enter(d->folder, name, &last, true);
	if (d->dir == -1) {
		buf_addf(why, "its folder: %s", strerror(errno));
		return -1;
	}
	if (!d->overwrite &&
	    fstatat(d->dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		buf_adds(why, "the file is there already");
		forget(d);
		return -1;
	}
	d->name = mem_dup(last, strlen(last));
	snprintf(d->temporary, sizeof d->temporary, ".bt-%ld-%u.tmp",
	    (long)getpid(), d->count++);
	d->fd = openat(d->dir, d->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (d->fd == -1) {
		buf_adds(why, strerror(errno));
		forget(d);
		return -1;
	}
	return 0;
}

int
s3_download_write(struct s3_download *d, const void *p, size_t n)
{
	return fd_write(d->fd, p, n);
}

/* link(2) does not replace, rename(2) does. */
int
s3_download_commit(struct s3_download *d)
{
	int status, error;

	status = close(d->fd);
	d->fd = -1;
	if (status == 0 && d->overwrite)
		status = renameat(d->dir, d->temporary, d->dir, d->name);
	else if (status == 0)
		status = linkat(d->dir, d->temporary, d->dir, d->name, 0);
	error = errno;
	unlinkat(d->dir, d->temporary, 0);
	forget(d);
	errno = error;
	return status;
}

void
s3_download_abort(struct s3_download *d)
{
	if (d->fd != -1)
		unlinkat(d->dir, d->temporary, 0);
	forget(d);
}

void
s3_download_free(struct s3_download *d)
{
	if (d == NULL)
		return;
	s3_download_abort(d);
	close(d->folder);
	free(d);
}
