/*
 * The format of a model file, and whether it is whole: XGBoost itself reads
 * past the end of a damaged one.
 */
#ifndef PLUGINS_XGBOOST_ARTIFACT_H
#define PLUGINS_XGBOOST_ARTIFACT_H

#include "base/buf.h"
#include "plugins/xgboost/trees.h"

struct artifact {
	struct span bytes; /* the part of the file that XGBoost reads */
	bool serialized;   /* by pickle: XGBoosterUnserializeFromBuffer's */
	bool json;
	struct trees trees;
};

/*
 * Looks at a file (JSON, UBJSON, the binary format of old, a pickled Booster).
 * Returns 0, or -1 with the reason added to why.  vectors: XGBoost can read a
 * base_score that is a list, as 3.1 and later write it; earlier ones silently
 * read another number.  artifact_free is due in either case.
 */
int artifact_look(
    struct span file, bool vectors, struct artifact *out, struct buf *why);

void artifact_free(struct artifact *a);

#endif
