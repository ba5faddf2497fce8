#include <math.h>

#include "format/codec/kinds.h"
#include "format/libsvm.h"

/* The largest index that may be: one row of it is as much as a matrix holds. */
#define INDEX_MAX (CODEC_NUMBERS - 1)

/*
 * Raises *width to what the record needs and sets the row's numbers; row is
 * NULL if only the width is needed.
 */
static int
row_read(struct span record, float *row, size_t *width, struct buf *why)
{
	uint64_t index;
	float v;
	int got;

	if (libsvm_begin(&record, why) == -1)
		return -1;
	while ((got = libsvm_next(&record, INDEX_MAX, &index, &v, why)) == 1) {
		if (index >= *width)
			*width = (size_t)index + 1;
		if (row != NULL)
			row[index] = v;
	}
	return got;
}

int
codec_libsvm(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad)
{
	size_t i, width = 0;

	for (i = 0; i < n; i++)
		if (row_read(codec_record(&records[i]), NULL, &width, why) ==
		    -1) {
			*bad = (int64_t)i;
			return -1;
		}
	if (codec_matrix(m, n, width, why) == -1)
		return -1;
	for (i = 0; i < n * width; i++)
		m->values[i] = NAN;
	for (i = 0; i < n; i++)
		row_read(codec_record(&records[i]), m->values + i * width,
		    &width, why);
	return 0;
}
