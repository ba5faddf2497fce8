#include "plugins/onnx/session.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "plugins/onnx/cuda.h"
#include "plugins/onnx/hush.h"

/* More than this in one record is a damaged model. */
#define WIDTH_MAX ((int64_t)1 << 30)

void
port_describe(const struct port *port, struct buf *out)
{
	size_t i;

	buf_adds(out, element_name(port->type));
	for (i = port->skip; i < port->rank; i++)
		if (port->shape[i] < 0)
			buf_adds(out, "[?]");
		else
			buf_addf(out, "[%" PRId64 "]", port->shape[i]);
}

/* sequence(map): the form in which scikit-learn's converters return
 * probabilities. */
static int
map_read(struct session *s, struct port *port, const struct ort_type *type,
    struct buf *why)
{
	const struct ort_api *api = s->library.api;
	const struct ort_sequence *sequence;
	struct ort_type *element;
	enum ort_kind kind;
	bool ok;

	if (!library_ok(
		&s->library, api->type_sequence(type, &sequence), why) ||
	    !library_ok(
		&s->library, api->sequence_element(sequence, &element), why))
		return -1;
	ok = library_ok(&s->library, api->type_kind(element, &kind), why);
	api->release_type(element);
	if (!ok)
		return -1;
	port->maps = kind == ORT_MAP;
	if (!port->maps)
		buf_addf(why,
		    "output \"%s\" is a sequence, but not of maps: only tensors and maps are supported",
		    port->name);
	return port->maps ? 0 : -1;
}

static int
type_read(struct session *s, struct port *port, const struct ort_type *type,
    bool output, struct buf *why)
{
	const struct library *l = &s->library;
	const struct ort_api *api = l->api;
	const struct ort_shape *shape;
	const char *what = output ? "output" : "input";
	enum ort_kind kind;

	if (!library_ok(l, api->type_kind(type, &kind), why))
		return -1;
	if (output && kind == ORT_SEQUENCE)
		return map_read(s, port, type, why);
	if (kind != ORT_TENSOR) {
		buf_addf(why, "%s \"%s\" is not a tensor", what, port->name);
		return -1;
	}
	if (!library_ok(l, api->type_shape(type, &shape), why) ||
	    !library_ok(l, api->element_type(shape, &port->type), why) ||
	    !library_ok(l, api->rank(shape, &port->rank), why))
		return -1;
	port->shape = mem_resize(NULL, port->rank, sizeof *port->shape);
	if (!library_ok(
		l, api->dimensions(shape, port->shape, port->rank), why))
		return -1;
	if (element_name(port->type) == NULL) {
		buf_addf(why,
		    "%s \"%s\" has elements of type %d: only float16, float, double, integers, bool and strings are supported",
		    what, port->name, (int)port->type);
		return -1;
	}
	return 0;
}

static int
port_read(struct session *s, size_t i, bool output, struct port *port,
    struct buf *why)
{
	const struct ort_api *api = s->library.api;
	struct ort_type *type;
	char *name;
	int result;

	if (!library_ok(&s->library,
		(output ? api->output_name : api->input_name)(
		    s->handle, i, s->allocator, &name),
		why))
		return -1;
	port->name = mem_str(name);
	library_ok(&s->library, api->allocator_free(s->allocator, name), why);
	if (!library_ok(&s->library,
		(output ? api->output_type : api->input_type)(
		    s->handle, i, &type),
		why))
		return -1;
	result = type_read(s, port, type, output, why);
	api->release_type(type);
	return result;
}

/* A first size that is 1 or variable is not part of a record's shape. */
static int
width_find(struct port *port, struct buf *why)
{
	int64_t width = 1;
	size_t i;

	port->skip =
	    port->rank > 0 && (port->shape[0] < 0 || port->shape[0] == 1);
	for (i = port->skip; i < port->rank; i++)
		if (port->shape[i] < 0)
			width = 0;
		else if (port->shape[i] == 0 ||
			 width > WIDTH_MAX / port->shape[i]) {
			buf_addf(why,
			    "input \"%s\": a size of %" PRId64
			    " is not supported",
			    port->name, port->shape[i]);
			return -1;
		} else
			width *= port->shape[i];
	port->width = (size_t)width;
	return 0;
}

