#include "plugins/http/outputs.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/http/inputs.h"

struct output {
	struct span name; /* with its quotes */
	uint64_t dims[RANK_MAX];
	size_t rank;
	struct json_walk walk; /* of its data */
	bool nested; /* an element of data is a row, not a number of one */
};

static bool
read_dims(struct output *o, struct span shape)
{
	struct json_walk w = { .value = shape };
	const char *why;

	if (json_kind(shape) != JSON_IS_ARRAY)
		return false;
	for (; json_next(&w); o->rank++) {
		if (o->rank == RANK_MAX)
			return false;
		/* A row of no values would have no end. */
		o->dims[o->rank] =
		    num_parse(w.item, o->rank > 0, INT32_MAX, &why);
		if (why != NULL)
			return false;
	}
	return o->rank > 0;
}

/* Returns what is wrong, or NULL. */
static const char *
read_output(struct output *o, struct span value)
{
	struct json_walk w = { 0 };
	struct span item;

	memset(o, 0, sizeof *o);
	if (json_kind(value) != JSON_IS_OBJECT ||
	    !json_member(value, span_str("name"), &o->name) ||
	    json_kind(o->name) != JSON_IS_STRING)
		return "has no name";
	if (!json_member(value, span_str("shape"), &item) ||
	    !read_dims(o, item))
		return "has no shape of whole numbers, none of them 0";
	if (!json_member(value, span_str("data"), &item) ||
	    json_kind(item) != JSON_IS_ARRAY)
		return "has no data in JSON";
	o->walk.value = w.value = item;
	o->nested = o->rank == 1 ||
		    (json_next(&w) && json_kind(w.item) == JSON_IS_ARRAY);
	return NULL;
}

/* Adds the next value of data that is in shape from depth on.  False if there
 * is no more. */
static bool
add_value(struct buf *out, struct output *o, size_t depth)
{
	uint64_t i;

	if (depth == o->rank || o->nested) {
		if (!json_next(&o->walk))
			return false;
		rows_compact(out, o->walk.item);
		return true;
	}
	buf_addc(out, '[');
	for (i = 0; i < o->dims[depth]; i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (!add_value(out, o, depth + 1))
			return false;
	}
	buf_addc(out, ']');
	return true;
}

static int
fail_shape(struct rows *r, const struct output *o)
{
	buf_adds(&r->why, "the reply: output ");
	rows_compact(&r->why, o->name);
	buf_adds(&r->why, ": its shape is not that of its data");
	return rows_fail_all(r);
}

/* Takes the brackets of an array off the value that begins at start: its
 * elements become fields of a longer row. */
static void
drop_brackets(struct buf *row, size_t start)
{
	if (row->p[start] != '[')
		return;
	row->n -= 2;
	memmove(row->p + start, row->p + start + 1, row->n - start);
}

static int
write_row(struct rows *r, struct output *list, size_t n, struct buf *row)
{
	struct output *o;
	const char *from;
	bool csv = r->kind == TYPE_CSV;
	size_t i, start;

	row->n = 0;
	if (n > 1)
		buf_addc(row, csv ? '[' : '{');
	for (i = 0; i < n; i++) {
		o = &list[i];
		if (i > 0)
			buf_addc(row, ',');
		if (n > 1 && !csv) {
			rows_compact(row, o->name);
			buf_addc(row, ':');
		}
		from = o->walk.value.p + o->walk.at;
		start = row->n;
		if (!add_value(row, o, 1))
			return fail_shape(r, o);
		if (n > 1 && csv)
			drop_brackets(row, start);
		if (rows_refuses(r,
			(struct span){ from,
			    (size_t)(o->walk.value.p + o->walk.at - from) },
			&r->why))
			return rows_fail(r, BT_BAD_INPUT);
	}
	if (n > 1)
		buf_addc(row, csv ? ']' : '}');
	return rows_write(r, (struct span){ buf_str(row), row->n });
}

static int
write_rows(struct rows *r, struct output *list, size_t n)
{
	struct buf row = { 0 };
	uint64_t i;
	size_t o;
	int status = BT_OK;

	for (i = 0; status == BT_OK && i < list[0].dims[0]; i++)
		status = write_row(r, list, n, &row);
	for (o = 0; status == BT_OK && o < n; o++)
		if (json_next(&list[o].walk))
			status = fail_shape(r, &list[o]);
	buf_free(&row);
	return status == BT_OK ? rows_end(r) : status;
}

int
outputs_write(struct rows *r, struct span document)
{
	struct output *list = NULL;
	struct json_walk w = { 0 };
	const char *wrong = NULL;
	size_t n = 0, room = 0;
	int status;

	if (json_kind(document) != JSON_IS_OBJECT ||
	    !json_member(document, span_str("outputs"), &w.value) ||
	    json_kind(w.value) != JSON_IS_ARRAY || json_empty(w.value)) {
		buf_adds(&r->why, "the reply has no \"outputs\"");
		return rows_fail_all(r);
	}
	while (wrong == NULL && json_next(&w)) {
		list = mem_grow(list, &room, n + 1, sizeof *list);
		wrong = read_output(&list[n++], w.item);
		if (wrong == NULL && list[n - 1].dims[0] != list[0].dims[0])
			wrong = "has not as many rows as the first";
	}
	if (wrong != NULL) {
		buf_addf(&r->why, "the reply: output %zu %s", n, wrong);
		status = rows_fail_all(r);
	} else
		status = write_rows(r, list, n);
	free(list);
	return status;
}
