/*
 * aialgs.data.Record, the protobuf message in SageMaker's RecordIO files:
 * features["values"] is a tensor of float, double or int32; with keys it is
 * sparse.
 */
#ifndef PLUGINS_XGBOOST_RECORD_H
#define PLUGINS_XGBOOST_RECORD_H

#include <stdint.h>

#include "base/buf.h"
#include "bt_model.h"
#include "plugins/xgboost/sparse.h"

/* Room that a record's numbers are read into; zero it at first. */
struct tensor {
	float *values;
	uint64_t *keys;
	size_t value_count, key_count, value_size, key_size;
	uint64_t width; /* the product of its shape */
	bool shaped;
};

void tensor_free(struct tensor *t);

/*
 * Adds a record, a message without framing, to s as a row; it must have
 * `features` columns.  Returns 0, or -1 with the reason added to why.
 */
int record_read(struct tensor *t, struct span record, size_t features,
    struct sparse *s, struct buf *why);

/* Whether a span begins as a RecordIO file does; no message can. */
bool record_is_framed(struct span s);

/*
 * Takes the first message off framed records.  Returns 0, or -1 with the reason
 * added to why.
 */
int record_unframe(struct span *rest, struct span *record, struct buf *why);

#endif
