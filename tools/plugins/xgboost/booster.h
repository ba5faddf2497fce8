/*
 * A model loaded by XGBoost, and its predictions.
 */
#ifndef PLUGINS_XGBOOST_BOOSTER_H
#define PLUGINS_XGBOOST_BOOSTER_H

#include "bt_model.h"
#include "plugins/xgboost/sparse.h"

struct booster {
	void *handle;
	char *objective; /* "binary:logistic" */
	size_t features; /* columns; 0: the model does not say */
	size_t classes;	 /* num_class: 0 or 1 if there are none */
	bool in_place;	 /* XGBoost can predict without copying the rows */
	unsigned rounds; /* boosting rounds used; 0: all */
	char *config;	 /* of a prediction */
};

/* A row's outputs follow each other. */
struct outputs {
	size_t rows, width;
	bool vector;	     /* rows are lists, as Python sees them */
	const float *values; /* XGBoost's until the booster's next prediction */
};

/*
 * Loads a model file's bytes.  Returns 0, or -1 with the reason added to why.
 * XGBoost's messages go to the host's log, also later.
 */
int booster_load(struct booster *b, const struct bt_host *host,
    struct span file, struct buf *why);
void booster_free(struct booster *b);

/* Predict the rows of m (NaN for a missing number), or of s.  Return 0, or -1
 * with XGBoost's reason added to why. */
int booster_predict(struct booster *b, const struct bt_matrix *m,
    struct outputs *out, struct buf *why);
int booster_predict_sparse(struct booster *b, const struct sparse *s,
    struct outputs *out, struct buf *why);

#endif
