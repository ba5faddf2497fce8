/*
 * CSV whose delimiter is not the comma.
 */
#ifndef PLUGINS_XGBOOST_DELIMITER_H
#define PLUGINS_XGBOOST_DELIMITER_H

#include "base/buf.h"
#include "bt_model.h"

/* Room that is used again for each batch; zero it at first. */
struct delimiter {
	struct bt_span *rows;
	size_t rows_size;
	struct buf text;
};

/*
 * The rows of a model of several columns with commas between the fields:
 * records itself, or, if some have no comma, spans of d's that live until the
 * next call.  A row without a comma is delimited by tab, semicolon, bar or
 * blank, the first of these that it contains.  A row with a comma is left
 * alone: with any other delimiter it could not be numbers.
 */
const struct bt_span *delimiter_commas(
    struct delimiter *d, const struct bt_span *records, size_t n);
void delimiter_free(struct delimiter *d);

#endif
