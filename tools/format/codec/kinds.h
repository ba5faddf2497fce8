/*
 * The decoders of codec.h, one for each kind, and the matrix that they fill.
 */
#ifndef FORMAT_CODEC_KINDS_H
#define FORMAT_CODEC_KINDS_H

#include "format/codec.h"

/* codec_decode for a kind; *bad is -1 when they are called. */
int codec_csv(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);
int codec_libsvm(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);
int codec_json(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad);

/* Makes m rows x columns, its values not set.  Returns 0, or -1 and why. */
int codec_matrix(
    struct bt_matrix *m, size_t rows, size_t columns, struct buf *why);

#endif
