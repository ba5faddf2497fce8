#include "stage/split_spool.h"

#include <search.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"

bool
spool_is_packed(const char *name)
{
	size_t n = strlen(name);

	return n > 3 && strcasecmp(name + n - 3, ".gz") == 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;
	size_t n = strlen(path);

	return (n > 0 && path[n - 1] == '/') ||
	       (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* NAME-without-.gz in the folder. */
static char *
name_in(const char *folder, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash != NULL ? slash + 1 : name;
	size_t n = strlen(folder);
	struct buf path = { 0 };

	buf_add(&path, folder, n);
	if (folder[n - 1] != '/')
		buf_addc(&path, '/');
	buf_add(&path, base, strlen(base) - (spool_is_packed(base) ? 3 : 0));
	buf_str(&path);
	return path.p;
}

char *
spool_path(const struct split *sp, const char *name)
{
	if (!is_folder(sp->spool))
		return mem_dup(sp->spool, strlen(sp->spool));
	if (name == NULL)
		return NULL;
	/* Where it cannot be made, nor can the file, which says why. */
	mkdir(sp->spool, 0777);
	return name_in(sp->spool, name);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool
spool_is_taken(const char *path)
{
	static void *taken;
	char *copy = mem_dup(path, strlen(path));
	void *const *found = tsearch(copy, &taken, compare_names);

	if (found != NULL && *found == copy)
		return false;
	free(copy);
	return true;
}
