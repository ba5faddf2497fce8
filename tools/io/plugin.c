#include "io/plugin.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether NAME.so is in a folder of the list; path is then its path. */
static bool
is_in_list(struct buf *path, const char *list, const char *name)
{
	size_t n;

	for (; *list != '\0'; list += n + (list[n] == ':')) {
		n = strcspn(list, ":");
		if (n == 0)
			continue;
		path->n = 0;
		buf_add(path, list, n);
		buf_addf(path, "/%s.so", name);
		if (access(buf_str(path), F_OK) == 0)
			return true;
	}
	return false;
}

/* Adds folders near the program's own, if the system tells where it is. */
static void
add_own_places(struct buf *places)
{
#ifdef __linux__
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);

	while (n > 0 && self[n - 1] != '/')
		n--;
	if (n > 0) {
		buf_add(places, self, (size_t)n);
		buf_adds(places, "plugins:");
		buf_add(places, self, (size_t)n);
		buf_adds(places, "../lib/bt:");
	}
#else
	(void)places;
#endif
}

int
plugin_find(const char *name, struct buf *path, struct buf *why)
{
	const char *given = getenv("BT_PLUGIN_PATH");
	struct buf places = { 0 };
	bool found;

	if (given != NULL && *given != '\0')
		buf_addf(&places, "%s:", given);
	add_own_places(&places);
	buf_adds(&places, BT_PLUGIN_DIR);
	found = is_in_list(path, buf_str(&places), name);
	if (!found)
		buf_addf(why, "no %s.so in %s", name, places.p);
	buf_free(&places);
	return found ? 0 : -1;
}