static int
ports_read(struct session *s, bool output, size_t count, struct port **ports,
    const char ***names, struct buf *why)
{
	size_t i;

	*ports = mem_resize(NULL, count, sizeof **ports);
	*names = mem_resize(NULL, count, sizeof **names);
	for (i = 0; i < count; i++)
		(*ports)[i] = (struct port){ 0 };
	for (i = 0; i < count; i++) {
		if (port_read(s, i, output, &(*ports)[i], why) == -1 ||
		    (!output && width_find(&(*ports)[i], why) == -1))
			return -1;
		(*names)[i] = (*ports)[i].name;
	}
	return 0;
}

static int
describe(struct session *s, struct buf *why)
{
	const struct ort_api *api = s->library.api;
	size_t i;

	if (!library_ok(
		&s->library, api->default_allocator(&s->allocator), why) ||
	    !library_ok(&s->library,
		api->create_memory(
		    ORT_DEVICE_ALLOCATOR, ORT_MEMORY_DEFAULT, &s->memory),
		why) ||
	    !library_ok(&s->library,
		api->input_count(s->handle, &s->input_count), why) ||
	    !library_ok(&s->library,
		api->output_count(s->handle, &s->output_count), why) ||
	    ports_read(s, false, s->input_count, &s->inputs, &s->input_names,
		why) == -1 ||
	    ports_read(s, true, s->output_count, &s->outputs, &s->output_names,
		why) == -1)
		return -1;
	if (s->input_count == 0) {
		buf_adds(why, "the model has no input");
		return -1;
	}
	s->batches = true;
	for (i = 0; i < s->input_count; i++)
		s->batches = s->batches && s->inputs[i].rank > 0 &&
			     s->inputs[i].shape[0] < 0;
	return 0;
}

/* Without threads of its own a session starts none, and its sums are always
 * in the same order. */
static int
options_make(struct session *s, unsigned threads, struct ort_options **options,
    struct buf *why)
{
	const struct ort_api *api = s->library.api;
	const struct library *l = &s->library;
	int n = threads > 0 ? (int)threads : 1;

	if (!library_ok(l, api->create_options(options), why))
		return -1;
	if (library_ok(l, api->set_intra_op_threads(*options, n), why) &&
	    library_ok(l, api->set_inter_op_threads(*options, 1), why) &&
	    library_ok(
		l, api->set_execution_mode(*options, ORT_SEQUENTIAL), why))
		return 0;
	api->release_options(*options);
	return -1;
}

static int
load(struct session *s, const struct bt_host *host, const char *path,
    struct span bytes, unsigned threads, struct buf *why)
{
	const struct ort_api *api;
	struct ort_options *options;
	struct ort_status *status;

	if (library_open(&s->library, host, why) == -1)
		return -1;
	api = s->library.api;
	if (options_make(s, threads, &options, why) == -1)
		return -1;
	cuda_use(&s->library, host, options);
	if (path != NULL)
		status = api->create_session(
		    s->library.env, path, options, &s->handle);
	else
		status = api->create_session_of_bytes(
		    s->library.env, bytes.p, bytes.n, options, &s->handle);
	api->release_options(options);
	return library_ok(&s->library, status, why) ? 0 : -1;
}

int
session_open(struct session *s, const struct bt_host *host, const char *path,
    struct span bytes, unsigned threads, struct buf *why)
{
	struct hush hush;
	size_t n = why->n;
	int result;

	hush_begin(&hush);
	result = load(s, host, path, bytes, threads, why);
	hush_end(&hush);
	if (result == -1)
		return -1;
	if (path != NULL)
		buf_addf(why, "%s: ", path);
	if (describe(s, why) == -1)
		return -1;
	why->n = n;
	return 0;
}

static void
ports_free(struct port *ports, size_t count)
{
	size_t i;

	for (i = 0; ports != NULL && i < count; i++) {
		free(ports[i].name);
		free(ports[i].shape);
	}
	free(ports);
}

void
session_free(struct session *s)
{
	const struct ort_api *api = s->library.api;

	ports_free(s->inputs, s->input_count);
	ports_free(s->outputs, s->output_count);
	free(s->input_names);
	free(s->output_names);
	if (s->memory != NULL)
		api->release_memory(s->memory);
	if (s->handle != NULL)
		api->release_session(s->handle);
	if (s->library.env != NULL)
		api->release_env(s->library.env);
}
