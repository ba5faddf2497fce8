/*
 * ONNX Runtime's C API, as far as it is used here: so that the plugin is built
 * without it.  The library has one symbol, OrtGetApiBase; its GetApi(n) is a
 * table of functions that only grows, whose place never changes.  All that are
 * used have been there since version 2 (ONNX Runtime 1.1).
 *
 * The places are those of onnxruntime_c_api.h in Debian 13's
 * libonnxruntime-dev (1.21.0), counted from 0.  Upstream asserts the last of
 * version 1 at 101, ReleaseCustomOpDomain, and of version 2 at 118,
 * ReleaseModelMetadata, which is what that count has.
 */
#ifndef PLUGINS_ONNX_ORT_H
#define PLUGINS_ONNX_ORT_H

#include <stddef.h>
#include <stdint.h>

enum { ORT_VERSION = 2 };

struct ort_status;
struct ort_env;
struct ort_session;
struct ort_options;
struct ort_value;
struct ort_type;
struct ort_shape; /* with the type of its elements */
struct ort_sequence;
struct ort_memory;
struct ort_allocator;

enum ort_level { ORT_VERBOSE, ORT_INFO, ORT_WARNING, ORT_ERROR, ORT_FATAL };
enum ort_code { ORT_INVALID_ARGUMENT = 2 };
enum ort_kind { ORT_TENSOR = 1, ORT_SEQUENCE, ORT_MAP };
enum ort_element {
	ORT_FLOAT = 1,
	ORT_UINT8,
	ORT_INT8,
	ORT_UINT16,
	ORT_INT16,
	ORT_INT32,
	ORT_INT64,
	ORT_STRING,
	ORT_BOOL,
	ORT_FLOAT16,
	ORT_DOUBLE,
	ORT_UINT32,
	ORT_UINT64
};
enum { ORT_SEQUENTIAL = 0, ORT_DEVICE_ALLOCATOR = 0, ORT_MEMORY_DEFAULT = 0 };

typedef void ort_log(void *param, enum ort_level level, const char *category,
    const char *id, const char *place, const char *text);
typedef void ort_unused(void);

/* Those that return a status: NULL for success; otherwise it is the caller's to
 * release. */
