#include "predict/memory.h"

#include <stdio.h>
#include <unistd.h>

#include "predict/children.h"

#ifdef __linux__
uint64_t
memory_of_tree(pid_t pid)
{
	struct buf pids = { 0 };
	unsigned long pages;
	uint64_t sum = 0;
	long next = pid;
	size_t at = 0;
	char path[64];
	FILE *f;

	for (;;) {
		snprintf(path, sizeof path, "/proc/%ld/statm", next);
		f = fopen(path, "re");
		if (f != NULL) {
			if (fscanf(f, "%*u %lu", &pages) == 1)
				sum += pages;
			fclose(f);
		}
		children_add(&pids, next);
		if (at == pids.n)
			break;
		memcpy(&next, pids.p + at, sizeof next);
		at += sizeof next;
	}
	buf_free(&pids);
	return sum * (uint64_t)sysconf(_SC_PAGESIZE);
}
#else
uint64_t
memory_of_tree(pid_t pid)
{
	(void)pid;
	return 0;
}
#endif
