/*
 * What this process has had: no object is cut twice, no spool is made of two,
 * and no input is written over.
 */
#ifndef SPLIT_NAMES_H
#define SPLIT_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether this is called for the first time with that name in the set at *set,
 * which is NULL to begin with and is never freed.  Paths of this machine are
 * one where they differ by "./" and "//" only.
 */
bool names_is_new(void **set, const char *name);

/* Notes that the file at path (NULL: standard input), if there is one, is an
 * input; and whether a file was noted so. */
void names_input(const char *path);
bool names_is_input(dev_t dev, ino_t ino);

#endif
