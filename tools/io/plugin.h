/*
 * Where the files of plugins are: in the folders of BT_PLUGIN_PATH, beside the
 * program, or where they are installed.
 */
#ifndef IO_PLUGIN_H
#define IO_PLUGIN_H

#include "base/buf.h"

/* Adds these folders in their order, separated by colons. */
void plugin_places(struct buf *places);

/* Puts the path of NAME.so into path; -1, and into why where it was looked
 * for. */
int plugin_find(const char *name, struct buf *path, struct buf *why);

#endif
