/*
 * Records to numbers and back: what a plugin without input_fn or output_fn
 * gets (bt-model(3)).
 */
#ifndef FORMAT_CODEC_H
#define FORMAT_CODEC_H

#include "bt_model.h"
#include "base/buf.h"
#include "format/type.h"

/*
 * Reads n records as a matrix with a row each.
 *	text/csv	numbers between commas, in quotes or not; an empty field
 *			is NaN; every row as wide as the first
 *	text/libsvm	[LABEL] INDEX:VALUE ..., indexes from 0, what is absent NaN
 *	application/json, application/jsonlines
 *			a record is an array of numbers, or an object whose
 *			"features" or "instances" is one, or whose values are all
 *			numbers; null is NaN; one JSON record that is an array of
 *			arrays is a row for each
 * m->values is grown with mem_resize and is the caller's to free.  Returns 0,
 * or -1 with what is wrong added to why ("column 3: \"abc\" is not a number")
 * and the record to blame in *bad (-1: none).
 */
int codec_decode(enum type_kind kind, const struct bt_span *records, size_t n,
    struct bt_matrix *m, struct buf *why, int64_t *bad);

/* Whether codec_decode and codec_encode know the type. */
bool codec_decodes(enum type_kind kind);
bool codec_encodes(enum type_kind kind);

/*
 * Adds a row for the type: "0.5,1" (csv), "0.5" or "[0.5,1]" (JSON: a matrix
 * of one column gives bare numbers; NaN and infinities are null).  No newline.
 */
void codec_encode_row(enum type_kind kind, const struct bt_matrix *m, size_t row,
    struct buf *out);

#endif
