#include "io/plugin.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void
plugin_places(struct buf *places)
{
	const char *given = getenv("BT_PLUGIN_PATH");

	if (given != NULL && *given != '\0')
		buf_addf(places, "%s:", given);
	add_own_places(places);
	buf_adds(places, BT_PLUGIN_DIR);
}

int
plugin_find(const char *name, struct buf *path, struct buf *why)
{
	struct buf places = { 0 };
	bool found = false;
	const char *p;
	size_t n;

	plugin_places(&places);
	for (p = buf_str(&places); !found && *p != '\0';
	     p += n + (p[n] == ':')) {
		n = strcspn(p, ":");
		if (n == 0)
			continue;
		path->n = 0;
		buf_add(path, p, n);
		buf_addf(path, "/%s.so", name);
		found = access(buf_str(path), F_OK) == 0;
	}
	if (!found)
		buf_addf(why, "no %s.so in %s", name, places.p);
	buf_free(&places);
	return found ? 0 : -1;
}
