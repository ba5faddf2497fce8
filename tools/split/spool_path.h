/*
 * The names of spool files.
 */
#ifndef SPLIT_SPOOL_PATH_H
#define SPLIT_SPOOL_PATH_H

#include "split/split.h"

/* Whether the name is one of gzip data. */
bool spool_is_packed(const char *name);

/*
 * The path of the spool file for the object called name (NULL: standard input,
 * which has no name); yours to free.  Its folders are made.  NULL, and *why, if
 * the name gives no path in the folder.
 */
char *spool_path(const struct split *sp, const char *name, const char **why);

#endif
