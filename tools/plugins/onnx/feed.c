#include "plugins/onnx/feed.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/json.h"

void
feed_clear(struct feed *f)
{
	f->count = f->records = 0;
	f->values.n = f->text.n = 0;
	f->matrix.rows = 0;
}

void
feed_free(struct feed *f)
{
	buf_free(&f->values);
	buf_free(&f->text);
	free(f->starts);
	free(f->shape);
	free(f->at);
	free(f->shapes);
	free(f->matrix.values);
}

void
feed_begin(struct feed *f)
{
	size_t i;

	if (f->shape == NULL) {
		f->shape = mem_resize(NULL, f->port->rank, sizeof *f->shape);
		f->at = mem_resize(NULL, f->port->rank, sizeof *f->at);
	}
	for (i = 0; i < f->port->rank; i++) {
		f->shape[i] = f->port->shape[i];
		f->at[i] = 0;
	}
}

void
feed_end(struct feed *f)
{
	size_t rank = f->port->rank;

	f->records++;
	if (f->port->width != 0)
		return;
	if (f->records * rank > f->shapes_size) {
		f->shapes_size = f->records * rank * 2 + 64;
		f->shapes =
		    mem_resize(f->shapes, f->shapes_size, sizeof *f->shapes);
	}
	memcpy(f->shapes + (f->records - 1) * rank, f->shape,
	    rank * sizeof *f->shape);
}

const int64_t *
feed_shape_of(const struct feed *f, size_t i)
{
	return f->port->width != 0 ? f->port->shape
				   : f->shapes + i * f->port->rank;
}

bool
feed_add(struct feed *f, struct span text)
{
	size_t size;

	if (f->port->type != ORT_STRING) {
		size = element_size(f->port->type);
		if (!element_read(
			f->port->type, text, buf_room(&f->values, size)))
			return false;
		f->values.n += size;
		f->count++;
		return true;
	}
	if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
		return false;
	f->starts = mem_grow(
	    f->starts, &f->starts_size, f->count + 1, sizeof *f->starts);
	f->starts[f->count++] = f->text.n;
	buf_add(&f->text, text.p, text.n);
	buf_addc(&f->text, '\0');
	return true;
}

int
feed_shape(struct feed *f, size_t n, struct buf *why)
{
	const struct port *port = f->port;
	size_t i, fixed = 1, any = port->rank, anys = 0;

	for (i = port->skip; i < port->rank; i++)
		if (port->shape[i] < 0) {
			any = i;
			anys++;
		} else
			fixed *= (size_t)port->shape[i];
	if (anys > 1) {
		buf_addf(why, "input \"%s\", ", port->name);
		port_describe(port, why);
		buf_adds(why,
		    ", has a shape that a row does not determine: use JSON with nested arrays");
		return -1;
	}
	if (anys == 0 ? n != fixed : n % fixed != 0) {
		buf_addf(why, "%zu value%s, but input \"%s\", ", n,
		    n == 1 ? "" : "s", port->name);
		port_describe(port, why);
		buf_addf(why, ", takes %s%zu", anys == 0 ? "" : "multiples of ",
		    fixed);
		return -1;
	}
	if (anys == 1)
		f->shape[any] = (int64_t)(n / fixed);
	return 0;
}

/* x[1][0]: */
static void
place_add(const struct feed *f, size_t depth, struct buf *why)
{
	size_t i;

	buf_adds(why, f->port->name);
	for (i = f->port->skip; i < depth; i++)
		buf_addf(why, "[%zu]", f->at[i]);
	buf_adds(why, ": ");
}

static bool
add_scalar(struct feed *f, struct span value)
{
	bool string = f->port->type == ORT_STRING;
	struct buf text = { 0 };
	bool ok;

	switch (json_kind(value)) {
	case JSON_IS_STRING:
		json_unquote(&text, value);
		ok = string && feed_add(f, buf_span(&text));
		buf_free(&text);
		return ok;
	case JSON_IS_NULL:
		return !string && feed_add(f, (struct span){ value.p, 0 });
	case JSON_IS_NUMBER:
	case JSON_IS_TRUE:
	case JSON_IS_FALSE:
		return !string && feed_add(f, value);
	default:
		return false;
	}
}

static int
refuse_value(struct feed *f, struct span value, size_t depth, struct buf *why)
{
	place_add(f, depth, why);
	codec_quote(why, value);
	buf_addf(why, " is not %s", element_name(f->port->type));
	if (f->port->type == ORT_STRING && json_kind(value) == JSON_IS_STRING)
		buf_adds(why, " without U+0000");
	return -1;
}

int
feed_scalar(struct feed *f, struct span value, size_t i, struct buf *why)
{
	size_t depth = f->port->skip;

	if (add_scalar(f, value))
		return 0;
	if (f->port->rank > depth)
		f->at[depth++] = i;
	return refuse_value(f, value, depth, why);
}

/* Checks that an array has as many elements as the shape has at depth. */
static int
check_size(struct feed *f, struct span value, size_t depth, struct buf *why)
{
	size_t n;

	if (json_kind(value) != JSON_IS_ARRAY) {
		place_add(f, depth, why);
		codec_quote(why, value);
		buf_adds(why, " is not an array; the input is ");
		port_describe(f->port, why);
		return -1;
	}
	n = json_count(value);
	if (f->shape[depth] < 0)
		f->shape[depth] = (int64_t)n;
	if ((size_t)f->shape[depth] == n)
		return 0;
	place_add(f, depth, why);
	buf_addf(why, "%zu element%s, not %" PRId64 ": the input is ", n,
	    n == 1 ? "" : "s", f->shape[depth]);
	port_describe(f->port, why);
	return -1;
}

/* As deep as the model's input, no deeper. */
static int
add_nested(struct feed *f, struct span value, size_t depth, struct buf *why)
{
	struct json_walk w = { .value = value };

	if (depth == f->port->rank)
		return add_scalar(f, value)
			   ? 0
			   : refuse_value(f, value, depth, why);
	if (check_size(f, value, depth, why) == -1)
		return -1;
	for (f->at[depth] = 0; json_next(&w); f->at[depth]++)
		if (add_nested(f, w.item, depth + 1, why) == -1)
			return -1;
	return 0;
}

int
feed_json(struct feed *f, struct span value, struct buf *why)
{
	size_t i;

	/* A single value need not be in an array. */
	if (f->port->width == 1 && json_kind(value) != JSON_IS_ARRAY)
		return add_nested(f, value, f->port->rank, why);
	if (add_nested(f, value, f->port->skip, why) == -1)
		return -1;
	/* Below an empty array the sizes are not known. */
	for (i = f->port->skip; i < f->port->rank; i++)
		if (f->shape[i] < 0)
			f->shape[i] = 0;
	return 0;
}
