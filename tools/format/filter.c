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

	/* RFC 4180 ends a line with CR LF; the CR is not part of the last
	 * field. */
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

int
filter_record(struct jsonpath *path, enum type_kind kind, struct span record,
    struct buf *out, struct buf *why)
{
	const size_t n = out->n;
	const char *reason;
	struct span value;
	int result = -1;
	size_t at;

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
	if (kind == TYPE_CSV)
		result = filter_csv(path, record, out, why);
	else if (json_check(record, &value, &reason, &at) == 0)
		result = jsonpath_filter(path, value, out, why);
	else
		buf_addf(why, "byte %zu of it: %s", at, reason);
	if (result == -1)
		out->n = n;
	return result;
}
