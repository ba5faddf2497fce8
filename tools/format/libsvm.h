/*
 * Records of libsvm text: [LABEL] [qid:N] INDEX:VALUE ... [# COMMENT], blanks,
 * tabs and CRs between the words.
 */
#ifndef FORMAT_LIBSVM_H
#define FORMAT_LIBSVM_H

#include <stdint.h>

#include "base/buf.h"

/* Takes the label and the query off *rest, a record at first.  Returns 0, or -1
 * with what is wrong added to why. */
int libsvm_begin(struct span *rest, struct buf *why);

/* Takes the next pair off *rest; an index is at most max, which is less than
 * UINT64_MAX / 16.  Returns 1, 0 if there is none left, or -1 with what is
 * wrong added to why. */
int libsvm_next(struct span *rest, uint64_t max, uint64_t *index, float *value,
    struct buf *why);

#endif
