#include "base/cpu.h"

#include <stdlib.h>
#include <string.h>

const struct cpu_body *
cpu_pick(const struct cpu_body *const *bodies)
{
	const char *name = getenv("BT_CPU");
	const struct cpu_body *const *b;

#if defined __x86_64__ || defined __i386__
	/* Needed where constructors call this. */
	__builtin_cpu_init();
#endif
	for (b = bodies; name != NULL && *b != NULL; b++)
		if (strcmp((*b)->name, name) == 0 && (*b)->usable())
			return *b;
	for (b = bodies; *b != NULL && !(*b)->usable(); b++)
		continue;
	return *b;
}
