/*
 * JSON records as values for each input of the model.
 */
#ifndef PLUGINS_ONNX_DOCUMENT_H
#define PLUGINS_ONNX_DOCUMENT_H

#include "format/type.h"
#include "plugins/onnx/rows.h"

/*
 * Reads n records of application/jsonlines, or of application/json, which may
 * be an array of records.  Returns 0, or -1 with the reason added to why and
 * the record in *bad.
 */
int document_read(struct rows *r, enum type_kind kind,
    const struct bt_span *records, size_t n, struct buf *why, int64_t *bad);

#endif
