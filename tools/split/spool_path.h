/*
 * The names of spool files.
 */
#ifndef SPLIT_SPOOL_PATH_H
#define SPLIT_SPOOL_PATH_H

#include "split/split.h"

/* Whether the name is one of gzip data. */
bool spool_is_packed(const char *name);

/*
 * Where the object called name (NULL: standard input, which has no name) is to
 * be kept; yours to free.  Folders that this is in are made.  NULL, and *why,
 * where there is no telling: in a folder, without a name.
 */
char *spool_path(const struct split *sp, const char *name, const char **why);

#endif
