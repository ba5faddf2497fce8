/*
 * Rows of CSV output, one at a time.
 */
#ifndef JOIN_ROW_H
#define JOIN_ROW_H

#include "join/batch.h"

/*
 * Adds a row made of a record and a prediction, as lines; record.p is NULL
 * if nothing is joined.  Before the first, the header row.  -1 and why.
 */
int row_put(struct batch *b, struct span record, struct span prediction);

/* Adds the header row; width is how many columns a prediction has. */
int row_put_header(struct batch *b, size_t width);

/* Whether the object's header row is still to be written. */
static inline bool
row_wants_header(const struct batch *b)
{
	return b->header.n > 0 && !*b->header_done;
}

/*
 * The row of this line, a record if options->input, otherwise a prediction,
 * cannot be made, and b->why says why: adds which record it is.  If that is
 * borne (batch_lose), puts what stands in its place: 0; otherwise -1.
 */
int row_fail(struct batch *b, const struct lines *l, struct span line);

/* The same, but the caller puts what stands in its place. */
int row_lose(struct batch *b, const struct lines *l, struct span line);

/* Puts the placeholder, if there is one, alone in the place of a line; -1 if
 * the header row before it cannot be made, and why. */
int row_put_placeholder(struct batch *b, struct span line);

#endif
