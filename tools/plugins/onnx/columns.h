/*
 * Which columns of CSV the inputs of a model take.
 */
#ifndef PLUGINS_ONNX_COLUMNS_H
#define PLUGINS_ONNX_COLUMNS_H

#include "plugins/onnx/session.h"

/* Zero it at first. */
struct columns {
	size_t *at;   /* the inputs' columns, one input after the other */
	size_t total; /* how many these are */
	size_t width; /* that a row must have */
	bool named;   /* by the header row */
	size_t size;
};

/*
 * Finds them for several inputs: by the header, of count fields, if it names
 * any input; otherwise in order.  Returns 0, or -1 with the reason added to
 * why.
 */
int columns_find(struct columns *c, const struct session *s,
    const struct span *header, size_t count, struct buf *why);

#endif
