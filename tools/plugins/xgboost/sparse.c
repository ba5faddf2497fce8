#include "plugins/xgboost/sparse.h"

#include <stdlib.h>

#include "base/mem.h"

static void
grow(struct sparse *s)
{
	s->size += s->size / 2 + 256;
	s->columns = mem_resize(s->columns, s->size, sizeof *s->columns);
	s->values = mem_resize(s->values, s->size, sizeof *s->values);
}

void
sparse_clear(struct sparse *s)
{
	s->rows = s->count = 0;
	if (s->starts == NULL) {
		s->starts_size = 64;
		s->starts = mem_resize(NULL, s->starts_size, sizeof *s->starts);
		grow(s); /* XGBoost does not accept NULL, even for no numbers */
	}
	s->starts[0] = 0;
}

void
sparse_add(struct sparse *s, uint32_t column, float value)
{
	if (s->count == s->size)
		grow(s);
	s->columns[s->count] = column;
	s->values[s->count++] = value;
}

void
sparse_end_row(struct sparse *s)
{
	if (s->rows + 2 > s->starts_size) {
		s->starts_size += s->starts_size / 2;
		s->starts =
		    mem_resize(s->starts, s->starts_size, sizeof *s->starts);
	}
	s->starts[++s->rows] = s->count;
}

void
sparse_free(struct sparse *s)
{
	free(s->starts);
	free(s->columns);
	free(s->values);
	free(s->seen);
	*s = (struct sparse){ 0 };
}

static int
settle_row(
    struct sparse *s, size_t row, uint32_t base, size_t width, struct buf *why)
{
	uint32_t index;
	uint64_t i;

	for (i = s->starts[row]; i < s->starts[row + 1]; i++) {
		index = s->columns[i];
		if (index < base || index - base >= width) {
			buf_addf(why,
			    "index %lu, but the model has %zu columns: %lu to %lu",
			    (unsigned long)index, width, (unsigned long)base,
			    (unsigned long)width + base - 1);
			return -1;
		}
		index = s->columns[i] -= base;
		if (s->seen[index] == row + 1) {
			buf_addf(why, "index %lu occurs twice",
			    (unsigned long)index + base);
			return -1;
		}
		s->seen[index] = row + 1;
	}
	return 0;
}

int
sparse_settle(struct sparse *s, uint32_t base, size_t width, struct buf *why,
    int64_t *bad)
{
	size_t i, row;

	s->seen = mem_grow(s->seen, &s->seen_size, width, sizeof *s->seen);
	for (i = 0; i < width; i++)
		s->seen[i] = 0;
	for (row = 0; row < s->rows; row++)
		if (settle_row(s, row, base, width, why) == -1) {
			*bad = (int64_t)row;
			return -1;
		}
	return 0;
}
