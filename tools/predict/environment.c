#include "predict/environment.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

extern char **environ;

/* The process's, which was last replaced. */
static char **base;

static char **
copy(char *const *list, size_t more)
{
	size_t n = 0;
	char **new;

	while (list[n] != NULL)
		n++;
	new = mem_resize(NULL, n + more + 1, sizeof *new);
	memcpy(new, list, (n + 1) * sizeof *new);
	return new;
}

/* The current list, which replaces an earlier one.  It is a copy if setenv(3)
 * has made it, which may free it later. */
static char **
keep(char **earlier)
{
	if (environ == earlier)
		return earlier;
	free(earlier);
	return copy(environ, 0);
}

/* There is room for one more in list. */
static void
set(char **list, const struct bt_parameter *p)
{
	size_t n = strlen(p->key);
	struct buf pair = { 0 };

	buf_addf(&pair, "%s=%s", p->key, p->value);
	buf_str(&pair);
	while (*list != NULL &&
	       (strncmp(*list, p->key, n) != 0 || (*list)[n] != '='))
		list++;
	if (*list == NULL)
		list[1] = NULL;
	*list = pair.p;
}

void
environment_make(struct environment *e, const struct bt_parameter *p, size_t n)
{
	size_t i;

	e->list = copy(environ, n);
	for (i = 0; i < n; i++)
		set(e->list, &p[i]);
}

void
environment_enter(struct environment *e)
{
	if (e->list == NULL)
		return;
	base = keep(base);
	environ = e->list;
}

void
environment_leave(struct environment *e)
{
	if (e->list == NULL)
		return;
	e->list = keep(e->list);
	environ = base;
}
