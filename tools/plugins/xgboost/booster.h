/*
 * A model, and its predictions: its trees are walked here, or by XGBoost.
 */
#ifndef PLUGINS_XGBOOST_BOOSTER_H
#define PLUGINS_XGBOOST_BOOSTER_H

#include "bt_model.h"
#include "plugins/xgboost/forest.h"
#include "plugins/xgboost/objective.h"
#include "plugins/xgboost/runtime.h"

struct booster {
	const char *objective; /* "binary:logistic" */
	size_t features;       /* columns; 0: the model does not say */
	size_t classes;	       /* num_class: 0 or 1 if there are none */
	/* XGBoost's, if the trees are not walked here. */
	bool is_foreign;
	struct runtime runtime;
	/* Otherwise: */
	struct forest forest;
	size_t trees; /* the first of them: early stopping may have left more */
	char *name;   /* objective */
	enum objective kind;
	float *margins; /* that the sums of a row begin with */
	size_t width;	/* how many these are */
	float *values;	/* room of a prediction */
	size_t room;
};

/*
 * Loads a model file's bytes.  Returns 0, or -1 with the reason added to why;
 * booster_free is due in either case.  XGBoost's messages go to the host's log,
 * also later.
 */
int booster_load(struct booster *b, const struct bt_host *host,
    struct span file, struct buf *why);
void booster_free(struct booster *b);

/* Predict the rows of m (NaN for a missing number), or of s, which have
 * `features` columns.  Return 0, or -1 with XGBoost's reason added to why. */
int booster_predict(struct booster *b, const struct bt_matrix *m,
    struct outputs *out, struct buf *why);
int booster_predict_sparse(struct booster *b, const struct sparse *s,
    struct outputs *out, struct buf *why);

#endif
