#include "predict/memory.h"

#include <stdio.h>
#include <unistd.h>

#include "predict/children.h"

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

uint64_t
memory_of_tree(pid_t pid)
{
	struct buf pids = { 0 };
	uint64_t bytes = 0;
	long next = pid;
	size_t at = 0;

	for (;;) {
		bytes += bytes_of(next);
		children_add(&pids, next);
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
memory_of_tree(pid_t pid)
{
	(void)pid;
	return 0;
}
#endif
