/*
 * Names that this process has seen: no object is cut twice, no spool is made of
 * two, and no input is overwritten.
 */
#ifndef SPLIT_NAMES_H
#define SPLIT_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/table.h"

/*
 * Whether the name was not in the set, and is now.  Paths of this machine that
 * differ only by "./" and "//" are one.
 */
bool names_is_new(struct table *set, const char *name);

/* Notes that the file at path (NULL: standard input), if there is one, is an
 * input; and whether a file was noted so. */
void names_input(const char *path);
bool names_is_input(dev_t dev, ino_t ino);

#endif
