/*
 * Memory that is there: these end the process with a message and status 1
 * when there is none, so callers check nothing.  What they return is freed
 * with free(3).
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* n bytes, not set; n may be 0. */
void *mem_alloc(size_t n);

/* The same; NULL, and errno, if there is no memory. */
void *mem_try(size_t n);

/*
 * *n bytes, not set, that will all be used, again and again; *n becomes how
 * many there are, which may be more.  They are in large pages if the system has
 * some: a fault for 2 MB instead of one for 4 KB.
 */
void *mem_large(size_t *n);

/* p, or NULL, grown or cut to n elements of size bytes each; p is gone. */
void *mem_resize(void *p, size_t n, size_t size);

/*
 * p, or NULL, which has room for *room elements of size bytes each, with room
 * for n at least: *room says for how many.  It grows by half, so that adding
 * one by one takes linear time.
 */
void *mem_grow(void *p, size_t *room, size_t n, size_t size);

/* A copy of n bytes at p with a NUL after them. */
char *mem_dup(const char *p, size_t n);

/* A copy of a string; NULL of none. */
char *mem_str(const char *text);

#endif
