#include "plugins/onnx/reply.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/csv.h"
#include "format/json.h"

/* A tensor whose values can be read. */
struct tensor {
	enum ort_element type;
	size_t rank, count; /* of sizes, of values */
	int64_t *shape;
	const char *data;
	char *text; /* strings, one after the other */
	size_t *starts, text_size;
};

/* An output of one call. */
struct view {
	const struct port *port;
	struct ort_value *value;
	struct tensor tensor; /* unless port->maps */
	size_t skip;	      /* sizes of its shape that are not a row's */
	size_t width;	      /* values a row */
};

struct writer {
	const struct session *s;
	struct view *views;
	struct buf *out;
	bool json, first; /* no field of the CSV row was written yet */
};

static bool
ok(const struct session *s, struct ort_status *status, struct buf *why)
{
	return library_ok(&s->library, status, why);
}

static void
tensor_free(struct tensor *t)
{
	free(t->shape);
	free(t->text);
	free(t->starts);
}

static int
read_shape(const struct session *s, const struct ort_value *value,
    struct tensor *t, struct buf *why)
{
	const struct ort_api *api = s->library.api;
	struct ort_shape *shape;
	size_t i;
	bool good;

	if (!ok(s, api->value_shape(value, &shape), why))
		return -1;
	good = ok(s, api->element_type(shape, &t->type), why) &&
	       ok(s, api->rank(shape, &t->rank), why);
	if (good) {
		t->shape = mem_resize(NULL, t->rank, sizeof *t->shape);
		good = ok(s, api->dimensions(shape, t->shape, t->rank), why);
	}
	api->release_shape(shape);
	t->count = 1;
	for (i = 0; good && i < t->rank; i++)
		t->count *= (size_t)t->shape[i];
	return good ? 0 : -1;
}

/* Returns 0, or -1 with the reason added to why; tensor_free either way. */
static int
tensor_read(const struct session *s, struct ort_value *value, struct tensor *t,
    struct buf *why)
{
	const struct ort_api *api = s->library.api;
	void *data;

	*t = (struct tensor){ 0 };
	if (read_shape(s, value, t, why) == -1)
		return -1;
	if (element_name(t->type) == NULL) {
		buf_addf(why, "elements of type %d", (int)t->type);
		return -1;
	}
	if (t->type != ORT_STRING) {
		if (!ok(s, api->tensor_data(value, &data), why))
			return -1;
		t->data = data;
		return 0;
	}
	if (!ok(s, api->strings_size(value, &t->text_size), why))
		return -1;
	t->text = mem_alloc(t->text_size + 1);
	t->starts = mem_resize(NULL, t->count + 1, sizeof *t->starts);
	if (t->count > 0 &&
	    !ok(s,
		api->strings(value, t->text, t->text_size, t->starts, t->count),
		why))
		return -1;
	t->starts[t->count] = t->text_size;
	return 0;
}

static void
write_value(struct writer *w, const struct tensor *t, size_t i)
{
	struct span text;

	if (t->type != ORT_STRING) {
		element_write(t->type, t->data + i * element_size(t->type),
		    w->json, w->out);
		return;
	}
	text = (struct span){ t->text + t->starts[i],
		t->starts[i + 1] - t->starts[i] };
	if (w->json)
		json_quote(w->out, text);
	else
		csv_quote(w->out, text);
}

static void
comma(struct writer *w)
{
	if (!w->first)
		buf_addc(w->out, ',');
	w->first = false;
}

/* Arrays in arrays, from the depth-th size on; *i is the next value. */
static void
write_nested(struct writer *w, const struct tensor *t, size_t depth, size_t *i)
{
	int64_t k;

	if (depth == t->rank) {
		write_value(w, t, (*i)++);
		return;
	}
	buf_addc(w->out, '[');
	for (k = 0; k < t->shape[depth]; k++) {
		if (k > 0)
			buf_addc(w->out, ',');
		write_nested(w, t, depth + 1, i);
	}
	buf_addc(w->out, ']');
}

static void
write_tensor(struct writer *w, const struct view *v, size_t row)
{
	const struct tensor *t = &v->tensor;
	size_t i = row * v->width, end = i + v->width;

	if (w->json)
		write_nested(w, t,
		    v->width == 1 && t->rank - v->skip <= 1 ? t->rank : v->skip,
		    &i);
	else
		for (; i < end; i++) {
			comma(w);
			write_value(w, t, i);
		}
}

static void
write_pairs(
    struct writer *w, const struct tensor *keys, const struct tensor *values)
{
	/* A key of JSON is a string. */
	const char *quote = keys->type == ORT_STRING ? "" : "\"";
	size_t i;

