/*
 * Folders with all that is in them.
 */
#ifndef IO_TREE_H
#define IO_TREE_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Removes the folder at path and what is in it; links are removed, not
 * followed.  Returns 0, also if there is none, or -1 and errno with some of
 * it left.
 */
int tree_remove(const char *path);

/*
 * Makes the folders that the last component of path is in, if they are
 * missing.  Returns 0, or -1 and errno.
 */
int tree_make_above(const char *path);

/* The same; adds to parents, for whoever makes the new names durable, the
 * folders that hold them, a NUL after each.  Also if it fails. */
int tree_make_noted(const char *path, struct buf *parents);

/* Whether name, which should be in a folder, leads out of it: a component
 * of it is "..". */
bool tree_leaves(const char *name);

#endif
