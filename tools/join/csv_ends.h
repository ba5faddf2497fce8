/*
 * Output filters that count columns from the two ends of a row: $[0,-1].  Only
 * these are searched for; the rest of the record is not read.
 */
#ifndef JOIN_CSV_ENDS_H
#define JOIN_CSV_ENDS_H

#include "join/batch.h"

enum { PICKS = 16, FRONT = 8 };

/* A column: the n-th from the front, or from the end. */
struct pick {
	bool back;
	size_t n;
};

struct picks {
	struct pick at[PICKS];
	size_t n;
	size_t front; /* fields of the record to find */
};

/* Whether the path is of this kind, and the columns that it picks. */
bool ends_pick(struct batch *b, struct picks *picks);

/* Adds these columns of each record and prediction; -1 and why. */
int ends_rows(struct batch *b, struct lines *in, struct lines *out,
    const struct picks *picks);

#endif
