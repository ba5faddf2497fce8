/*
 * Records as tensors: the request of the Open Inference Protocol.
 */
#ifndef PLUGINS_HTTP_TENSORS_H
#define PLUGINS_HTTP_TENSORS_H

#include "base/table.h"
#include "bt_model.h"
#include "format/type.h"
#include "plugins/http/inputs.h"
#include "plugins/web/cells.h"
#include "plugins/web/columns.h"

/* Zero one to begin with, and set in, columns and missing. */
struct tensors {
	const struct inputs *in;
	struct columns *columns;
	enum missing missing;

	struct table list; /* of struct tensor, by the names as JSON strings */
	struct buf text, reason; /* to work in */
	size_t row;		 /* the current record */
	size_t width;		 /* fields of a CSV record */
};

/* Adds the request for a batch of this kind to out.  Returns 0, or -1 with the
 * reason added to why and the record at fault, or -1, in *bad. */
int tensors_add(struct tensors *ts, struct buf *out,
    const struct bt_request *rq, enum type_kind kind, int64_t *bad,
    struct buf *why);

void tensors_free(struct tensors *ts);

#endif
