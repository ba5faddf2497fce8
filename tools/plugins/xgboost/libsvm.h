/*
 * Lines of libsvm text as sparse rows.
 */
#ifndef PLUGINS_XGBOOST_LIBSVM_H
#define PLUGINS_XGBOOST_LIBSVM_H

#include "base/buf.h"
#include "plugins/xgboost/sparse.h"

/*
 * Adds a line, [LABEL] [qid:N] INDEX:VALUE ... [# COMMENT], to s as a row with
 * its indexes as they stand, and lowers *least to the smallest.  Returns 0, or
 * -1 with what is wrong added to why.
 */
int libsvm_read(
    struct span line, struct sparse *s, uint32_t *least, struct buf *why);

#endif
