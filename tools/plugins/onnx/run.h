/*
 * Rows through the model.
 */
#ifndef PLUGINS_ONNX_RUN_H
#define PLUGINS_ONNX_RUN_H

#include "plugins/onnx/rows.h"

/* One call of the model, for the rows from first. */
struct call {
	size_t first, count;
	struct ort_value **outputs; /* one for each of the model's */
};

struct prediction {
	struct call *calls;
	size_t count;
};

/*
 * All rows in one call; or a call for each row, if the model takes one at a
 * time; or a call for each run of equal shapes, if they differ.  Returns BT_OK,
 * or the status given to host->fail; prediction_release either way.
 */
int run_rows(struct session *s, const struct bt_host *host,
    const struct rows *rows, struct prediction *out);
void prediction_release(const struct session *s, struct prediction *p);

#endif
