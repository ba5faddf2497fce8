/*
 * A mini-batch as values for each input of the model.
 */
#ifndef PLUGINS_ONNX_ROWS_H
#define PLUGINS_ONNX_ROWS_H

#include "format/records.h"
#include "plugins/onnx/columns.h"
#include "plugins/onnx/feed.h"

struct rows {
	const struct session *session;
	struct feed *feeds; /* one for each input */
	size_t count;
	bool inside; /* they are all in the only record of the request */

	/* Room that is used again. */
	struct columns columns; /* of CSV, for several inputs */
	struct span *fields;
	size_t fields_size;
	struct buf text;
	struct records lines; /* inside the one record */
};

void rows_init(struct rows *r, const struct session *s);
void rows_free(struct rows *r);

/*
 * Reads a mini-batch.  Returns BT_OK, or the status given to host->fail.
 */
int rows_read(struct rows *r, const struct bt_host *host,
    const struct bt_request *request);

#endif
