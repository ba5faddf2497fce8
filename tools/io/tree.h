/*
 * Folders with all that is in them.
 */
#ifndef IO_TREE_H
#define IO_TREE_H

/*
 * Removes the folder at path and what is in it; links are removed, not
 * followed.  Returns 0, also where there is none, or -1 and errno with some of
 * it left.
 */
int tree_remove(const char *path);

#endif
