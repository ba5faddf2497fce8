#include "predict/libarchive.h"

#include <dlfcn.h>
#include <stddef.h>

static int
find(void *library, const char *name, void *function, struct buf *why)
{
	void *symbol = dlsym(library, name);

	if (symbol == NULL) {
		buf_addf(why, "libarchive has no %s", name);
		return -1;
	}
	/* POSIX lets a pointer from dlsym be a function's, ISO C has no cast.
	 */
	memcpy(function, &symbol, sizeof symbol);
	return 0;
}

int
libarchive_open(struct libarchive *lib, struct buf *why)
{
	void *library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		library = dlopen("libarchive.so", RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		buf_addf(why, "to unpack it takes libarchive: %s", dlerror());
		return -1;
	}
#define FIND(name)                                                             \
	if (find(library, #name, &lib->name, why) == -1)                       \
		return -1;
	LIBARCHIVE_FUNCTIONS(FIND)
#undef FIND
	return 0;
}
