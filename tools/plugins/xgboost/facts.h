/*
 * What a model file says of its model, and its trees in the form in which they
 * are walked.
 */
#ifndef PLUGINS_XGBOOST_FACTS_H
#define PLUGINS_XGBOOST_FACTS_H

#include "plugins/xgboost/artifact.h"
#include "plugins/xgboost/document.h"
#include "plugins/xgboost/forest.h"

/* Zero it at first; facts_free ends it. */
struct facts {
	char *objective;	   /* "binary:logistic" */
	char *booster;		   /* "gbtree" */
	struct floats base_scores; /* one, or one for each class */
	bool base_is_margin;	   /* as before XGBoost 1.0 */
	uint64_t features, classes, targets;
	uint64_t softmax_classes; /* the objective's own */
	uint64_t parallel;	  /* trees of a round and class */
	uint64_t limit;		  /* of trees to predict with; 0: all */
	struct forest forest;
};

/*
 * Reads a model that artifact_look has passed.  Returns 0, or -1 with a
 * constant reason in *why, if it is not one of trees that forest.h walks: then
 * XGBoost may still read it.  The booster is set if its name could be read.
 */
int facts_read(struct facts *f, const struct artifact *a, const char **why);
void facts_free(struct facts *f);

/* For binary.c, which has facts_read for the binary format: whether an
 * objective can be read, and whether a saved configuration has the same one. */
bool facts_take_objective(struct facts *f, struct value objective);
bool facts_agree(const struct facts *f, struct value config);

#endif
