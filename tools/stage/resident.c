#include "stage/resident.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"

#ifdef __linux__
static uint64_t
bytes_of(long pid)
{
	unsigned long pages = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/statm", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Adds the processes that one of pid's threads has started. */
static void
add_children(struct buf *pids, long pid, const char *thread)
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

static void
add_started(struct buf *pids, long pid)
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
			add_children(pids, pid, e->d_name);
	closedir(d);
}

uint64_t
resident_tree(pid_t pid)
{
	struct buf pids = { 0 };
	uint64_t bytes = 0;
	long next = pid;
	size_t at = 0;

	for (;;) {
		bytes += bytes_of(next);
		add_started(&pids, next);
		if (at == pids.n)
			break;
		memcpy(&next, pids.p + at, sizeof next);
		at += sizeof next;
	}
	buf_free(&pids);
	return bytes;
}
#else
uint64_t
resident_tree(pid_t pid)
{
	(void)pid;
	return 0;
}
#endif
