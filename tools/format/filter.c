#include "format/filter.h"

#include "format/csv.h"
#include "format/json.h"

static int
filter_csv(
    struct jsonpath *path, struct span record, struct buf *out, struct buf *why)
{
	size_t width, count, i, room = 0;
	struct span *fields = jsonpath_room(path, &room);
	const size_t *column;

	/* RFC 4180 ends a line with CR LF; of the last field it is no part. */
	if (record.n > 0 && record.p[record.n - 1] == '\r')
		record.n--;
	width = csv_fields(record, fields, room);
	if (width > room) {
		room = width;
		fields = jsonpath_room(path, &room);
		csv_fields(record, fields, room);
	}
	column = jsonpath_columns(path, width, &count, why);
	if (column == NULL)
		return -1;
	for (i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add(out, fields[column[i]].p, fields[column[i]].n);
	}
	return 0;
}

static int
filter_json(
    struct jsonpath *path, struct span record, struct buf *out, struct buf *why)
{
	const char *reason;
	struct span value;
	size_t at;

	if (json_check(record, &value, &reason, &at) == -1) {
		buf_addf(why, "byte %zu of it: %s", at, reason);
		return -1;
	}
	return jsonpath_filter(path, value, out, why);
}

int
filter_record(struct jsonpath *path, enum type_kind kind, struct span record,
    struct buf *out, struct buf *why)
{
	const size_t n = out->n;
	int result;

	if (jsonpath_is_all(path)) {
		buf_add(out, record.p, record.n);
		return 0;
	}
	if (!type_filters(kind)) {
		buf_adds(why, "only ");
		type_add_filtered(why);
		buf_adds(why, " can be filtered");
		return -1;
	}
	result = kind == TYPE_CSV ? filter_csv(path, record, out, why)
				  : filter_json(path, record, out, why);
	if (result == -1)
		out->n = n;
	return result;
}
