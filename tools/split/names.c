#include "split/names.h"

#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/remote.h"

/* A file, without the padding that a struct may have. */
struct file {
	uint64_t dev, ino;
};

static struct table inputs;

/* Adds one spelling for all that name the same path. */
static void
add_tidy(struct buf *path, const char *name)
{
	size_t n;

	if (remote_is(name)) {
		buf_adds(path, name);
		return;
	}
	/* An absolute one has a slash more before its first name. */
	if (*name == '/')
		buf_addc(path, '/');
	for (; *name != '\0'; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n == 0 || (n == 1 && *name == '.'))
			continue;
		buf_addc(path, '/');
		buf_add(path, name, n);
	}
}

bool
names_is_new(struct table *set, const char *name)
{
	size_t before = set->n;
	struct buf path = { 0 };

	add_tidy(&path, name);
	table_get(set, buf_span(&path), sizeof(struct table_entry));
	buf_free(&path);
	return set->n > before;
}

void
names_input(const char *path)
{
	struct file f;
	struct stat st;

	if (path == NULL ? fstat(STDIN_FILENO, &st) == -1
			 : remote_is(path) || stat(path, &st) == -1)
		return;
	f = (struct file){ st.st_dev, st.st_ino };
	table_get(&inputs, (struct span){ (const char *)&f, sizeof f },
	    sizeof(struct table_entry));
}

bool
names_is_input(dev_t dev, ino_t ino)
{
	struct file f = { dev, ino };

	return table_find(&inputs,
		   (struct span){ (const char *)&f, sizeof f }) != NULL;
}
