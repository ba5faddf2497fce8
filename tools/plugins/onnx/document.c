#include "plugins/onnx/document.h"

#include "format/codec.h"
#include "format/json.h"

/* The member with the features of a record, whatever the name of the one input;
 * false if there is none. */
static bool
features_find(struct span object, struct span *item)
{
	return json_member(object, span_str("features"), item) ||
	       json_member(object, span_str("instances"), item) ||
	       json_member(object, span_str("data"), item) ||
	       json_member(object, span_str("values"), item);
}

static int
feed_value(struct feed *f, struct span value, struct buf *why)
{
	feed_begin(f);
	if (feed_json(f, value, why) == -1)
		return -1;
	feed_end(f);
	return 0;
}

/* Members are the inputs' values, usually in the inputs' order. */
static int
read_object(struct rows *r, struct span object, struct buf *why)
{
	struct json_walk w = { .value = object };
	struct span name, item;
	size_t i, count = r->session->input_count;

	for (i = 0; i < count; i++) {
		name = span_str(r->feeds[i].port->name);
		if (json_next(&w) && json_string_is(w.key, name))
			item = w.item;
		else if (!json_member(object, name, &item) &&
			 !(count == 1 && features_find(object, &item))) {
			buf_addf(why, "no member \"%s\", which is an input",
			    r->feeds[i].port->name);
			return -1;
		}
		if (feed_value(&r->feeds[i], item, why) == -1)
			return -1;
	}
	return 0;
}

/* An array of the values of several inputs, as a row of CSV would have them. */
static int
read_dealt(struct rows *r, struct span array, struct buf *why)
{
	struct json_walk w = { .value = array };
	size_t i, k, total = 0;
	const struct port *port;

	for (i = 0; i < r->session->input_count; i++) {
		port = r->feeds[i].port;
		if (port->width == 0) {
			buf_addf(why, "input \"%s\", ", port->name);
			port_describe(port, why);
			buf_adds(why,
			    ", has no fixed width, and the model has several inputs: use an object");
			return -1;
		}
		total += port->width;
	}
	if (json_count(array) != total) {
		buf_addf(why, "%zu elements, but the model's inputs take %zu",
		    json_count(array), total);
		return -1;
	}
	for (i = 0; i < r->session->input_count; i++) {
		feed_begin(&r->feeds[i]);
		for (k = 0; k < r->feeds[i].port->width; k++)
			if (!json_next(&w) ||
			    feed_scalar(&r->feeds[i], w.item, k, why) == -1)
				return -1;
		feed_end(&r->feeds[i]);
	}
	return 0;
}

static int
read_value(struct rows *r, struct span value, struct buf *why)
{
	int result;

	if (json_kind(value) == JSON_IS_OBJECT)
		result = read_object(r, value, why);
	else if (r->session->input_count == 1)
		result = feed_value(r->feeds, value, why);
	else if (json_kind(value) == JSON_IS_ARRAY)
		result = read_dealt(r, value, why);
	else {
		buf_addf(why,
		    "neither an object nor an array, but the model has %zu inputs",
		    r->session->input_count);
		result = -1;
	}
	if (result == 0)
		r->count++;
	return result;
}

/* Whether a document is an array of records, not a record: an array of
 * objects, or deeper than a record is. */
static bool
is_list(const struct rows *r, struct span value)
{
	const struct port *port = r->feeds->port;
	size_t own = r->session->input_count > 1 ? 1 : port->rank - port->skip;
	struct json_walk w;
	size_t depth;

	for (depth = 0; json_kind(value) == JSON_IS_ARRAY; depth++) {
		w = (struct json_walk){ .value = value };
		if (depth == own || !json_next(&w))
			return depth == own;
		value = w.item;
	}
	return depth > 0 && json_kind(value) == JSON_IS_OBJECT;
}

static int
read_document(struct rows *r, struct span value, bool sole, struct buf *why)
{
	struct json_walk list = { .value = value };
	struct buf reason = { 0 };
	int result = 0;

	if (json_kind(value) == JSON_IS_OBJECT)
		json_member(value, span_str("instances"), &list.value);
	if (!sole || !is_list(r, list.value))
		return read_value(r, value, why);
	r->inside = true;
	while (result == 0 && json_next(&list))
		result = read_value(r, list.item, &reason);
	if (result == -1)
		buf_addf(why, "row %zu: %s", r->count, buf_str(&reason));
	buf_free(&reason);
	return result;
}

int
document_read(struct rows *r, enum type_kind kind,
    const struct bt_span *records, size_t n, struct buf *why, int64_t *bad)
{
	struct span value;
	const char *what;
	size_t i, at;

	for (i = 0; i < n; i++) {
		*bad = (int64_t)i;
		if (json_check(codec_record(&records[i]), &value, &what, &at) ==
		    -1) {
			buf_addf(why, "not JSON: %s at byte %zu", what, at);
			return -1;
		}
		if ((kind == TYPE_JSON ? read_document(r, value, n == 1, why)
				       : read_value(r, value, why)) == -1)
			return -1;
	}
	*bad = -1;
	return 0;
}
