/*
 * bt_model.h - the interface between bt-predict(1) and a model plugin.
 *
 * A plugin is one shared object that exports one function, bt_plugin_v1,
 * which returns a constant struct bt_plugin.  Its members are the four
 * functions of a model server, under the names they have there: model_fn,
 * input_fn, predict_fn, output_fn.  bt-model(3) is the manual.
 *
 *	#include <bt_model.h>
 *
 *	static const struct bt_plugin plugin = {
 *		BT_PLUGIN_HEAD, .name = "mine", .version = "1.0",
 *		.model_fn = model_fn, .predict_fn = predict_fn
 *	};
 *	BT_PLUGIN(plugin)
 *
 * Compatibility: structs grow at their end only, and each begins with its
 * size.  A plugin built against version 1.N loads in every host of version
 * 1.M.  Either side reads a member only if the other's struct_size covers
 * it: BT_HAS(struct, member).  struct bt_span, struct bt_matrix and struct
 * bt_parameter have no size, stand in arrays, and never change.
 *
 * Calls come from one thread, one at a time, in a process of the plugin's
 * own.  A function returns BT_OK or a status; before it returns a status it
 * reports the reason by host->fail.  Memory never crosses an allocator:
 * arguments are borrowed for the call (the input's bytes until the batch is
 * done); a result is freed by the plugin's own *_free, or comes from
 * host->alloc and is not freed.
 */
#ifndef BT_MODEL_H
#define BT_MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BT_MAGIC 0x6c646d62u /* "bmdl" */
#define BT_ABI_MAJOR 1
#define BT_ABI_MINOR 3

/* True if the struct that s points at is new enough to have the member. */
#define BT_HAS(s, member)                                                      \
	((size_t)((const char *)(&(s)->member + 1) - (const char *)(s)) <=     \
	    (s)->struct_size)

/* The result of a function: the HTTP statuses with which a model server
 * answers. */
enum bt_status {
	BT_OK = 0,
	BT_BAD_INPUT = 400,  /* the batch is wrong: no retry */
	BT_BAD_ACCEPT = 406, /* the plugin cannot write that content type */
	BT_TOO_LARGE = 413,  /* too many records or bytes: the host halves it */
	BT_BAD_CONTENT_TYPE = 415, /* the plugin cannot read that type */
	BT_MODEL_ERROR = 500,	   /* the model failed */
	BT_RETRY = 503		   /* it may work if tried again */
};

enum bt_log { BT_LOG_ERROR, BT_LOG_WARNING, BT_LOG_INFO, BT_LOG_DEBUG };

/* A run of bytes: any bytes, no NUL after them. */
struct bt_span {
	const char *p;
	size_t n;
};

/* rows x columns numbers, row after row; NaN for a missing one. */
struct bt_matrix {
	size_t rows, columns;
	float *values;
};

/* The functions of the host that a plugin may call. */
struct bt_host {
	uint32_t magic; /* BT_MAGIC */
	uint32_t struct_size;
	uint32_t abi_major, abi_minor;

	/* n bytes, aligned for any type, that live until the batch is done (in
	 * model_fn: as long as the model).  Never NULL. */
	void *(*alloc)(const struct bt_host *host, size_t n);

	/* A matrix from alloc, its values not set. */
	struct bt_matrix *(*matrix)(
	    const struct bt_host *host, size_t rows, size_t columns);

	/* A line for the log (standard error); no newline needed. */
	void (*log)(const struct bt_host *host, int level, const char *text);

	/* Reports why a function is about to return status; record is the index
	 * in the batch of the record at fault, or -1.  fmt is printf's.
	 * Returns status: `return host->fail(host, BT_BAD_INPUT, i,
	 * "no features")`. */
	int (*fail)(const struct bt_host *host, int status, int64_t record,
	    const char *fmt, ...)
#ifdef __GNUC__
	    __attribute__((format(printf, 4, 5)))
#endif
	    ;

	/* For output_fn: adds n bytes to the reply. */
	void (*write)(const struct bt_host *host, const void *p, size_t n);

	/* For output_fn: the bytes written since the last end_record are one
	 * record's prediction.  The host counts them and frames them as the
	 * reply's type requires: LF after each in text types and
	 * application/jsonlines (unless it ends in one), a JSON array around
	 * them in application/json, otherwise nothing.  An output_fn that never
	 * calls it writes the whole reply itself. */
	void (*end_record)(const struct bt_host *host);

	/* For output_fn, before the first write: the reply's content type, if
	 * it differs from accept. */
	void (*content_type)(const struct bt_host *host, const char *type);

	/* Since 1.2: adds n to what the batch has used of something that costs,
	 * such as "prompt_tokens"; the sum stands under this name in its result
	 * line, and in reports.  A name is up to 23 of a-z and _, n is not
	 * negative; others are ignored, and so is a ninth name. */
	void (*use)(const struct bt_host *host, const char *name, double n);

	/* Since 1.3, for output_fn: as write, but the bytes are not copied if
	 * they are the whole reply.  They must stay as they are until the model
	 * is called for the next batch, or closed; prediction_free is no such
	 * call and must leave them. */
	void (*lend)(const struct bt_host *host, const void *p, size_t n);
};

