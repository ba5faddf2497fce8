/*
 * The values of one input, record after record, until they are a tensor.
 */
#ifndef PLUGINS_ONNX_FEED_H
#define PLUGINS_ONNX_FEED_H

#include "bt_model.h"
#include "plugins/onnx/session.h"

/* Zero it and set port at first; then it is used again for each batch. */
struct feed {
	const struct port *port;
	size_t count;	    /* of values */
	struct buf values;  /* unless strings */
	struct buf text;    /* strings, a NUL after each */
	size_t *starts;	    /* of them */
	size_t starts_size; /* room */

	/* The current record: its sizes, below 0 if not known yet, and the
	 * place of its next value; port->rank of each. */
	int64_t *shape;
	size_t *at;
	int64_t *shapes; /* of all records, if they may differ */
	size_t shapes_size, records;

	struct bt_matrix matrix; /* values, in place of those above */
};

void feed_clear(struct feed *f);
void feed_free(struct feed *f);

/* Between the values of one record and of the next. */
void feed_begin(struct feed *f);
void feed_end(struct feed *f);

/* Adds a value; false if text is not of the input's type. */
bool feed_add(struct feed *f, struct span text);

/* Gives the record, a row of n values, the shape of n elements.  Returns 0, or
 * -1 with the reason added to why. */
int feed_shape(struct feed *f, size_t n, struct buf *why);

/* Adds a checked JSON value as the record's, an array in an array for each of
 * its sizes.  Returns 0, or -1 with the reason added to why. */
int feed_json(struct feed *f, struct span value, struct buf *why);

/* Adds the i-th of a record's values, not in an array.  Returns as feed_json.
 */
int feed_scalar(struct feed *f, struct span value, size_t i, struct buf *why);

/* The sizes of record i, port->rank of them; the first port->skip do not
 * count. */
const int64_t *feed_shape_of(const struct feed *f, size_t i);

#endif
