/*
 * The predictions in a reply of JSON: JSON Lines, or one value for the batch
 * whose elements are dealt to its records.  All is checked to be JSON.
 */
#ifndef JOIN_PREDICTIONS_H
#define JOIN_PREDICTIONS_H

#include "format/json.h"
#include "join/batch.h"

/* The source of a batch's predictions, one a record. */
struct predictions {
	enum { FROM_LINES, FROM_ITEMS, FROM_VALUE } kind;
	struct lines lines;
	struct json_walk items;
	struct span value; /* the same for all */
};

/* Finds the kind of the batch's reply, or uses the placeholder; -1 and why. */
int predictions_open(struct batch *b, struct predictions *p);

/* The next, borrowed until the one after it.  1, 0 if there is none, -1 and
 * why if it is not JSON. */
int predictions_next(
    struct batch *b, struct predictions *p, struct span *value);

/* The placeholder as the prediction of every record; -1 and why. */
int predictions_placeholder(struct batch *b, struct predictions *p);

/* The whole reply as one value; -1 and why. */
int predictions_whole(struct batch *b, struct span *value);

/* Byte at of the reply's file is not JSON; -1. */
int predictions_fail(struct batch *b, uint64_t at, const char *why);

#endif
