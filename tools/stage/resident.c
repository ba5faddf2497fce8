#include "stage/resident.h"

#include <stdio.h>
#include <unistd.h>

uint64_t
resident_bytes(pid_t pid)
{
#ifdef __linux__
	unsigned long pages = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/statm", (long)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
#else
	(void)pid;
	return 0;
#endif
}
