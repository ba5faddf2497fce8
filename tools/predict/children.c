#include "predict/children.h"

#include <dirent.h>
#include <stdio.h>

/* Those that one of pid's threads has. */
static void
add_of(struct buf *pids, long pid, const char *thread)
{
	char path[320];
	long child;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/task/%s/children", pid, thread);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	while (fscanf(f, "%ld", &child) == 1)
		buf_add(pids, (const char *)&child, sizeof child);
	fclose(f);
}

void
children_add(struct buf *pids, long pid)
{
	struct dirent *e;
	char path[64];
	DIR *d;

	snprintf(path, sizeof path, "/proc/%ld/task", pid);
	d = opendir(path);
	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			add_of(pids, pid, e->d_name);
	closedir(d);
}
