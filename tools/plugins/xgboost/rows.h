/*
 * A mini-batch as the rows that XGBoost predicts.
 */
#ifndef PLUGINS_XGBOOST_ROWS_H
#define PLUGINS_XGBOOST_ROWS_H

#include "bt_model.h"
#include "format/records.h"
#include "plugins/xgboost/delimiter.h"
#include "plugins/xgboost/record.h"
#include "plugins/xgboost/sparse.h"

/* Room that is used again for each batch; zero it at first. */
struct rows {
	bool is_sparse;
	struct bt_matrix matrix;
	struct sparse sparse;
	struct tensor tensor;
	struct delimiter delimiter;
	struct records inside; /* of a record that is many */
};

extern const char *const rows_content_types[];

/* "application/x-recordio-protobuf", the type of records of aialgs.data.Record.
 */
extern const char rows_recordio[];

/*
 * Reads a mini-batch for a model of `features` columns.  base: libsvm's first
 * index; -1: 1 if no record of the batch has a 0, as in SageMaker's container.
 * Returns BT_OK, or the status given to host->fail.
 */
int rows_read(struct rows *r, const struct bt_host *host,
    const struct bt_request *request, size_t features, int base);
size_t rows_count(const struct rows *r);
void rows_free(struct rows *r);

#endif
