#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec/kinds.h"
#include "format/csv.h"
#include "format/number.h"

struct csv {
	size_t width;
	struct span *fields; /* of a row that is not plain; NULL at first */
	struct buf text;     /* of a field without its quotes */
	struct buf *why;
};

/*
 * Reads a row of numbers, in quotes or not, and empty fields.  False where it
 * is anything else, or not as wide: row_fields says what.
 */
static bool
row_plain(struct span record, float *row, size_t width)
{
	const char *p = record.p, *end = p + record.n, *q;
	float *row_end = row + width;

	for (;; p = q + 1, row++) {
		q = number_read(p, end, row);
		if (q == p) {
			*row = NAN;
			if (q < end && *q == '"') {
				q = number_read(p + 1, end, row);
				if (q == end || *q++ != '"')
					return false;
			}
		}
		if (q == end)
			return row + 1 == row_end;
		if (*q != ',' || row + 1 == row_end)
			return false;
	}
}

static int
row_fields(struct csv *csv, struct span record, float *row)
{
	struct span text;
	size_t i, n;

	if (csv->fields == NULL)
		csv->fields = mem_resize(NULL, csv->width, sizeof *csv->fields);
	n = csv_fields(record, csv->fields, csv->width);
	if (n != csv->width) {
		buf_addf(csv->why,
		    "%zu column%s, not %zu as in the batch's first record", n,
		    n == 1 ? "" : "s", csv->width);
		return -1;
	}
	for (i = 0; i < n; i++) {
		text = csv->fields[i];
		if (text.n > 0 && text.p[0] == '"') {
			csv->text.n = 0;
			csv_unquote(&csv->text, text);
			text = buf_span(&csv->text);
		}
		text = span_trim(text);
		if (codec_number(text, &row[i]))
			continue;
		buf_addf(csv->why, "column %zu: \"", i + 1);
		codec_quote(csv->why, text);
		buf_adds(csv->why, "\" is not a number");
		return -1;
	}
	return 0;
}

int
codec_csv(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad)
{
	struct csv csv = { 0, NULL, { 0 }, why };
	struct span record;
	int result = 0;
	float *row;
	size_t i;

	csv.width = csv_fields(codec_record(&records[0]), NULL, 0);
	if (codec_matrix(m, n, csv.width, why) == -1)
		return -1;
	row = m->values;
	for (i = 0; i < n && result == 0; i++, row += csv.width) {
		record = codec_record(&records[i]);
		if (row_plain(record, row, csv.width))
			continue;
		result = row_fields(&csv, record, row);
		if (result == -1)
			*bad = (int64_t)i;
	}
	free(csv.fields);
	buf_free(&csv.text);
	return result;
}