struct ort_api {
	ort_unused *unused_0;
	enum ort_code (*error_code)(const struct ort_status *);
	const char *(*error_text)(const struct ort_status *);
	ort_unused *unused_3;
	struct ort_status *(*create_env)(ort_log *, void *param, enum ort_level,
	    const char *id, struct ort_env **);
	ort_unused *unused_5;
	struct ort_status *(*disable_telemetry)(const struct ort_env *);
	struct ort_status *(*create_session)(const struct ort_env *,
	    const char *path, const struct ort_options *,
	    struct ort_session **);
	struct ort_status *(*create_session_of_bytes)(const struct ort_env *,
	    const void *, size_t, const struct ort_options *,
	    struct ort_session **);
	struct ort_status *(*run)(struct ort_session *, const void *options,
	    const char *const *input_names,
	    const struct ort_value *const *inputs, size_t input_count,
	    const char *const *output_names, size_t output_count,
	    struct ort_value **outputs);
	struct ort_status *(*create_options)(struct ort_options **);
	ort_unused *unused_11[2];
	struct ort_status *(*set_execution_mode)(struct ort_options *, int);
	ort_unused *unused_14[10];
	struct ort_status *(*set_intra_op_threads)(struct ort_options *, int);
	struct ort_status *(*set_inter_op_threads)(struct ort_options *, int);
	ort_unused *unused_26[4];
	struct ort_status *(*input_count)(const struct ort_session *, size_t *);
	struct ort_status *(*output_count)(
	    const struct ort_session *, size_t *);
	ort_unused *unused_32;
	struct ort_status *(*input_type)(
	    const struct ort_session *, size_t, struct ort_type **);
	struct ort_status *(*output_type)(
	    const struct ort_session *, size_t, struct ort_type **);
	ort_unused *unused_35;
	struct ort_status *(*input_name)(const struct ort_session *, size_t,
	    struct ort_allocator *, char **);
	struct ort_status *(*output_name)(const struct ort_session *, size_t,
	    struct ort_allocator *, char **);
	ort_unused *unused_38[10];
	struct ort_status *(*create_tensor)(struct ort_allocator *,
	    const int64_t *shape, size_t rank, enum ort_element,
	    struct ort_value **);
	/* The data stay the caller's, and must live as long as the value. */
	struct ort_status *(*create_tensor_of)(const struct ort_memory *,
	    void *data, size_t bytes, const int64_t *shape, size_t rank,
	    enum ort_element, struct ort_value **);
	ort_unused *unused_50;
	struct ort_status *(*tensor_data)(struct ort_value *, void **);
	struct ort_status *(*fill_strings)(
	    struct ort_value *, const char *const *, size_t);
	struct ort_status *(*strings_size)(const struct ort_value *, size_t *);
	/* All strings, one after the other, and where each begins. */
	struct ort_status *(*strings)(const struct ort_value *, void *,
	    size_t bytes, size_t *offsets, size_t count);
	/* The shape is part of the type. */
	struct ort_status *(*type_shape)(
	    const struct ort_type *, const struct ort_shape **);
	struct ort_status *(*type_kind)(
	    const struct ort_type *, enum ort_kind *);
	ort_unused *unused_57[3];
	struct ort_status *(*element_type)(
	    const struct ort_shape *, enum ort_element *);
	struct ort_status *(*rank)(const struct ort_shape *, size_t *);
	struct ort_status *(*dimensions)(
	    const struct ort_shape *, int64_t *, size_t rank);
	ort_unused *unused_63[2];
	struct ort_status *(*value_shape)(
	    const struct ort_value *, struct ort_shape **);
	ort_unused *unused_66[3];
	struct ort_status *(*create_memory)(
	    int allocator, int kind, struct ort_memory **);
	ort_unused *unused_70[6];
	struct ort_status *(*allocator_free)(struct ort_allocator *, void *);
	ort_unused *unused_77;
	struct ort_status *(*default_allocator)(struct ort_allocator **);
	ort_unused *unused_79;
	/* A sequence's element, or a map's keys (0) and values (1). */
	struct ort_status *(*element)(const struct ort_value *, int,
	    struct ort_allocator *, struct ort_value **);
	struct ort_status *(*element_count)(const struct ort_value *, size_t *);
	ort_unused *unused_82[10];
	void (*release_env)(struct ort_env *);
	void (*release_status)(struct ort_status *);
	void (*release_memory)(struct ort_memory *);
	void (*release_session)(struct ort_session *);
	void (*release_value)(struct ort_value *);
	ort_unused *unused_97;
	void (*release_type)(struct ort_type *);
	void (*release_shape)(struct ort_shape *);
	void (*release_options)(struct ort_options *);
	ort_unused *unused_101[3];
	struct ort_status *(*type_sequence)(
	    const struct ort_type *, const struct ort_sequence **);
	ort_unused *unused_105[2];
	struct ort_status *(*sequence_element)(
	    const struct ort_sequence *, struct ort_type **);
};

struct ort_base {
	const struct ort_api *(*get_api)(uint32_t version);
	const char *(*version)(void);
};

#define ORT_PLACE(member, place)                                               \
	_Static_assert(offsetof(struct ort_api, member) ==                     \
			   (place) * sizeof(ort_unused *),                     \
	    #member)
ORT_PLACE(create_env, 4);
ORT_PLACE(disable_telemetry, 6);
ORT_PLACE(run, 9);
ORT_PLACE(create_options, 10);
ORT_PLACE(set_execution_mode, 13);
ORT_PLACE(set_intra_op_threads, 24);
ORT_PLACE(input_count, 30);
ORT_PLACE(input_type, 33);
ORT_PLACE(input_name, 36);
ORT_PLACE(create_tensor, 48);
ORT_PLACE(tensor_data, 51);
ORT_PLACE(type_kind, 56);
ORT_PLACE(element_type, 60);
ORT_PLACE(value_shape, 65);
ORT_PLACE(create_memory, 69);
ORT_PLACE(allocator_free, 76);
ORT_PLACE(default_allocator, 78);
ORT_PLACE(element, 80);
ORT_PLACE(release_env, 92);
ORT_PLACE(release_options, 100);
ORT_PLACE(type_sequence, 104);
ORT_PLACE(sequence_element, 107);
#undef ORT_PLACE

#endif
