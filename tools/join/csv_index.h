/*
 * Output filters on CSV in general: the separators of a block of records are
 * found at once.
 */
#ifndef JOIN_CSV_INDEX_H
#define JOIN_CSV_INDEX_H

#include "join/batch.h"

/* Adds the selected columns of each record and prediction; -1 and why. */
int index_rows(struct batch *b, struct lines *in, struct lines *out);

#endif
