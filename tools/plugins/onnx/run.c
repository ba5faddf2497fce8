#include "plugins/onnx/run.h"

#include <stdlib.h>

#include "base/mem.h"

/* The progress through the rows. */
struct taker {
	struct session *s;
	const struct rows *rows;
	size_t *taken;	/* values of each input */
	int64_t *shape; /* of a tensor: room for the longest */
	struct ort_value **inputs;
	struct buf pointers; /* to strings */
};

static void
values_release(const struct session *s, struct ort_value **values, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (values[i] != NULL)
			s->library.api->release_value(values[i]);
}

void
prediction_release(const struct session *s, struct prediction *p)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		values_release(s, p->calls[i].outputs, s->output_count);
		free(p->calls[i].outputs);
	}
	free(p->calls);
	*p = (struct prediction){ 0 };
}

static struct ort_status *
make_strings(struct taker *t, const struct feed *f, size_t first, size_t n,
    struct ort_value **value)
{
	const struct ort_api *api = t->s->library.api;
	struct ort_status *status;
	const char **at;
	size_t i;

	status = api->create_tensor(
	    t->s->allocator, t->shape, f->port->rank, ORT_STRING, value);
	if (status != NULL)
		return status;
	t->pointers.n = 0;
	at =
	    (const char **)(void *)buf_room(&t->pointers, (n + 1) * sizeof *at);
	for (i = 0; i < n; i++)
		at[i] = f->text.p + f->starts[first + i];
	return api->fill_strings(*value, at, n);
}

/* The tensor of the next count rows of an input. */
static struct ort_status *
make_tensor(struct taker *t, size_t input, size_t row, size_t count,
    struct ort_value **value)
{
	static char none[1];
	const struct feed *f = &t->rows->feeds[input];
	const struct port *port = f->port;
	const int64_t *shape = feed_shape_of(f, row);
	size_t i, size = element_size(port->type), n = 1, first;
	char *data;

	for (i = 0; i < port->rank; i++) {
		t->shape[i] = i < port->skip ? (int64_t)count : shape[i];
		n *= (size_t)t->shape[i];
	}
	first = t->taken[input];
	t->taken[input] += n;
	if (port->type == ORT_STRING)
		return make_strings(t, f, first, n, value);
	data = f->matrix.rows > 0 ? (char *)f->matrix.values : f->values.p;
	return t->s->library.api->create_tensor_of(t->s->memory,
	    n > 0 ? data + first * size : none, n * size, t->shape, port->rank,
	    port->type, value);
}

static struct ort_status *
run_call(struct taker *t, struct call *call)
{
	struct session *s = t->s;
	struct ort_status *status = NULL;
	size_t i;

	for (i = 0; i < s->input_count; i++)
		t->inputs[i] = NULL;
	for (i = 0; i < s->input_count && status == NULL; i++)
		status =
		    make_tensor(t, i, call->first, call->count, &t->inputs[i]);
	if (status == NULL)
		status = s->library.api->run(s->handle, NULL, s->input_names,
		    (const struct ort_value *const *)t->inputs, s->input_count,
		    s->output_names, s->output_count, call->outputs);
	values_release(s, t->inputs, s->input_count);
	return status;
}

static bool
same_shapes(const struct rows *rows, size_t a, size_t b)
{
	const struct feed *f = rows->feeds;
	size_t i;

	for (i = 0; i < rows->session->input_count; i++, f++)
		if (memcmp(feed_shape_of(f, a) + f->port->skip,
			feed_shape_of(f, b) + f->port->skip,
			(f->port->rank - f->port->skip) * sizeof(int64_t)) != 0)
			return false;
	return true;
}

/* An error that the values cause, such as an index that is too large, is the
 * input's fault; the caller finds the row. */
static int
refuse(const struct session *s, const struct bt_host *host,
    const struct call *call, bool inside, struct ort_status *status)
{
	bool input = s->library.api->error_code(status) == ORT_INVALID_ARGUMENT;
	struct buf why = { 0 };
	int result;

	library_ok(&s->library, status, &why);
	if (inside && call->count == 1)
		buf_addf(&why, " (row %zu of it)", call->first);
	result = host->fail(host, input ? BT_BAD_INPUT : BT_MODEL_ERROR,
	    inside	       ? 0
	    : call->count == 1 ? (int64_t)call->first
			       : -1,
	    "%s", buf_str(&why));
	buf_free(&why);
	return result;
}

static void
taker_init(struct taker *t, struct session *s, const struct rows *rows)
{
	size_t i, rank = 0;

	*t = (struct taker){ .s = s, .rows = rows };
	t->taken = mem_resize(NULL, s->input_count, sizeof *t->taken);
	t->inputs = mem_resize(NULL, s->input_count, sizeof *t->inputs);
	for (i = 0; i < s->input_count; i++) {
		t->taken[i] = 0;
		if (s->inputs[i].rank > rank)
			rank = s->inputs[i].rank;
	}
	t->shape = mem_resize(NULL, rank, sizeof *t->shape);
}

static void
taker_free(struct taker *t)
{
	free(t->taken);
	free(t->inputs);
	free(t->shape);
	buf_free(&t->pointers);
}

int
run_rows(struct session *s, const struct bt_host *host, const struct rows *rows,
    struct prediction *out)
{
	struct ort_status *status = NULL;
	struct taker t;
	size_t row, next, i, size = 0;
	struct call *call = NULL;

	taker_init(&t, s, rows);
	for (row = 0; row < rows->count && status == NULL; row = next) {
		next = row + 1;
		while (s->batches && next < rows->count &&
		       same_shapes(rows, row, next))
			next++;
		out->calls = mem_grow(
		    out->calls, &size, out->count + 1, sizeof *out->calls);
		call = &out->calls[out->count++];
		call->first = row;
		call->count = next - row;
		call->outputs = mem_resize(
		    NULL, s->output_count, sizeof(struct ort_value *));
		for (i = 0; i < s->output_count; i++)
			call->outputs[i] = NULL;
		status = run_call(&t, call);
	}
	taker_free(&t);
	return status == NULL ? BT_OK
			      : refuse(s, host, call, rows->inside, status);
}
