/*
 * The first byte is the type, the rest records with LF between them, each in
 * memory of its own.  What is decoded comes through an encoding and decoding
 * unchanged; what is refused says why.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"

int LLVMFuzzerTestOneInput(const char *data, size_t n);

enum { RECORDS = 64 };

static size_t
cut(const char *p, const char *end, struct bt_span *records)
{
	const char *lf;
	size_t n = 0;

	for (; p < end && n < RECORDS; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		records[n].n = (size_t)(lf - p);
		records[n].p = memcpy(mem_alloc(records[n].n), p, records[n].n);
		n++;
		if (lf == end)
			break;
	}
	return n;
}

static void
records_free(struct bt_span *records, size_t n)
{
	while (n > 0)
		free((char *)(uintptr_t)records[--n].p);
}

/* JSON has no infinities. */
static void
same(float a, float b, bool json)
{
	if (isnan(a) || (json && isinf(a)) ? !isnan(b)
					   : memcmp(&a, &b, sizeof a) != 0)
		abort();
}

static void
round_trip(enum type_kind kind, const struct bt_matrix *m)
{
	struct bt_span records[RECORDS];
	struct bt_matrix back = { 0, 0, NULL };
	struct buf out = { 0 }, why = { 0 };
	int64_t bad;
	size_t i;

	for (i = 0; i < m->rows; i++) {
		out.n = 0;
		codec_encode_row(kind, m, i, &out);
		records[i].n = out.n;
		records[i].p = mem_dup(out.p, out.n);
	}
	if (codec_decode(kind, records, m->rows, &back, &why, &bad) == -1 ||
	    back.rows != m->rows || back.columns != m->columns)
		abort();
	for (i = 0; i < m->rows * m->columns; i++)
		same(m->values[i], back.values[i], kind != TYPE_CSV);
	records_free(records, m->rows);
	free(back.values);
	buf_free(&out);
}

/* Whether there is a number of so many digits that, as an index, it would ask
 * for more memory than a fuzzer has. */
static bool
is_wide(const char *p, const char *end)
{
	int digits = 0;

	for (; p < end && digits < 6; p++)
		digits = *p >= '0' && *p <= '9' ? digits + 1 : 0;
	return digits == 6;
}

int
LLVMFuzzerTestOneInput(const char *data, size_t n)
{
	static const enum type_kind kinds[] = { TYPE_CSV, TYPE_LIBSVM,
		TYPE_JSON, TYPE_JSONLINES };
	struct bt_span records[RECORDS];
	struct bt_matrix m = { 0, 0, NULL };
	struct buf why = { 0 };
	enum type_kind kind;
	int64_t bad;
	size_t count;

	if (n == 0)
		return 0;
	kind = kinds[(unsigned char)data[0] % 4];
	if (kind == TYPE_LIBSVM && is_wide(data + 1, data + n))
		return 0;
	count = cut(data + 1, data + n, records);
	if (codec_decode(kind, records, count, &m, &why, &bad) == -1) {
		if (why.n == 0 || bad < -1 || bad >= (int64_t)count)
			abort();
	} else if (m.rows <= RECORDS && m.columns > 1) {
		round_trip(TYPE_CSV, &m);
		round_trip(TYPE_JSONLINES, &m);
	}
	free(m.values);
	buf_free(&why);
	records_free(records, count);
	return 0;
}
