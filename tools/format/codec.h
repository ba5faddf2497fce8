/*
 * Records to numbers and back: what a plugin without input_fn or output_fn
 * gets (bt-model(3)).
 */
#ifndef FORMAT_CODEC_H
#define FORMAT_CODEC_H

#include "bt_model.h"
#include "base/buf.h"
#include "base/span.h"
#include "format/type.h"

/* The most numbers a matrix may have: 4 GiB of them. */
#define CODEC_NUMBERS ((size_t)1 << 30)

/*
 * Reads n records of a type that type_decodes as a matrix with a row each; a CR
 * at a record's end is not part of it.
 *
 * text/csv: numbers between commas, in quotes or not, blanks around them; an
 * empty field is NaN; every row is as wide as the first.
 *
 * text/libsvm: [LABEL] [qid:N] INDEX:VALUE ... [# COMMENT], indexes as they
 * stand, from 0, in any order; the last of equal ones counts.  The matrix is as
 * wide as the batch's largest index plus one.  What is absent is NaN:
 * svm-predict(1) takes it as 0, XGBoost as missing, and NaN leaves that to the
 * model.
 *
 * application/json, application/jsonlines: a record is an array of numbers,
 * null being NaN; or an object whose "features", "instances", "data" or
 * "values" is one, or such an object again; or else an object whose values are
 * all numbers, every row with the first one's keys in any order.  A single
 * record that is (or whose "instances" is) an array of arrays or objects is a
 * row for each.
 *
 * Zero m at first; it may be used again: m->values is resized by mem_resize and
 * is the caller's to free, after a failure too.  Returns 0; or -1, with what is
 * wrong added to why ("column 3: \"abc\" is not a number": columns count from
 * 1, elements of JSON, "[2]", from 0) and the record to blame in *bad (-1:
 * none).
 */
int codec_decode(enum type_kind kind, const struct bt_span *records, size_t n,
    struct bt_matrix *m, struct buf *why, int64_t *bad);

/*
 * Adds a row for the type: "0.5,1" (csv; "nan", "inf", "-inf" if it is not a
 * number), "0.5" or "[0.5,1]" (JSON: a matrix of one column gives bare numbers;
 * NaN and infinities are null).  No newline.
 */
void codec_encode_row(enum type_kind kind, const struct bt_matrix *m,
    size_t row, struct buf *out);

/* The record without a CR at its end. */
struct span codec_record(const struct bt_span *record);

/* Reads all of text as a number; no text at all is NaN. */
bool codec_number(struct span text, float *v);

/* Words in the first record of an object may be a header row: says so if why is
 * that the record bad of a request has a field that is not a number. */
void codec_hint_header(
    struct buf *why, const struct bt_request *request, int64_t bad);

/* Adds text for a message: short, control bytes as \xNN. */
void codec_quote(struct buf *why, struct span text);

#endif
