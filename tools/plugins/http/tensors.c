#include "plugins/http/tensors.h"

#include <inttypes.h>

#include "format/csv.h"
#include "format/json.h"

/* The name of the only input if the server does not tell it, as the servers
 * that do not tell it have it. */
static const struct span input_0 = { "\"input-0\"", 9 };

struct tensor {
	struct table_entry entry;
	const struct input *in; /* NULL: not known */
	const char *datatype;	/* NULL: that of the first value */
	struct buf data;	/* values, a comma after each */
	size_t rows;

	/* The shape of the first record's value; a dimension is 0 until it is
	 * known. */
	int64_t dims[RANK_MAX];
	size_t rank;
	bool ranked;
};

enum leaf { LEAF_NUMBER, LEAF_TEXT, LEAF_BOOL };

static struct tensor *
add_tensor(struct tensors *ts, struct span name, const struct input *in)
{
	struct tensor *t = table_get(&ts->list, name, sizeof *t);

	t->in = in;
	t->datatype = in != NULL ? in->datatype : NULL;
	return t;
}

static void
clear(struct tensors *ts)
{
	struct tensor *t = NULL;

	while ((t = table_next(&ts->list, t)) != NULL)
		buf_free(&t->data);
	table_free(&ts->list);
	ts->row = ts->width = 0;
}

void
tensors_free(struct tensors *ts)
{
	clear(ts);
	buf_free(&ts->text);
	buf_free(&ts->reason);
}

/* Whether a value of this kind can be in the tensor. */
static int
check_leaf(struct tensor *t, enum leaf leaf, struct buf *why)
{
	static const char *const types[] = { "FP64", "BYTES", "BOOL" };
	static const char *const names[] = { "a number", "text", "a boolean" };
	bool fits;

	if (t->datatype == NULL)
		t->datatype = types[leaf];
	if (strcmp(t->datatype, "BYTES") == 0)
		fits = leaf == LEAF_TEXT;
	else if (strcmp(t->datatype, "BOOL") == 0)
		fits = leaf != LEAF_TEXT;
	else
		fits = leaf == LEAF_NUMBER;
	if (fits)
		return 0;
	buf_addf(why, "%s, but input %s is %s", names[leaf], t->entry.key.p,
	    t->datatype);
	return -1;
}

static int
put_leaf(struct tensor *t, struct span value, size_t depth, struct buf *why)
{
	static const enum leaf leaves[] = { [JSON_IS_STRING] = LEAF_TEXT,
		[JSON_IS_NUMBER] = LEAF_NUMBER,
		[JSON_IS_TRUE] = LEAF_BOOL,
		[JSON_IS_FALSE] = LEAF_BOOL };
	enum json_kind kind = json_kind(value);

	if (kind == JSON_IS_OBJECT || kind == JSON_IS_NULL) {
		buf_addf(why, "input %s: %s cannot be in a tensor",
		    t->entry.key.p,
		    kind == JSON_IS_NULL ? "null" : "an object");
		return -1;
	}
	if (!t->ranked) {
		t->ranked = true;
		t->rank = depth;
	} else if (t->rank != depth) {
		buf_addf(why, "input %s: not of the first value's shape",
		    t->entry.key.p);
		return -1;
	}
	buf_add(&t->data, value.p, value.n);
	buf_addc(&t->data, ',');
	return check_leaf(t, leaves[kind], why);
}

/* Adds a JSON value, which is checked. */
static int
put_value(struct tensor *t, struct span value, size_t depth, struct buf *why)
{
	struct json_walk w = { .value = value };
	int64_t n = 0;

	if (json_kind(value) != JSON_IS_ARRAY)
		return put_leaf(t, value, depth, why);
	if (depth == RANK_MAX - 1) {
		buf_addf(why, "input %s: arrays in arrays, too many",
		    t->entry.key.p);
		return -1;
	}
	for (; json_next(&w); n++)
		if (put_value(t, w.item, depth + 1, why) == -1)
			return -1;
	if (n > 0 && t->dims[depth] == 0)
		t->dims[depth] = n;
	if (n > 0 && t->dims[depth] == n)
		return 0;
	buf_addf(
	    why, "input %s: an array of %" PRId64 " values", t->entry.key.p, n);
	if (t->dims[depth] > 0)
		buf_addf(why, "; the first has %" PRId64, t->dims[depth]);
	return -1;
}

static struct tensor *
find_tensor(struct tensors *ts, struct span key, struct buf *why)
{
	struct buf *name = &ts->reason;
	struct tensor *t;

	ts->text.n = name->n = 0;
	json_unquote(&ts->text, key);
	json_quote(name, (struct span){ buf_str(&ts->text), ts->text.n });
	t = table_find(&ts->list, buf_span(name));
	if (t == NULL && ts->in->n == 0 && ts->row == 0)
		t = add_tensor(ts, buf_span(name), NULL);
	if (t == NULL)
		buf_addf(why, "the model has no input %s", buf_str(name));
	return t;
}

