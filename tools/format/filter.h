/*
 * InputFilter and OutputFilter of DataProcessing: what a path makes of one
 * record of CSV, JSON or JSON Lines.
 */
#ifndef FORMAT_FILTER_H
#define FORMAT_FILTER_H

#include "base/buf.h"
#include "base/span.h"
#include "format/jsonpath.h"
#include "format/type.h"

/*
 * Adds to out what path selects of a record, which stands without its line
 * end: of CSV the columns as they are spelled, commas between them (a CR at
 * the record's end is left out); of JSON
 * what jsonpath_filter gives, once the record was checked.  `$` adds the
 * record as it is, unchecked.  Returns 0; or -1, with what is wrong added to
 * why and out as it was.  The memory it works in is the path's, and grows only.
 */
int filter_record(struct jsonpath *path, enum type_kind kind,
    struct span record, struct buf *out, struct buf *why);

#endif
