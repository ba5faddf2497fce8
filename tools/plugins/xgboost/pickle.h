/*
 * Pickles, as far as a saved Booster needs: the instructions are read, never
 * run (Python's pickletools has them all; protocols 3 to 5).
 */
#ifndef PLUGINS_XGBOOST_PICKLE_H
#define PLUGINS_XGBOOST_PICKLE_H

#include "base/buf.h"

/* Whether a file that begins so can only be a pickle. */
bool pickle_is(struct span file);

/*
 * Finds the model in a pickled xgboost.core.Booster: its longest run of bytes,
 * a span of file.  Returns 0, or -1 with the reason added to why if the file is
 * damaged or a pickle of something else.
 */
int pickle_booster(struct span file, struct span *model, struct buf *why);

#endif
