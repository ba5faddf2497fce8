/*
 * The models of a folder, as one.
 */
#ifndef PLUGINS_XGBOOST_ENSEMBLE_H
#define PLUGINS_XGBOOST_ENSEMBLE_H

#include "plugins/xgboost/booster.h"
#include "plugins/xgboost/rows.h"

struct ensemble {
	struct booster *boosters; /* in the order of their names */
	size_t count;
	bool vote; /* the most frequent answer, not the mean */
	float *values;
	float *votes; /* of one row: an answer of each */
};

/*
 * Loads each file of a folder that does not begin with a dot; with one set,
 * only the first.  Or the bytes of one file.  Returns 0, or -1 with the reason
 * added to why.
 */
int ensemble_load_folder(struct ensemble *e, const struct bt_host *host,
    const char *folder, bool one, struct buf *why);
int ensemble_load_bytes(struct ensemble *e, const struct bt_host *host,
    struct span file, struct buf *why);
void ensemble_free(struct ensemble *e);

/* As booster_predict; out is good until the next prediction. */
int ensemble_predict(struct ensemble *e, const struct rows *rows,
    struct outputs *out, struct buf *why);

#endif
