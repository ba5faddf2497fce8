/*
 * Records of answered batches that have no output nevertheless: one is not
 * JSON, or it cannot be joined to its prediction or filtered.
 */
#ifndef JOIN_LOSSES_H
#define JOIN_LOSSES_H

#include <stdint.h>

#include "base/buf.h"

struct loss {
	uint64_t number, count;	 /* the first among its batch's, and how many */
	uint64_t offset, length; /* in the object */
	struct buf why;		 /* "record 7 (byte 512): not JSON ..." */
};

/* Those of a batch; zero at first. */
struct losses {
	struct loss *p;
	size_t n, size;
	bool all; /* the batch failed as a whole for such a reason */
};

/* Adds one, and a copy of why, whose text becomes empty. */
void losses_add(struct losses *l, struct loss loss, struct buf *why);

/* Forgets them; the second frees the memory too. */
void losses_forget(struct losses *l);
void losses_free(struct losses *l);

#endif