static int
check_inputs(struct tensors *ts, struct buf *why)
{
	struct tensor *t = NULL;

	while ((t = table_next(&ts->list, t)) != NULL)
		if (t->rows == ts->row) {
			buf_addf(why, "no value for input %s", t->entry.key.p);
			return -1;
		}
	return 0;
}

static int
put_object(struct tensors *ts, struct span object, struct buf *why)
{
	struct tensor *t = NULL, *next = table_next(&ts->list, NULL);
	struct json_walk w = { .value = object };

	for (; json_next(&w); next = table_next(&ts->list, t)) {
		/* Members come in one order, as a rule. */
		if (next != NULL && w.key.n == next->entry.key.n &&
		    memcmp(w.key.p, next->entry.key.p, w.key.n) == 0)
			t = next;
		else if ((t = find_tensor(ts, w.key, why)) == NULL)
			return -1;
		if (t->rows++ > ts->row) {
			buf_addf(
			    why, "a second value for input %s", t->entry.key.p);
			return -1;
		}
		if (put_value(t, w.item, 0, why) == -1)
			return -1;
	}
	if (ts->list.n == 0) {
		buf_adds(why, "an object without members");
		return -1;
	}
	return check_inputs(ts, why);
}

/* The only tensor, or NULL. */
static struct tensor *
only_tensor(struct tensors *ts, struct buf *why)
{
	if (ts->list.n == 0)
		return add_tensor(ts, input_0, NULL);
	if (ts->list.n == 1)
		return table_next(&ts->list, NULL);
	buf_addf(why,
	    "the model has %zu inputs, whose names are needed: ", ts->list.n);
	return NULL;
}

static int
put_json(struct tensors *ts, struct span record, struct buf *why)
{
	struct tensor *t;
	const char *reason;
	size_t at;

	if (json_check(record, &record, &reason, &at) == -1) {
		buf_addf(why, "not JSON at byte %zu: %s", at, reason);
		return -1;
	}
	if (json_kind(record) == JSON_IS_OBJECT)
		return put_object(ts, record, why);
	if ((t = only_tensor(ts, why)) == NULL) {
		buf_adds(why, "objects in JSON Lines have them");
		return -1;
	}
	t->rows++;
	return put_value(t, record, 0, why);
}

static int
put_text(struct tensors *ts, struct span record, struct buf *why)
{
	struct tensor *t = only_tensor(ts, why);

	if (t == NULL) {
		buf_adds(why, "CSV with a header row and JSON Lines have them");
		return -1;
	}
	if (cell_add_text(&t->data, record, &ts->text, why) == CELL_BAD)
		return -1;
	buf_addc(&t->data, ',');
	t->rows++;
	return check_leaf(t, LEAF_TEXT, why);
}

static int
put_field(struct tensors *ts, struct tensor *t, struct span field)
{
	bool bytes = t->datatype != NULL && strcmp(t->datatype, "BYTES") == 0;
	bool boolean = t->datatype != NULL && strcmp(t->datatype, "BOOL") == 0;
	enum cell cell = CELL_NUMBER;

	if (boolean && cell_is(field, "true"))
		buf_adds(&t->data, "true");
	else if (boolean && cell_is(field, "false"))
		buf_adds(&t->data, "false");
	else if (bytes)
		cell = cell_add_text(&t->data, field, &ts->text, &ts->reason);
	else
		cell = cell_add(
		    &t->data, field, ts->missing, &ts->text, &ts->reason);
	buf_addc(&t->data, ',');
	if (cell == CELL_BAD)
		return -1;
	return check_leaf(
	    t, cell == CELL_TEXT ? LEAF_TEXT : LEAF_NUMBER, &ts->reason);
}

/* The fields go to the one input, or each to the input of its column. */
static int
put_row(struct tensors *ts, struct span record, bool by_name, struct buf *why)
{
	const struct table_entry *name = NULL;
	struct tensor *t = table_next(&ts->list, NULL);
	const char *p = record.p, *end = p + record.n, *q;
	size_t n = csv_fields(record, NULL, 0), i;

	if (ts->width == 0)
		ts->width = n;
	if (n != ts->width) {
		buf_addf(why, "%zu fields; the %s has %zu", n,
		    by_name ? "header row" : "first record", ts->width);
		return -1;
	}
	for (i = 0; i < n; i++, p = q + 1) {
		q = csv_field_end(p, end);
		ts->reason.n = 0;
		if (by_name) {
			name = table_next(&ts->columns->names, name);
			t = table_find(&ts->list, name->key);
			t->rows++;
		}
		if (put_field(ts, t, (struct span){ p, (size_t)(q - p) }) ==
		    -1) {
			buf_addf(
			    why, "column %zu: %s", i + 1, buf_str(&ts->reason));
			return -1;
		}
	}
	if (!by_name) {
		t->rows++;
		t->rank = 1;
		t->dims[0] = (int64_t)n;
	}
	return 0;
}

