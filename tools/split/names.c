#include "split/names.h"

#include <err.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/remote.h"

struct file {
	dev_t dev;
	ino_t ino;
};

static void *inputs;

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int
compare_files(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/* A key of its own for the name, yours to free. */
static char *
tidied(const char *name)
{
	struct buf path = { 0 };
	size_t n;

	if (remote_is(name))
		return mem_str(name);
	/* An absolute one has a slash more before its first name. */
	if (*name == '/')
		buf_addc(&path, '/');
	for (; *name != '\0'; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n == 0 || (n == 1 && *name == '.'))
			continue;
		buf_addc(&path, '/');
		buf_add(&path, name, n);
	}
	return buf_take(&path);
}

/* Whether the key was not in the set, and is now. */
static bool
add(void **set, const void *key, int (*compare)(const void *, const void *))
{
	const void *const *found = tsearch(key, set, compare);

	if (found == NULL) {
		errno = ENOMEM;
		err(1, NULL);
	}
	return *found == key;
}

bool
names_is_new(void **set, const char *name)
{
	char *key = tidied(name);

	if (add(set, key, compare_names))
		return true;
	free(key);
	return false;
}

void
names_input(const char *path)
{
	struct file *f = mem_alloc(sizeof *f);
	struct stat st;

	if (path == NULL ? fstat(STDIN_FILENO, &st) == 0
			 : !remote_is(path) && stat(path, &st) == 0) {
		*f = (struct file){ st.st_dev, st.st_ino };
		if (add(&inputs, f, compare_files))
			return;
	}
	free(f);
}

bool
names_is_input(dev_t dev, ino_t ino)
{
	struct file f = { dev, ino };

	return tfind(&f, &inputs, compare_files) != NULL;
}
