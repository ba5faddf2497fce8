/*
 * The format of a model file, and whether it is whole: XGBoost itself reads
 * past the end of a damaged one.
 */
#ifndef PLUGINS_XGBOOST_ARTIFACT_H
#define PLUGINS_XGBOOST_ARTIFACT_H

#include "base/buf.h"
#include "plugins/xgboost/trees.h"

struct artifact {
	struct span bytes; /* what XGBoost reads: of the file, or of room */
	bool pickled;
	bool serialized; /* XGBoosterUnserializeFromBuffer's */
	bool json;
	uint64_t limit; /* of trees to predict with; 0: all */
	struct trees trees;
	struct buf room;
};

/*
 * Looks at a file (JSON, UBJSON, the binary format of old, a pickled Booster).
 * Returns 0, or -1 with the reason added to why.  since_3_1: XGBoost is 3.1 or
 * later, which reads a base_score that is a list, as it writes it, but not the
 * binary format; earlier ones silently read another number from the list.
 * artifact_free is due in either case.
 */
int artifact_look(
    struct span file, bool since_3_1, struct artifact *out, struct buf *why);

void artifact_free(struct artifact *a);

#endif
