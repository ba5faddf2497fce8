#include "base/mem.h"

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20 };

/*
 * malloc(3) has many bytes begin 16 after a page's start.  Where the kernel
 * copies a page of a file to a place up to 31 bytes further into its page, some
 * processors (Zen 3) take four times as long.
 */
enum { MANY = 64 << 10, LINE = 64 };

void *
mem_try(size_t n)
{
	void *p = NULL;
	int error;

	if (n < MANY)
		return malloc(n > 0 ? n : 1);
	if ((error = posix_memalign(&p, LINE, n)) == 0)
		return p;
	errno = error; /* otherwise the caller's stays */
	return NULL;
}

void *
mem_alloc(size_t n)
{
	void *p = mem_try(n);

	if (p == NULL)
		err(1, NULL);
	return p;
}

void *
mem_large(size_t *n)
{
	size_t over = *n % LARGE_PAGE;
	void *p;

	if (*n < LARGE_PAGE || *n > SIZE_MAX - LARGE_PAGE)
		return mem_alloc(*n);
	*n += over > 0 ? LARGE_PAGE - over : 0;
	p = aligned_alloc(LARGE_PAGE, *n);
	if (p == NULL)
		err(1, NULL);
#ifdef MADV_HUGEPAGE
	madvise(p, *n, MADV_HUGEPAGE); /* where this fails, pages are small */
#endif
	return p;
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	if (size > 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		err(1, NULL);
	}
	p = realloc(p, n * size > 0 ? n * size : 1);
	if (p == NULL)
		err(1, NULL);
	return p;
}

void *
mem_grow(void *p, size_t *room, size_t n, size_t size)
{
	if (n <= *room)
		return p;
	*room += *room / 2 + 16;
	if (*room < n)
		*room = n;
	return mem_resize(p, *room, size);
}

char *
mem_dup(const char *p, size_t n)
{
	char *q = mem_alloc(n + 1);

	if (n > 0)
		memcpy(q, p, n);
	q[n] = '\0';
	return q;
}

char *
mem_str(const char *text)
{
	return text == NULL ? NULL : mem_dup(text, strlen(text));
}
