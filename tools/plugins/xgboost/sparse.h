/*
 * Rows of numbers of which most are missing (compressed sparse rows, CSR).
 */
#ifndef PLUGINS_XGBOOST_SPARSE_H
#define PLUGINS_XGBOOST_SPARSE_H

#include <stdint.h>

#include "base/buf.h"

/* Row i has numbers starts[i] to starts[i + 1].  Zero it at first; add after a
 * sparse_clear; sparse_free ends it. */
struct sparse {
	size_t rows, count;
	uint64_t *starts;
	uint32_t *columns; /* from 0 */
	float *values;
	size_t starts_size, size;
	uint64_t *seen; /* by column: the row it was last in, and 1 */
	size_t seen_size;
};

void sparse_clear(struct sparse *s);
void sparse_add(struct sparse *s, uint32_t column, float value);
void sparse_end_row(struct sparse *s);
void sparse_free(struct sparse *s);

/*
 * Counts columns from 0 instead of from base, and checks that each is below
 * width and that no row has one twice.  Returns 0, or -1 with the reason added
 * to why and the row in *bad.
 */
int sparse_settle(struct sparse *s, uint32_t base, size_t width,
    struct buf *why, int64_t *bad);

#endif
