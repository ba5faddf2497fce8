/*
 * A file that an object's bytes are kept in while they are used, because where
 * they come from cannot be read again.
 */
#ifndef IO_SPOOL_H
#define IO_SPOOL_H

#include <stddef.h>

struct spool;

/*
 * Makes the file at path, or empties the one there is; NULL and errno.  It
 * must not be the file at input (NULL: standard input): EEXIST.
 */
struct spool *spool_new(const char *path, const char *input);

/* Writes n bytes at its end: 0, or -1 and errno. */
int spool_write(struct spool *s, const void *p, size_t n);

/* Keeps the file: 0, or -1 and errno.  s is gone either way. */
int spool_close(struct spool *s);

#endif
