/*
 * A plugin as it was built against version 1.0, with the least of its members:
 * the definitions below are a copy of that version's, and are never changed.
 * It takes the sum of each row and says what the host's table and its own
 * structs looked like to it.
 */
#include <stddef.h>
#include <stdint.h>

struct span_1_0 {
	const char *p;
	size_t n;
};

struct matrix_1_0 {
	size_t rows, columns;
	float *values;
};

struct host_1_0 {
	uint32_t magic, struct_size, abi_major, abi_minor;
	void *(*alloc)(const struct host_1_0 *, size_t);
	struct matrix_1_0 *(*matrix)(const struct host_1_0 *, size_t, size_t);
	void (*log)(const struct host_1_0 *, int, const char *);
	int (*fail)(const struct host_1_0 *, int, int64_t, const char *, ...);
	void (*write)(const struct host_1_0 *, const void *, size_t);
	void (*end_record)(const struct host_1_0 *);
	void (*content_type)(const struct host_1_0 *, const char *);
};

struct parameter_1_0 {
	const char *key, *value;
};

struct load_1_0 {
	uint32_t struct_size, threads;
	const char *model_dir;
	const void *archive;
	size_t archive_size;
	const struct parameter_1_0 *parameters;
	size_t parameter_count;
	const char *content_type, *accept;
};

/* Ends after the last member that is required. */
struct plugin_1_0 {
	uint32_t magic, struct_size, abi_major, abi_minor;
	const char *name, *version;
	const char *const *content_types, *const *accepts;
	int (*model_fn)(
	    const struct host_1_0 *, const struct load_1_0 *, void **);
	int (*input_fn)(const struct host_1_0 *, void *, const void *, void **);
	int (*predict_fn)(const struct host_1_0 *, void *, void *, void **);
};

const struct plugin_1_0 *bt_plugin_v1(uint32_t, uint32_t);

static int
model_fn(const struct host_1_0 *host, const struct load_1_0 *load, void **model)
{
	if (host->magic != 0x6c646d62 || host->struct_size < sizeof *host ||
	    host->abi_major != 1 || load->struct_size < sizeof *load ||
	    load->threads != 1 || load->parameter_count != 1 ||
	    load->parameters[0].key[0] != 'K')
		return host->fail(host, 500, -1, "not what 1.0 was promised");
	*model = host->alloc(host, 1);
	return 0;
}

static int
predict_fn(
    const struct host_1_0 *host, void *model, void *input, void **prediction)
{
	const struct matrix_1_0 *in = input;
	struct matrix_1_0 *out = host->matrix(host, in->rows, 1);
	size_t i, k;

	(void)model;
	for (i = 0; i < in->rows; i++) {
		out->values[i] = 0;
		for (k = 0; k < in->columns; k++)
			out->values[i] += in->values[i * in->columns + k];
	}
	*prediction = out;
	return 0;
}

static const struct plugin_1_0 plugin = { 0x6c646d62, sizeof plugin, 1, 0,
	.name = "abi_1_0", .version = "1.0", .model_fn = model_fn,
	.predict_fn = predict_fn };

const struct plugin_1_0 *
bt_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
	(void)host_minor;
	return host_major == 1 ? &plugin : NULL;
}
