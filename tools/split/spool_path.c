#include "split/spool_path.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "io/tree.h"

bool
spool_is_packed(const char *name)
{
	size_t n = strlen(name);

	return n > 3 && strcasecmp(name + n - 3, ".gz") == 0;
}

/* The name in the folder: without .gz, or if there is a prefix, what follows
 * that. */
static int
add_name(struct buf *path, const struct split *sp, const char *name,
    const char **why)
{
	const char *slash = strrchr(name, '/');

	if (sp->prefix == NULL) {
		name = slash != NULL ? slash + 1 : name;
		buf_add(
		    path, name, strlen(name) - (spool_is_packed(name) ? 3 : 0));
		return 0;
	}
	if (strncmp(name, sp->prefix, strlen(sp->prefix)) != 0) {
		*why = "it does not begin with the input prefix";
		return -1;
	}
	name += strlen(sp->prefix);
	name += strspn(name, "/");
	if (*name == '\0' || tree_leaves(name)) {
		*why = "no file name follows the input prefix";
		return -1;
	}
	buf_adds(path, name);
	return 0;
}

char *
spool_path(const struct split *sp, const char *name, const char **why)
{
	size_t n = strlen(sp->spool);
	struct buf path = { 0 };
	struct stat st;
	bool folder = sp->spool[n - 1] == '/' ||
		      (stat(sp->spool, &st) == 0 && S_ISDIR(st.st_mode));

	buf_add(&path, sp->spool, n);
	if (folder) {
		if (path.p[n - 1] != '/')
			buf_addc(&path, '/');
		*why = "it has no name for a file there; give -o FILE";
		if (name == NULL || add_name(&path, sp, name, why) == -1) {
			buf_free(&path);
			return NULL;
		}
	}
	buf_str(&path);
	/* If they cannot be made, the file cannot either, which says why. */
	tree_make_above(path.p);
	return path.p;
}
