#include "predict/children.h"

#include <dirent.h>
#include <stdio.h>

void
children_add(struct buf *pids, long pid)
{
	struct dirent *e;
	char path[320];
	long child;
	FILE *f;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%ld/task", pid);
	d = opendir(path);
	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) { /* each of its threads */
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%ld/task/%s/children", pid,
		    e->d_name);
		f = fopen(path, "re");
		if (f == NULL)
			continue;
		while (fscanf(f, "%ld", &child) == 1)
			buf_add(pids, (const char *)&child, sizeof child);
		fclose(f);
	}
	closedir(d);
}