/* Finds the input of each column. */
static int
match_columns(struct tensors *ts, struct span header, struct buf *why)
{
	const struct table_entry *name = NULL;
	struct tensor *t = NULL;

	if (columns_read(ts->columns, header, why) == -1)
		return -1;
	ts->width = ts->columns->names.n;
	while ((name = table_next(&ts->columns->names, name)) != NULL)
		if (table_find(&ts->list, name->key) == NULL) {
			buf_addf(why,
			    "the header row: the model has no input %s",
			    name->key.p);
			return -1;
		}
	while ((t = table_next(&ts->list, t)) != NULL)
		if (table_find(&ts->columns->names, t->entry.key) == NULL) {
			buf_addf(why,
			    "the header row has no column for input %s",
			    t->entry.key.p);
			return -1;
		}
	return 0;
}

static void
add_dims(struct buf *out, const int64_t *dims, size_t rank)
{
	size_t i;

	for (i = 0; i < rank; i++)
		buf_addf(out, "%s%" PRId64, i > 0 ? "," : "", dims[i]);
}

/* Whether the first record's shape is the input's but for the records. */
static bool
is_shape(const struct tensor *t)
{
	size_t i;

	if (t->rank + 1 != t->in->rank)
		return false;
	for (i = 0; i < t->rank; i++)
		if (t->in->dims[i + 1] != -1 &&
		    t->in->dims[i + 1] != t->dims[i])
			return false;
	return true;
}

/* Reshapes a record's values to the input's shape: its one open dimension, if
 * any, takes what is left.  False if they do not fit. */
static bool
reshape(struct tensor *t)
{
	const struct input *in = t->in;
	int64_t values = 1, *open = NULL;
	size_t i;

	for (i = 0; i < t->rank; i++)
		values *= t->dims[i];
	for (i = 1; i < in->rank; i++) {
		t->dims[i - 1] = in->dims[i];
		if (in->dims[i] != -1) {
			if (values % in->dims[i] != 0)
				return false;
			values /= in->dims[i];
		} else if (open == NULL)
			open = &t->dims[i - 1];
		else
			return false;
	}
	if (open != NULL)
		*open = values;
	else if (values != 1)
		return false;
	t->rank = in->rank - 1;
	return true;
}

static int
add_tensor_text(struct buf *out, struct tensor *t, struct buf *why)
{
	struct buf natural = { 0 };
	size_t rows = t->rows;
	bool fits = true;

	add_dims(&natural, t->dims, t->rank);
	if (t->in != NULL && t->in->rank > 0)
		fits =
		    (t->in->dims[0] == -1 || (size_t)t->in->dims[0] == rows) &&
		    (is_shape(t) || reshape(t));
	if (!fits) {
		buf_addf(why,
		    "input %s: %zu records of shape [%s] do not fit [",
		    t->entry.key.p, rows, buf_str(&natural));
		add_dims(why, t->in->dims, t->in->rank);
		buf_addc(why, ']');
	}
	buf_free(&natural);
	if (!fits)
		return -1;
	buf_addf(out, "{\"name\":%s,\"shape\":[%zu%s", t->entry.key.p, rows,
	    t->rank > 0 ? "," : "");
	add_dims(out, t->dims, t->rank);
	buf_addf(out, "],\"datatype\":\"%s\",\"data\":[", t->datatype);
	buf_add(out, t->data.p, t->data.n - 1); /* the last comma */
	buf_adds(out, "]}");
	return 0;
}

static int
put_records(struct tensors *ts, const struct bt_request *rq,
    enum type_kind kind, bool by_name, struct buf *why)
{
	struct span record;
	int got = 0;

	for (; got == 0 && ts->row < rq->record_count; ts->row += got == 0) {
		record.p = rq->records[ts->row].p;
		record.n = rq->records[ts->row].n;
		if (kind == TYPE_CSV)
			got = put_row(ts, record, by_name, why);
		else if (kind == TYPE_JSONLINES)
			got = put_json(ts, record, why);
		else
			got = put_text(ts, record, why);
	}
	return got;
}

int
tensors_add(struct tensors *ts, struct buf *out, const struct bt_request *rq,
    enum type_kind kind, int64_t *bad, struct buf *why)
{
	struct span header = { rq->header.p, rq->header.n };
	struct tensor *t = NULL;
	bool by_name = false;
	size_t i;

	clear(ts);
	for (i = 0; i < ts->in->n; i++)
		add_tensor(
		    ts, span_str(ts->in->list[i].name), &ts->in->list[i]);
	*bad = -1;
	if (kind == TYPE_CSV && ts->list.n > 1 && header.n > 0) {
		by_name = true;
		if (match_columns(ts, header, why) == -1)
			return -1;
	} else if (kind == TYPE_CSV && only_tensor(ts, why) == NULL) {
		buf_adds(why, "bt-split --header finds them in a header row");
		return -1;
	}
	if (put_records(ts, rq, kind, by_name, why) == -1) {
		*bad = (int64_t)ts->row;
		return -1;
	}
	buf_adds(out, "{\"inputs\":[");
	for (i = 0; (t = table_next(&ts->list, t)) != NULL; i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (add_tensor_text(out, t, why) == -1)
			return -1;
	}
	buf_adds(out, "]}");
	return 0;
}
