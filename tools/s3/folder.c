#include "s3/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"

struct s3_folder {
	int root; /* the folder */
	bool overwrite;
	unsigned count;
	int fd;	    /* of the unfinished file, or -1 */
	int dir;    /* where it will be */
	char *name; /* in dir */
	char temporary[64];
};

struct s3_folder *
s3_folder_new(const char *folder, bool overwrite)
{
	struct s3_folder *f;
	int fd;

	if (mkdir(folder, 0777) == -1 && errno != EEXIST)
		return NULL;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return NULL;
	f = mem_alloc(sizeof *f);
	memset(f, 0, sizeof *f);
	f->root = fd;
	f->overwrite = overwrite;
	f->fd = f->dir = -1;
	return f;
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

/* Opens the folder of the file, or -1; if make, creates it first.  *last
 * becomes the file's name in it.  Symbolic links are not followed, as they may
 * lead outside. */
static int
enter(int folder, const char *name, const char **last, bool make)
{
	int fd = dup(folder), next, saved;
	size_t n;

	while (fd != -1 && name[n = strcspn(name, "/")] == '/') {
		char *part = mem_dup(name, n);

		next =
		    make && mkdirat(fd, part, 0777) == -1 && errno != EEXIST
			? -1
			: openat(fd, part,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		saved = errno;
		close(fd);
		errno = saved;
		fd = next;
		name += strlen(part) + 1;
		free(part);
	}
	*last = name;
	return fd;
}

static void
forget(struct s3_folder *f)
{
	if (f->fd != -1)
		close(f->fd);
	if (f->dir != -1)
		close(f->dir);
	f->fd = f->dir = -1;
	free(f->name);
	f->name = NULL;
}

bool
s3_folder_has(struct s3_folder *f, const char *name)
{
	const char *last;
	struct stat st;
	int dir;
	bool has;

	if (!is_path(name))
		return false;
	dir = enter(f->root, name, &last, false);
	has = dir != -1 && fstatat(dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	      S_ISREG(st.st_mode);
	if (dir != -1)
		close(dir);
	return has;
}

int
s3_folder_begin(struct s3_folder *f, const char *name, struct buf *why)
{
	const char *last;
	struct stat st;

	if (!is_path(name)) {
		buf_adds(why, "its name is not a valid file path");
		return -1;
	}
	f->dir = enter(f->root, name, &last, true);
	if (f->dir == -1) {
		buf_addf(why, "its folder: %s", strerror(errno));
		return -1;
	}
	if (!f->overwrite &&
	    fstatat(f->dir, last, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		buf_adds(why, "the file already exists");
		forget(f);
		return -1;
	}
	f->name = mem_str(last);
	/* Process ids repeat: an earlier process may have left its file. */
	do {
		snprintf(f->temporary, sizeof f->temporary, ".bt-%ld-%u.tmp",
		    (long)getpid(), f->count++);
		f->fd = openat(f->dir, f->temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (f->fd == -1 && errno == EEXIST);
	if (f->fd == -1) {
		buf_adds(why, strerror(errno));
		forget(f);
		return -1;
	}
	return 0;
}

int
s3_folder_write(struct s3_folder *f, const void *p, size_t n)
{
	return fd_write(f->fd, p, n);
}

/* link(2) does not replace, rename(2) does. */
int
s3_folder_commit(struct s3_folder *f)
{
	int status, error;

	status = close(f->fd);
	f->fd = -1;
	if (status == 0 && f->overwrite)
		status = renameat(f->dir, f->temporary, f->dir, f->name);
	else if (status == 0)
		status = linkat(f->dir, f->temporary, f->dir, f->name, 0);
	error = errno;
	unlinkat(f->dir, f->temporary, 0);
	forget(f);
	errno = error;
	return status;
}

void
s3_folder_abort(struct s3_folder *f)
{
	if (f->fd != -1)
		unlinkat(f->dir, f->temporary, 0);
	forget(f);
}

void
s3_folder_free(struct s3_folder *f)
{
	if (f == NULL)
		return;
	s3_folder_abort(f);
	close(f->root);
	free(f);
}
