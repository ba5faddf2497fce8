#include "join/object.h"

#include <limits.h>
#include <stdlib.h>

#include "io/remote.h"
#include "io/tree.h"

struct object *
objects_get(struct table *objects, struct span name)
{
	struct object *o = table_get(objects, name, sizeof *o);

	o->name = o->entry.key.p;
	o->early.element = sizeof(struct early);
	return o;
}

void
objects_free(struct table *objects)
{
	struct object *o = NULL;
	struct early *early;

	while ((o = table_next(objects, o)) != NULL) {
		while ((early = settled_after(&o->early, 0)) != NULL) {
			free(early->line);
			settled_drop_first(&o->early);
		}
		settled_free(&o->early);
		free(o->tail);
		free(o->path);
	}
	table_free(objects);
}

const char *
object_stem(const char *path, const char *prefix, const char **why)
{
	const char *slash;

	if (prefix == NULL) {
		slash = strrchr(path, '/');
		return slash != NULL ? slash + 1 : path;
	}
	if (strncmp(path, prefix, strlen(prefix)) != 0) {
		*why = "does not begin with the input prefix";
		return NULL;
	}
	path += strlen(prefix);
	return path + strspn(path, "/");
}

/* Adds name as the file system reads it: without empty and . components. */
static void
add_tidy(struct buf *out, const char *name)
{
	size_t n, start = out->n;

	for (; *name != '\0'; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n == 0 || (n == 1 && *name == '.'))
			continue;
		if (out->n > start)
			buf_addc(out, '/');
		buf_add(out, name, n);
	}
}

int
object_name(struct buf *out, const char *path, const char *dir,
    const char *prefix, const char **why)
{
	const char *name = object_stem(path, prefix, why), *last;

	if (name == NULL)
		return -1;
	last = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
	if (*last == '\0' || (!remote_is(dir) && strcmp(last, ".") == 0)) {
		*why = "leaves no name for the output";
		return -1;
	}
	if (!remote_is(dir) && strlen(last) + strlen(".out") > NAME_MAX) {
		*why = "is too long for a name with .out";
		return -1;
	}
	if (tree_leaves(name)) {
		*why = "would lead out of the output folder";
		return -1;
	}
	buf_adds(out, dir);
	if (!remote_is(dir) || dir[strlen(dir) - 1] != '/')
		buf_addc(out, '/');
	if (remote_is(dir))
		buf_adds(out, name);
	else
		add_tidy(out, name);
	buf_adds(out, ".out");
	return 0;
}
