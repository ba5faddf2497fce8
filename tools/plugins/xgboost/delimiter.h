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
 * records itself, or, where some have no comma, spans of d's that live until
 * the next call.  A row without a comma is delimited by tab, semicolon, bar or
 * blank, the first of these that is in it.  One with a comma, which can have no
 * other delimiter and be numbers, is let alone, and so no row of commas is
 * read in another way.
 */
const struct bt_span *delimiter_commas(
    struct delimiter *d, const struct bt_span *records, size_t n);
void delimiter_free(struct delimiter *d);

#endif
