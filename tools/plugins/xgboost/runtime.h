/*
 * A model that XGBoost's own library runs: one whose trees forest.h does not
 * walk.
 */
#ifndef PLUGINS_XGBOOST_RUNTIME_H
#define PLUGINS_XGBOOST_RUNTIME_H

#include "plugins/xgboost/artifact.h"
#include "plugins/xgboost/library.h"
#include "plugins/xgboost/outputs.h"
#include "plugins/xgboost/sparse.h"

struct runtime {
	const struct library *library;
	void *handle;
	char *objective; /* "binary:logistic" */
	size_t features; /* columns; 0: the model does not say */
	size_t classes;	 /* num_class: 0 or 1 if there are none */
	bool in_place;	 /* XGBoost can predict without copying the rows */
	unsigned rounds; /* boosting rounds used; 0: all */
	char *config;	 /* of a prediction */
};

/* Return 0, or -1 with the reason added to why; runtime_free is due in either
 * case. */
int runtime_load(struct runtime *r, const struct bt_host *host,
    const struct artifact *a, struct buf *why);
void runtime_free(struct runtime *r);

/* As booster_predict. */
int runtime_predict(struct runtime *r, const struct bt_matrix *m,
    struct outputs *out, struct buf *why);
int runtime_predict_sparse(struct runtime *r, const struct sparse *s,
    struct outputs *out, struct buf *why);

#endif
