/*
 * A model loaded by ONNX Runtime: its inputs and outputs.
 */
#ifndef PLUGINS_ONNX_SESSION_H
#define PLUGINS_ONNX_SESSION_H

#include "plugins/onnx/element.h"
#include "plugins/onnx/library.h"

/* An input or an output. */
struct port {
	char *name;
	bool maps; /* an output that is a map for each record (ZipMap) */
	enum ort_element type;
	size_t rank;
	int64_t *shape; /* below 0: of any size */

	/* Of an input: the shape of one record, and its number of values; 0:
	 * that depends on the record. */
	size_t skip; /* sizes of shape that are not the record's: 0 or 1 */
	size_t width;
};

struct session {
	struct library library;
	struct ort_session *handle;
	struct ort_memory *memory;
	struct ort_allocator *allocator;
	struct port *inputs, *outputs;
	size_t input_count, output_count;
	const char **input_names, **output_names;
	bool batches; /* many records at once: first sizes are variable */
};

/*
 * Loads the model file, or the bytes if path is NULL.  Returns 0, or -1 with
 * the reason added to why; session_free either way.
 */
int session_open(struct session *s, const struct bt_host *host,
    const char *path, struct span bytes, unsigned threads, struct buf *why);
void session_free(struct session *s);

/* Adds the record's shape: "float", "int64[3][?]". */
void port_describe(const struct port *port, struct buf *out);

#endif
