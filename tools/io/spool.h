/*
 * A file that an object's bytes are kept in while they are used, because where
 * they come from cannot be read again.
 */
#ifndef IO_SPOOL_H
#define IO_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct spool;

/* Whether that file is one of those that are read. */
typedef bool spool_is_input(dev_t dev, ino_t ino);

/*
 * Makes the file at path; NULL and errno, EEXIST if there is one.  With
 * overwrite a regular file is written over from its start and stays as long as
 * it is: whoever reads the same bytes in it meanwhile goes on reading them.
 * EEXIST then means that it is an input, EINVAL that it is not a regular file.
 */
struct spool *spool_new(
    const char *path, bool overwrite, spool_is_input *is_input);

/* Writes n bytes at its end: 0, or -1 and errno. */
int spool_write(struct spool *s, const void *p, size_t n);

/* Keeps the file, and if it is whole cuts off what it had after that: 0, or
 * -1 and errno.  s is gone either way. */
int spool_close(struct spool *s, bool whole);

#endif
