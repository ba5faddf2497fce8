#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec/kinds.h"
#include "format/json.h"
#include "format/number.h"

struct name {
	struct span key; /* with its quotes */
	size_t column;
};

struct json {
	struct bt_matrix *m;
	struct buf *why;
	size_t rows, row; /* how many there will be; which is being read */
	bool list;	  /* they are the elements of one record */
	bool named;	  /* the first row is an object */
	struct name *names, *sorted; /* its keys, as they stand and sorted */
	bool *seen; /* columns of a row with its keys in another order */
};

static int
refuse(struct json *j, const char *what)
{
	if (j->list)
		buf_addf(j->why, "row %zu: ", j->row);
	buf_adds(j->why, what);
	return -1;
}

/* PLACE: TEXT is not a number */
static int
refuse_number(struct json *j, struct span place, struct span text)
{
	refuse(j, "");
	codec_quote(j->why, place);
	buf_adds(j->why, ": ");
	codec_quote(j->why, text);
	buf_adds(j->why, " is not a number");
	return -1;
}

static int
refuse_width(struct json *j, size_t n)
{
	refuse(j, "");
	buf_addf(j->why, "%zu number%s, not %zu as in the first %s", n,
	    n == 1 ? "" : "s", j->m->columns, j->list ? "row" : "record");
	return -1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *
white_skip(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* Reads a number as JSON spells it, or null; returns its end, NULL where there
 * is neither. */
static const char *
number_plain(const char *p, const char *end, float *v)
{
	const char *q, *d = p < end && *p == '-' ? p + 1 : p;

	if (end - p >= 4 && memcmp(p, "null", 4) == 0) {
		*v = NAN;
		return p + 4;
	}
	if (d == end || !is_digit(*d))
		return NULL;
	if (*d == '0' && d + 1 < end && is_digit(d[1]))
		return NULL;
	q = number_read(p, end, v);
	while (d < q && is_digit(*d))
		d++;
	if (d < q && *d == '.' && (d + 1 == q || !is_digit(d[1])))
		return NULL;
	return q;
}

/* Reads an array of as many numbers as the first row has, with nothing but
 * white space around it; false if it is anything else, JSON or not. */
static bool
row_plain(struct span text, float *row, size_t width)
{
	const char *end = text.p + text.n, *p = white_skip(text.p, end);
	size_t i;

	if (p == end || *p != '[')
		return false;
	for (i = 0; i < width; i++) {
		p = number_plain(white_skip(p + 1, end), end, &row[i]);
		if (p == NULL)
			return false;
		p = white_skip(p, end);
		if (p == end || *p != (i + 1 < width ? ',' : ']'))
			return false;
	}
	return width > 0 && white_skip(p + 1, end) == end;
}

static bool
is_container(struct span value)
{
	return value.p[0] == '[' || value.p[0] == '{';
}

/* The array or object of numbers in a record's value: of an object what the
 * first member holds that has one of these names, if there is one. */
static struct span
features(struct span value)
{
	static const char *const keys[] = { "features", "instances", "data",
		"values" };
	struct json_walk w = { .value = value };
	size_t i;

	while (json_kind(w.value) == JSON_IS_OBJECT && json_next(&w))
		for (i = 0; i < sizeof keys / sizeof *keys; i++)
			if (is_container(w.item) &&
			    json_string_is(w.key, span_str(keys[i]))) {
				w = (struct json_walk){ .value = w.item };
				break;
			}
	return w.value;
}

static bool
number_of(struct span item, float *v)
{
	enum json_kind kind = json_kind(item);

	*v = NAN;
	if (kind == JSON_IS_NUMBER)
		number_read(item.p, item.p + item.n, v);
	return kind == JSON_IS_NUMBER || kind == JSON_IS_NULL;
}

static int
array_row(struct json *j, struct span array, float *row)
{
	struct json_walk w = { 0 };
	char place[32];
	size_t i;
	int n;

	if (json_count(array) != j->m->columns)
		return refuse_width(j, json_count(array));
	w.value = array;
	for (i = 0; json_next(&w); i++)
		if (!number_of(w.item, &row[i])) {
			n = snprintf(place, sizeof place, "[%zu]", i);
			return refuse_number(
			    j, (struct span){ place, (size_t)n }, w.item);
		}
	return 0;
}

static int
name_compare(const void *a, const void *b)
{
	struct span x = ((const struct name *)a)->key;
	struct span y = ((const struct name *)b)->key;
	int order = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return order != 0 ? order : (x.n > y.n) - (x.n < y.n);
}

/* KEY: WHAT */
static int
refuse_key(struct json *j, struct span key, const char *what)
{
	refuse(j, "");
	codec_quote(j->why, key);
	buf_addf(j->why, ": %s", what);
	return -1;
}

static int
object_row(struct json *j, struct span object, float *row)
{
	struct json_walk w = { .value = object };
	struct name want = { 0 }, *name;
	bool ordered = true;
	size_t i;

	if (json_count(object) != j->m->columns)
		return refuse_width(j, json_count(object));
	memset(j->seen, false, j->m->columns);
	for (i = 0; json_next(&w); i++) {
		name = &j->names[i];
		ordered = ordered && name->key.n == w.key.n &&
			  memcmp(name->key.p, w.key.p, w.key.n) == 0;
		if (!ordered) {
			want.key = w.key;
			name = bsearch(&want, j->sorted, j->m->columns,
			    sizeof want, name_compare);
		}
		if (name == NULL)
			return refuse_key(
			    j, w.key, "not a key of the first record");
		if (j->seen[name->column])
			return refuse_key(j, w.key, "given twice");
		j->seen[name->column] = true;
		if (!number_of(w.item, &row[name->column]))
			return refuse_number(j, w.key, w.item);
	}
	return 0;
}

static void
names_take(struct json *j, struct span object)
{
	struct json_walk w = { 0 };
	size_t i, n = j->m->columns;

	j->names = mem_resize(NULL, n, sizeof *j->names);
	j->sorted = mem_resize(NULL, n, sizeof *j->sorted);
	j->seen = mem_resize(NULL, n, sizeof *j->seen);
	w.value = object;
	for (i = 0; json_next(&w); i++)
		j->names[i] = (struct name){ w.key, i };
	memcpy(j->sorted, j->names, n * sizeof *j->names);
	qsort(j->sorted, n, sizeof *j->sorted, name_compare);
}

/* Reads row j->row from a checked value. */
static int
row_read(struct json *j, struct span value)
{
	bool object;

	value = features(value);
	if (!is_container(value))
		return refuse(j, "neither an array nor an object of numbers");
	object = json_kind(value) == JSON_IS_OBJECT;
	if (j->row == 0) {
		if (codec_matrix(j->m, j->rows, json_count(value), j->why) ==
		    -1)
			return -1;
		j->named = object;
		if (object)
			names_take(j, value);
	}
	if (object != j->named)
		return refuse(j, object ? "an object, unlike the first record"
					: "an array, unlike the first record");
	return (object ? object_row : array_row)(
	    j, value, j->m->values + j->row * j->m->columns);
}

/* Reads row j->row if it can be had in one pass. */
static bool
row_quick(struct json *j, struct span text)
{
	return j->row > 0 && !j->named &&
	       row_plain(
		   text, j->m->values + j->row * j->m->columns, j->m->columns);
}

/* Reads a record: a row, or if it is the only one, an array of rows. */
static int
record_read(struct json *j, struct span text)
{
	struct json_walk w = { 0 };
	struct span value;
	const char *what;
	size_t at;

	if (row_quick(j, text))
		return 0;
	if (json_check(text, &value, &what, &at) == -1) {
		buf_addf(j->why, "not JSON: %s at byte %zu", what, at);
		return -1;
	}
	if (j->rows > 1)
		return row_read(j, value);
	w.value = features(value);
	if (json_kind(w.value) != JSON_IS_ARRAY || !json_next(&w) ||
	    !is_container(w.item))
		return row_read(j, value);
	j->list = true;
	j->rows = json_count(w.value);
	do {
		if (!row_quick(j, w.item) && row_read(j, w.item) == -1)
			return -1;
		j->row++;
	} while (json_next(&w));
	return 0;
}

int
codec_json(const struct bt_span *records, size_t n, struct bt_matrix *m,
    struct buf *why, int64_t *bad)
{
	struct json j = { 0 };
	int result = 0;
	size_t i;

	j.m = m;
	j.why = why;
	j.rows = n;
	for (i = 0; i < n && result == 0; i++) {
		j.row = i;
		result = record_read(&j, codec_record(&records[i]));
		if (result == -1)
			*bad = (int64_t)i;
	}
	free(j.names);
	free(j.sorted);
	free(j.seen);
	return result;
}
