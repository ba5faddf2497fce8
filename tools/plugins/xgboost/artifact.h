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
	/* In the binary format: the model, and a saved configuration if there
	 * is one. */
	struct span model, config;
	struct span text; /* otherwise: the document, checked, or no text */
	struct trees trees;
	struct buf room;
	struct buf mended; /* text, if JSON had a NaN in it */
};

/*
 * Looks at a file (JSON, UBJSON, the binary format of old, a pickled Booster).
 * Returns 0, or -1 with the reason added to why.  artifact_free is due in
 * either case.
 */
int artifact_look(struct span file, struct artifact *out, struct buf *why);

/*
 * Whether XGBoost reads it as it is.  3.1 and later read a base_score that is a
 * list, as they write it, but not the binary format; earlier ones silently read
 * another number from the list.  Returns 0, or -1 with the reason added to why.
 */
int artifact_fits(const struct artifact *a, bool since_3_1, struct buf *why);

/*
 * Whether its trees are of the model's columns and classes, which XGBoost does
 * not check; and whether these are as many as a file may say.  Returns 0, or -1
 * with the reason added to why.
 */
int artifact_check(const struct artifact *a, size_t features, size_t classes,
    size_t targets, struct buf *why);

void artifact_free(struct artifact *a);

#endif