	if (w->json)
		buf_addc(w->out, '{');
	for (i = 0; i < keys->count && i < values->count; i++) {
		if (w->json) {
			buf_adds(w->out, i > 0 ? "," : "");
			buf_adds(w->out, quote);
			write_value(w, keys, i);
			buf_adds(w->out, quote);
			buf_addc(w->out, ':');
		} else
			comma(w);
		write_value(w, values, i);
	}
	if (w->json)
		buf_addc(w->out, '}');
}

static int
part_read(const struct session *s, const struct ort_value *map, int part,
    struct tensor *t, struct buf *why)
{
	struct ort_value *value;
	int result;

	*t = (struct tensor){ 0 };
	if (!ok(s, s->library.api->element(map, part, s->allocator, &value),
		why))
		return -1;
	result = tensor_read(s, value, t, why);
	/* Numbers are read from the value later: they are copied. */
	if (result == 0 && t->data != NULL) {
		t->text = mem_dup(t->data, t->count * element_size(t->type));
		t->data = t->text;
	}
	s->library.api->release_value(value);
	return result;
}

static int
write_map(struct writer *w, const struct view *v, size_t row, struct buf *why)
{
	const struct session *s = w->s;
	struct tensor keys = { 0 }, values = { 0 };
	struct ort_value *map;
	int result;

	if (!ok(s,
		s->library.api->element(v->value, (int)row, s->allocator, &map),
		why))
		return -1;
	result = part_read(s, map, 0, &keys, why);
	if (result == 0)
		result = part_read(s, map, 1, &values, why);
	if (result == 0)
		write_pairs(w, &keys, &values);
	s->library.api->release_value(map);
	tensor_free(&keys);
	tensor_free(&values);
	return result;
}

static int
write_row(struct writer *w, size_t row, struct buf *why)
{
	bool object = w->json && w->s->output_count > 1;
	const struct view *v;
	struct span name;
	size_t i;

	w->first = true;
	if (object)
		buf_addc(w->out, '{');
	for (i = 0; i < w->s->output_count; i++) {
		v = &w->views[i];
		if (object) {
			comma(w);
			name = (struct span){ v->port->name,
				strlen(v->port->name) };
			json_quote(w->out, name);
			buf_addc(w->out, ':');
		}
		if (!v->port->maps)
			write_tensor(w, v, row);
		else if (write_map(w, v, row, why) == -1)
			return -1;
	}
	if (object)
		buf_addc(w->out, '}');
	return 0;
}

/* A tensor of several rows has their number as its first size. */
static int
view_make(const struct session *s, const struct call *call, size_t i,
    struct view *v, struct buf *why)
{
	size_t n, count = call->count;

	v->port = &s->outputs[i];
	v->value = call->outputs[i];
	if (!v->port->maps && tensor_read(s, v->value, &v->tensor, why) == -1) {
		buf_addf(why, " in output \"%s\"", v->port->name);
		return -1;
	}
	if (v->port->maps) {
		if (!ok(s, s->library.api->element_count(v->value, &n), why))
			return -1;
	} else if (s->batches) {
		v->skip = v->tensor.rank > 0;
		n = v->skip ? (size_t)v->tensor.shape[0] : 0;
	} else {
		v->skip = v->tensor.rank > 0 && v->tensor.shape[0] == 1;
		n = count;
	}
	v->width = v->tensor.count / (count > 0 ? count : 1);
	if (n == count)
		return 0;
	buf_addf(why, "output \"%s\" has %zu row%s, but %zu went in",
	    v->port->name, n, n == 1 ? "" : "s", count);
	return -1;
}

static int
write_call(struct writer *w, const struct bt_host *host,
    const struct call *call, struct buf *why)
{
	size_t i, row;
	int result = 0;

	for (i = 0; i < w->s->output_count; i++)
		w->views[i] = (struct view){ 0 };
	for (i = 0; i < w->s->output_count && result == 0; i++)
		result = view_make(w->s, call, i, &w->views[i], why);
	for (row = 0; row < call->count && result == 0; row++) {
		w->out->n = 0;
		result = write_row(w, row, why);
		if (result == 0) {
			host->write(host, w->out->p, w->out->n);
			host->end_record(host);
		}
	}
	for (i = 0; i < w->s->output_count; i++)
		tensor_free(&w->views[i].tensor);
	return result;
}

int
reply_write(const struct session *s, const struct bt_host *host,
    const struct prediction *p, bool json)
{
	struct buf out = { 0 }, why = { 0 };
	struct writer w = { .s = s, .out = &out, .json = json };
	size_t i;
	int status = BT_OK;

	w.views = mem_resize(NULL, s->output_count, sizeof *w.views);
	for (i = 0; i < p->count && status == BT_OK; i++)
		if (write_call(&w, host, &p->calls[i], &why) == -1)
			status = host->fail(
			    host, BT_MODEL_ERROR, -1, "%s", buf_str(&why));
	free(w.views);
	buf_free(&out);
	buf_free(&why);
	return status;
}
