/*
 * The place of a problem in lines of text, found by reading again: only
 * messages need it.
 */
#ifndef SPLIT_PLACE_H
#define SPLIT_PLACE_H

#include "format/scan.h"
#include "split/object.h"

/* How many LFs there are from offset from up to offset to. */
uint64_t place_lines(const struct object *o, uint64_t from, uint64_t to);

/*
 * place is that of a record at or before the one in which offset bad is: moves
 * it to that one.  how has the settings of the scan; its state is
 * not used.
 */
void place_find(const struct object *o, const struct scan *how,
    struct place *place, uint64_t bad);

/* The number, from 1, of the CSV field at offset bad of the record at start. */
uint64_t place_column(const struct object *o, uint64_t start, uint64_t bad);

#endif
