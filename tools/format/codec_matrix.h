/*
 * The decoders of codec.h, and what they and plugins share.
 */
#ifndef FORMAT_CODEC_MATRIX_H
#define FORMAT_CODEC_MATRIX_H

#include "base/span.h"
#include "format/codec.h"

/* codec_decode for a kind; *bad is -1 when they are called. */
int codec_csv(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);
int codec_libsvm(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);
int codec_json(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);

/* The record without a CR at its end. */
struct span codec_record(const struct bt_span *record);

/* Makes m rows x columns, its values not set.  Returns 0, or -1 and why. */
int codec_matrix(
    struct bt_matrix *m, size_t rows, size_t columns, struct buf *why);

/* Reads all of text as a number; nothing is NaN. */
bool codec_number(struct span text, float *v);

/* Adds text for a message: short, control bytes as \xNN. */
void codec_quote(struct buf *why, struct span text);

#endif
