/*
 * The names of an object's columns, from its header row.
 */
#ifndef PLUGINS_WEB_COLUMNS_H
#define PLUGINS_WEB_COLUMNS_H

#include "base/buf.h"
#include "base/table.h"

/* Zero one to begin with. */
struct columns {
	struct buf header;  /* the row that they are of */
	struct table names; /* in its order; a key is a name as JSON string */
};

/* Reads the row, unless it was the last one too.  Returns 0, or -1 with the
 * reason added to why: a name is not UTF-8, or there are two of it. */
int columns_read(struct columns *c, struct span header, struct buf *why);

void columns_free(struct columns *c);

#endif
