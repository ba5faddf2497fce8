/*
 * The predictions in a reply as JSON: JSON Lines, or one value for the batch
 * whose elements are dealt to its records, which are checked to be JSON; or
 * rows of CSV, which become JSON.
 */
#ifndef JOIN_PREDICTIONS_H
#define JOIN_PREDICTIONS_H

#include "format/json.h"
#include "join/batch.h"

/* The source of a batch's predictions, one a record. */
struct predictions {
	enum { FROM_LINES, FROM_ROWS, FROM_ITEMS, FROM_VALUE } kind;
	struct lines lines;
	struct json_walk items;
	struct span value; /* the same for all */
	/* The reply is JSON but for NaN or Infinity, as some containers write
	 * it: each value in it is checked. */
	bool unsure;
	struct span text; /* all of the reply, for their places */
};

/* Finds the kind of the batch's reply, or uses the placeholder; -1 and why. */
int predictions_open(struct batch *b, struct predictions *p);

/* The next, borrowed until the one after it.  1, 0 if there is none, -1 and
 * why, without the record's place, if it is not JSON. */
int predictions_next(
    struct batch *b, struct predictions *p, struct span *value);

/* Reads on to the end of the reply: batch_check of the records with it. */
int predictions_check(
    struct batch *b, struct lines *input, struct predictions *p);

/* The placeholder as the prediction of every record; -1 and why. */
int predictions_placeholder(struct batch *b, struct predictions *p);

/* The whole reply as one value; -1 and why. */
int predictions_whole(struct batch *b, struct span *value);

/* Byte at of the reply's file is not JSON; -1, without the record's place. */
int predictions_fail(struct batch *b, uint64_t at, const char *why);

#endif
