#include "join/object.h"

#include <limits.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "io/remote.h"
#include "io/tree.h"

static struct object **
find(const struct objects *t, struct span name)
{
	size_t i = hash_span(name);

	while (t->slot[i &= t->size - 1] != NULL &&
	       !span_is(name, t->slot[i]->name))
		i++;
	return &t->slot[i];
}

static void
grow(struct objects *t)
{
	struct object *o;

	free(t->slot);
	t->size = t->size > 0 ? t->size * 2 : 64;
	t->slot = mem_alloc(t->size * sizeof *t->slot);
	memset(t->slot, 0, t->size * sizeof *t->slot);
	for (o = t->first; o != NULL; o = o->following) {
		struct span name = { o->name, strlen(o->name) };

		*find(t, name) = o;
	}
}

struct object *
objects_get(struct objects *t, struct span name)
{
	struct object *o, **slot;

	if (t->n >= t->size / 2)
		grow(t);
	slot = find(t, name);
	if (*slot != NULL)
		return *slot;
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->name = mem_dup(name.p, name.n);
	o->early.element = sizeof(struct early);
	*(t->last != NULL ? &t->last->following : &t->first) = o;
	t->last = o;
	t->n++;
	return *slot = o;
}

void
objects_free(struct objects *t)
{
	struct object *o, *following;
	struct early *early;

	for (o = t->first; o != NULL; o = following) {
		following = o->following;
		while ((early = settled_after(&o->early, 0)) != NULL) {
			free(early->line);
			settled_drop_first(&o->early);
		}
		settled_free(&o->early);
		free(o->tail);
		free(o->path);
		free(o->name);
		free(o);
	}
	free(t->slot);
	memset(t, 0, sizeof *t);
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