/* A setting given to the model: the job's Environment, `-E KEY=VALUE`.  The
 * same pairs are in the process's environment. */
struct bt_parameter {
	const char *key, *value;
};

/* The model that model_fn loads. */
struct bt_load {
	uint32_t struct_size;
	uint32_t threads;      /* that the model may use: 1 */
	const char *model_dir; /* a folder; NULL if none was given */
	const void *archive;   /* the model as bytes, if there is no folder */
	size_t archive_size;
	const struct bt_parameter *parameters;
	size_t parameter_count;
	const char *content_type; /* of the input; NULL: not known */
	const char *accept;	  /* as requested; or NULL */

	/* Since 1.1: for a plugin with takes_command, a command for sh that the
	 * user gave in place of a folder; or NULL. */
	const char *command;
};

/* A mini-batch. */
struct bt_request {
	uint32_t struct_size;
	const char *content_type;
	const char *accept;
	const char *body; /* the payload as sent to a server; the header row is
			   * in it, before the records, if it is to be sent */
	size_t body_size;
	const struct bt_span *records; /* in body, without framing: no LF, no CR
					* before it, no lengths, no checksums */
	size_t record_count;
	struct bt_span header; /* the object's header row; n 0: none */
	const char *object;    /* path or URI of the object */
	uint64_t offset;       /* of the mini-batch's first byte in it */
	uint64_t first_record; /* its number in the object, from 0 */
};

/* The preferences of the model; 0 or NULL for none. */
struct bt_execution_parameters {
	uint32_t struct_size;
	uint32_t max_concurrent_transforms;
	uint32_t max_payload_in_mb;
	const char *batch_strategy; /* "MULTI_RECORD" or "SINGLE_RECORD" */
};

struct bt_plugin {
	uint32_t magic; /* BT_MAGIC */
	uint32_t struct_size;
	uint32_t abi_major, abi_minor;
	const char *name, *version;

	/* Lists that end with NULL; any other type is refused before any work.
	 * If a list is itself NULL, input_fn and output_fn decide, or, if these
	 * are NULL, the host's decoders and encoders. */
	const char *const *content_types;
	const char *const *accepts;

	/* Required.  Loads the model, once per process; every later call is
	 * given *model. */
	int (*model_fn)(const struct bt_host *host, const struct bt_load *load,
	    void **model);

	/* Turns a mini-batch into the input of predict_fn.  NULL: the host
	 * decodes text/csv, text/libsvm, application/json and
	 * application/jsonlines, and *input is a struct bt_matrix with one row
	 * per record; an empty CSV field or a JSON null is NaN. */
	int (*input_fn)(const struct bt_host *host, void *model,
	    const struct bt_request *request, void **input);

	/* Required.  If output_fn is NULL, *prediction must be a struct
	 * bt_matrix with one row per record (host->matrix makes one). */
	int (*predict_fn)(const struct bt_host *host, void *model, void *input,
	    void **prediction);

	/* Writes the prediction by host->write and host->end_record.  NULL: the
	 * host encodes a struct bt_matrix as text/csv, application/jsonlines or
	 * application/json, each number in the shortest text that reads back to
	 * the same float. */
	int (*output_fn)(const struct bt_host *host, void *model,
	    void *prediction, const char *accept);

	/* Each may be NULL if there is nothing to free.  They are given what
	 * input_fn, predict_fn and model_fn made; input_free and
	 * prediction_free are also called if a later function of the batch
	 * fails.  model_close is called after all replies are written, but not
	 * in a process that ends earlier; its failure changes no exit status.
	 */
	void (*input_free)(void *model, void *input);
	void (*prediction_free)(void *model, void *prediction);
	void (*model_close)(void *model);

	/* May be NULL.  The answer of a server at /execution-parameters. */
	int (*execution_parameters)(const struct bt_host *host, void *model,
	    struct bt_execution_parameters *parameters);

	/* Since 1.1: not 0 if model_fn accepts a command. */
	uint32_t takes_command;
};

/* The first four members, in their order: C++11 has no designators. */
#define BT_PLUGIN_HEAD                                                         \
	BT_MAGIC, sizeof(struct bt_plugin), BT_ABI_MAJOR, BT_ABI_MINOR

#if defined(__GNUC__)
#define BT_EXPORT __attribute__((visibility("default")))
#else
#define BT_EXPORT
#endif

/* The only exported symbol.  host_major and host_minor are the host's version;
 * NULL means that the plugin cannot work with it. */
BT_EXPORT const struct bt_plugin *bt_plugin_v1(
    uint32_t host_major, uint32_t host_minor);

#define BT_PLUGIN(plugin)                                                      \
	const struct bt_plugin *bt_plugin_v1(                                  \
	    uint32_t host_major, uint32_t host_minor)                          \
	{                                                                      \
		(void)host_minor;                                              \
		return host_major == BT_ABI_MAJOR ? &(plugin) : NULL;          \
	}

#ifdef __cplusplus
}
#endif

#endif
