#include "plugins/xgboost/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/libsvm.h"

const char rows_recordio[] = "application/x-recordio-protobuf";

const char *const rows_content_types[] = { "text/csv", "text/libsvm",
	"text/x-libsvm", "application/json", "application/jsonlines",
	rows_recordio, NULL };

/* What to read: the request's records, or those inside its one record. */
struct part {
	const struct bt_span *at;
	size_t n;
	bool inside;
};

static int
cut_messages(struct records *rs, struct span body, struct buf *why)
{
	struct span record;

	records_begin(rs, false, false);
	while (body.n > 0) {
		if (record_unframe(&body, &record, why) == -1)
			return -1;
		records_add(rs, record.p, record.n);
	}
	return 0;
}

/* An object that was not split is one record to the host: all its lines, or
 * its messages in their framing. */
static int
find_records(struct rows *r, const struct bt_request *request,
    enum type_kind kind, bool messages, struct part *out, struct buf *why,
    int64_t *bad)
{
	struct span first = { 0 };

	*out = (struct part){ request->records, request->record_count, false };
	if (out->n == 1)
		first = (struct span){ out->at->p, out->at->n };
	if (messages)
		out->inside = record_is_framed(first);
	else
		out->inside =
		    first.n > 0 && memchr(first.p, '\n', first.n) != NULL;
	if (!out->inside)
		return 0;
	if (messages && cut_messages(&r->inside, first, why) == -1)
		return -1;
	if (!messages) {
		records_begin(&r->inside, kind == TYPE_CSV, true);
		if (records_lines(&r->inside, first, true, why) == -1) {
			*bad = (int64_t)r->inside.n;
			return -1;
		}
	}
	out->at = r->inside.list;
	out->n = r->inside.n;
	return 0;
}

static int
read_matrix(struct rows *r, enum type_kind kind, struct part records,
    size_t features, struct buf *why, int64_t *bad)
{
	if (kind == TYPE_CSV && features > 1)
		records.at =
		    delimiter_commas(&r->delimiter, records.at, records.n);
	if (codec_decode(kind, records.at, records.n, &r->matrix, why, bad) ==
	    -1)
		return -1;
	if (r->matrix.rows == 0 || r->matrix.columns == features)
		return 0;
	*bad = 0;
	buf_addf(why, "%zu column%s, but the model has %zu%s",
	    r->matrix.columns, r->matrix.columns == 1 ? "" : "s", features,
	    r->matrix.columns == features + 1 ? " (is one of them the label?)"
					      : "");
	return -1;
}

/* Adds a line as a row with its own indexes, and lowers *min to the smallest.
 */
static int
add_libsvm(struct sparse *s, struct span line, uint32_t *min, struct buf *why)
{
	uint64_t index;
	float v;
	int got;

	if (libsvm_begin(&line, why) == -1)
		return -1;
	while (
	    (got = libsvm_next(&line, UINT32_MAX - 1, &index, &v, why)) == 1) {
		if (index < *min)
			*min = (uint32_t)index;
		sparse_add(s, (uint32_t)index, v);
	}
	sparse_end_row(s);
	return got;
}

static int
read_libsvm(struct rows *r, struct part records, size_t features, int base,
    struct buf *why, int64_t *bad)
{
	uint32_t min = UINT32_MAX;
	struct span line;
	size_t i;

	for (i = 0; i < records.n; i++) {
		line = (struct span){ records.at[i].p, records.at[i].n };
		if (add_libsvm(&r->sparse, line, &min, why) == -1) {
			*bad = (int64_t)i;
			return -1;
		}
	}
	if (base == -1)
		base = min >= 1 ? 1 : 0;
	return sparse_settle(&r->sparse, (uint32_t)base, features, why, bad);
}

static int
read_messages(struct rows *r, struct part records, size_t features,
    struct buf *why, int64_t *bad)
{
	size_t i;

	for (i = 0; i < records.n; i++)
		if (record_read(&r->tensor,
			(struct span){ records.at[i].p, records.at[i].n },
			features, &r->sparse, why) == -1) {
			*bad = (int64_t)i;
			return -1;
		}
	return sparse_settle(&r->sparse, 0, features, why, bad);
}

/* The first of n numbers that is infinite, or was too large for a float; n if
 * there is none. */
static size_t
find_infinite(const float *v, size_t n)
{
	size_t i, k, found;

	for (i = 0; i < n; i += 64) {
		found = 0;
		for (k = i; k < i + 64 && k < n; k++)
			found += fabsf(v[k]) == INFINITY;
		for (k = i; found > 0; k++)
			if (isinf(v[k]))
				return k;
	}
	return n;
}

/* XGBoost's own matrix does not accept infinite numbers. */
static int
check_finite(const struct rows *r, struct buf *why, int64_t *bad)
{
	const struct sparse *s = &r->sparse;
	const struct bt_matrix *m = &r->matrix;
	size_t n = r->is_sparse ? s->count : m->rows * m->columns;
	size_t at = find_infinite(r->is_sparse ? s->values : m->values, n);
	size_t row, column;

	if (at == n)
		return 0;
	if (r->is_sparse) {
		for (row = 0; s->starts[row + 1] <= at; row++)
			;
		column = s->columns[at];
	} else {
		row = at / m->columns;
		column = at % m->columns;
	}
	*bad = (int64_t)row;
	buf_addf(why,
	    "column %zu: infinite, or too large for a float, which XGBoost does not accept",
	    column + 1);
	return -1;
}

static int
read_records(struct rows *r, enum type_kind kind, struct part records,
    size_t features, int base, struct buf *why, int64_t *bad)
{
	int result;

	r->is_sparse = true;
	sparse_clear(&r->sparse);
	if (kind == TYPE_TEXT)
		result = read_messages(r, records, features, why, bad);
	else if (kind == TYPE_LIBSVM)
		result = read_libsvm(r, records, features, base, why, bad);
	else {
		r->is_sparse = false;
		result = read_matrix(r, kind, records, features, why, bad);
	}
	return result == 0 ? check_finite(r, why, bad) : -1;
}

int
rows_read(struct rows *r, const struct bt_host *host,
    const struct bt_request *request, size_t features, int base)
{
	struct span type = { request->content_type,
		strlen(request->content_type) };
	enum type_kind kind = type_kind(type);
	bool messages = type_same(
	    type, (struct span){ rows_recordio, sizeof rows_recordio - 1 });
	struct part records = { 0 };
	struct buf why = { 0 };
	int64_t bad = -1;
	int status = BT_OK;

	if (!messages && !type_decodes(kind))
		return host->fail(host, BT_BAD_CONTENT_TYPE, -1,
		    "%s: XGBoost reads only columns of numbers",
		    request->content_type);
	if (find_records(r, request, kind, messages, &records, &why, &bad) ==
		-1 ||
	    read_records(r, kind, records, features, base, &why, &bad) == -1) {
		if (records.inside && bad >= 0) {
			buf_addf(&why, " (%s %lld of it)",
			    messages ? "message" : "line", (long long)bad);
			bad = 0;
		}
		codec_hint_header(&why, request, bad);
		status =
		    host->fail(host, BT_BAD_INPUT, bad, "%s", buf_str(&why));
	}
	buf_free(&why);
	return status;
}

size_t
rows_count(const struct rows *r)
{
	return r->is_sparse ? r->sparse.rows : r->matrix.rows;
}

void
rows_free(struct rows *r)
{
	free(r->matrix.values);
	sparse_free(&r->sparse);
	tensor_free(&r->tensor);
	records_free(&r->inside);
	delimiter_free(&r->delimiter);
}
