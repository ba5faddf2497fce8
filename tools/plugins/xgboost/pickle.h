/*
 * Pickles, as far as a saved Booster needs: the instructions of protocols 0 to
 * 5 are read, never run (Python's pickletools has them all).
 */
#ifndef PLUGINS_XGBOOST_PICKLE_H
#define PLUGINS_XGBOOST_PICKLE_H

#include <stdint.h>

#include "base/buf.h"

struct pickled {
	struct span model;
	uint64_t trees; /* best_ntree_limit, of early stopping; 0: all */
};

/* Whether a file that begins so can only be a pickle. */
bool pickle_is(struct span file);

/*
 * Finds the model in a pickled xgboost.core.Booster: its longest run of bytes,
 * a span of file, or of room if the pickle writes bytes as text.  Returns 0, or
 * -1 with the reason added to why if the file is damaged or a pickle of
 * something else.
 */
int pickle_booster(
    struct span file, struct buf *room, struct pickled *out, struct buf *why);

#endif
