/*
 * The references of one object, on their way to standard output.  The latest
 * one is held back until it is known whether it is the last.
 */
#ifndef SPLIT_REFS_H
#define SPLIT_REFS_H

#include "format/ref.h"

struct refs {
	/* Set by the caller for each object: the same in all its references. */
	struct ref ref;
	bool quiet; /* count, print nothing */

	uint64_t batches, records,
	    bytes; /* in the object's references so far */

	/* For refs.c only. */
	struct buf out; /* whole lines, then the one that is held back */
	size_t whole;
	bool held;
};

/*
 * Adds the reference to the given range.  Returns 0, or -1 if its line is
 * longer than a line can be.  Not being able to write ends the process.
 */
int refs_put(struct refs *refs, uint64_t offset, uint64_t length,
    uint64_t first, uint64_t count, uint32_t crc);

/* The one held back is not the last: it is a whole line now. */
void refs_release(struct refs *refs);

/* The one held back is the object's last; keep it so, or not. */
void refs_last(struct refs *refs, bool last);

/* Forgets the one held back. */
void refs_drop(struct refs *refs);

/* Writes the whole lines. */
void refs_flush(struct refs *refs);

#endif
