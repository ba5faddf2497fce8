#include "io/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static int empty(int fd);

static int
remove_entry(int folder, const char *name)
{
	int fd, got;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM && errno != EACCES)
		return -1;
	fd = openat(
	    folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	got = empty(fd);
	if (got == 0 && unlinkat(folder, name, AT_REMOVEDIR) == -1 &&
	    errno != ENOENT)
		return -1;
	return got;
}

/* Removes the folder's entries, and closes fd. */
static int
empty(int fd)
{
	DIR *d = fdopendir(fd);
	struct dirent *entry;
	int got = 0, why = 0;

	if (d == NULL) {
		why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    remove_entry(fd, entry->d_name) == -1) {
			got = -1;
			why = errno;
		}
	closedir(d);
	if (got == -1)
		errno = why;
	return got;
}

int
tree_remove(const char *path)
{
	return remove_entry(AT_FDCWD, path);
}

int
tree_make_above(const char *path)
{
	return tree_make_noted(path, NULL);
}

int
tree_make_noted(const char *path, struct buf *parents)
{
	char *p = mem_str(path), *slash = p;
	size_t parent = *p == '/'; /* its length */
	int got = 0;

	while (got == 0 && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(p, 0777) == -1) {
			got = errno == EEXIST ? 0 : -1;
		} else if (parents != NULL) {
			buf_add(parents, parent > 0 ? p : ".",
			    parent > 0 ? parent : 1);
			buf_addc(parents, '\0');
		}
		parent = (size_t)(slash - p);
		*slash = '/';
	}
	free(p);
	return got;
}

bool
tree_leaves(const char *name)
{
	const char *slash;

	for (;; name = slash + 1) {
		slash = strchr(name, '/');
		if (strncmp(name, "..", 2) == 0 &&
		    (name[2] == '/' || name[2] == '\0'))
			return true;
		if (slash == NULL)
			return false;
	}
}
