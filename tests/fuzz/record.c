/*
 * The bytes are a protobuf message, or several in RecordIO frames.  What is
 * read of a row is within its width.
 */
#include <stdlib.h>

#include "plugins/xgboost/record.c"
#include "plugins/xgboost/sparse.c"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

enum { WIDTH = 3 };

static void
settle(struct sparse *s, struct buf *why)
{
	int64_t bad = -1;
	uint64_t i;

	if (sparse_settle(s, 0, WIDTH, why, &bad) == -1) {
		if (why->n == 0 || bad < 0 || (size_t)bad >= s->rows)
			abort();
		return;
	}
	for (i = 0; i < s->count; i++)
		if (s->columns[i] >= WIDTH)
			abort();
}

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	struct span rest = { data, n }, record = { data, n };
	struct sparse s = { 0 };
	struct tensor t = { 0 };
	struct buf why = { 0 };
	int result = 0;

	sparse_clear(&s);
	if (!record_is_framed(rest))
		result = record_read(&t, record, WIDTH, &s, &why);
	else
		while (result == 0 && rest.n > 0) {
			result = record_unframe(&rest, &record, &why);
			if (result == 0)
				result =
				    record_read(&t, record, WIDTH, &s, &why);
		}
	if (result == -1 && why.n == 0)
		abort();
	if (result == 0)
		settle(&s, &why);
	sparse_free(&s);
	tensor_free(&t);
	buf_free(&why);
	return 0;
}
