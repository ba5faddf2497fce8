/*
 * The file of failed records: a JSON object a line.
 */
#ifndef STAGE_JOIN_ERRORS_H
#define STAGE_JOIN_ERRORS_H

#include <stdio.h>

#include "format/result.h"
#include "format/type.h"
#include "stage/join_window.h"

/*
 * Adds a line for each record of a batch that failed; res is of it, path and
 * error are decoded.  Records that are lines of the input are named with their
 * own offset and length, others (input NULL too) by those of the batch.
 */
void errors_add(FILE *f, const struct result *res, enum type_kind kind,
    struct span path, struct span error, struct window *input);

#endif
