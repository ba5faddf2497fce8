/*
 * A guess: whether the first record of CSV is a header row.
 */
#ifndef SPLIT_HEADER_H
#define SPLIT_HEADER_H

#include <stdbool.h>

#include "base/span.h"

/* Bytes of an object that are looked at, at most. */
enum { HEADER_LOOK = 16384 };

/*
 * head is the start of an object, at most HEADER_LOOK bytes, of which the line
 * that does not end does not count.  True if its first two records have as many
 * fields, and the second one has a number, the first none.
 */
bool header_is_likely(struct span head);

#endif
