#include "join/convert.h"

#include "format/csv.h"
#include "format/json.h"

static bool
is_scalar(struct span value)
{
	enum json_kind kind = json_kind(value);

	return kind != JSON_IS_OBJECT && kind != JSON_IS_ARRAY;
}

/* Whether it has scalars, and nothing else. */
static bool
is_flat(struct span value)
{
	struct json_walk w = { .value = value };
	bool any = false;

	while (json_next(&w)) {
		if (!is_scalar(w.item))
			return false;
		any = true;
	}
	return any;
}

static void
add_field(struct buf *out, struct span value)
{
	static struct buf text;
	size_t i;

	text.n = 0;
	switch (json_kind(value)) {
	case JSON_IS_STRING:
		json_unquote(&text, value);
		break;
	case JSON_IS_NULL:
		break;
	default:
		buf_add(&text, value.p, value.n);
		/* Outside strings, in which there are none, they are blanks. */
		for (i = 0; i < text.n; i++)
			if (text.p[i] == '\n' || text.p[i] == '\r')
				text.p[i] = ' ';
	}
	csv_quote(out, (struct span){ buf_str(&text), text.n });
}

void
convert_to_row(struct buf *out, struct span value, bool members)
{
	struct json_walk w = { .value = value };
	enum json_kind kind = json_kind(value);
	size_t n;

	if ((kind != JSON_IS_ARRAY && !(members && kind == JSON_IS_OBJECT)) ||
	    !is_flat(value)) {
		add_field(out, value);
		return;
	}
	for (n = 0; json_next(&w); n++) {
		if (n > 0)
			buf_addc(out, ',');
		add_field(out, w.item);
	}
}

static void
add_value(struct buf *out, struct span field)
{
	static struct buf text;
	struct span value;
	const char *why;
	size_t at;

	if (json_check(field, &value, &why, &at) == 0 && value.n == field.n &&
	    json_kind(value) == JSON_IS_NUMBER) {
		buf_add(out, field.p, field.n);
		return;
	}
	text.n = 0;
	csv_unquote(&text, field);
	json_quote(out, (struct span){ buf_str(&text), text.n });
}

void
convert_to_json(struct buf *out, struct span row)
{
	const char *p = row.p, *end = p + row.n, *to = csv_field_end(p, end);
	bool many = to < end;

	if (many)
		buf_addc(out, '[');
	for (;; p = to + 1) {
		to = csv_field_end(p, end);
		add_value(out, (struct span){ p, (size_t)(to - p) });
		if (to == end)
			break;
		buf_addc(out, ',');
	}
	if (many)
		buf_addc(out, ']');
}
