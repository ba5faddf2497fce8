#include "format/type.h"

#include <strings.h>

struct type {
	const char *names[5];	 /* the first is the one to write */
	const char *alias;	 /* in SageMaker's XGBoost container */
	const char *suffixes[4]; /* of files */
	bool skips_blank, skips_bom, json, decodes, encodes, filters;
};

/* A row a kind; after them types that are text to the tools, but have suffixes.
 */
static const struct type types[] = {
	[TYPE_TEXT] = { .names = { "text/plain" } },
	[TYPE_CSV] = {
		.names = { "text/csv" },
		.alias = "csv",
		.suffixes = { ".csv" },
		.skips_blank = true,
		.skips_bom = true,
		.decodes = true,
		.encodes = true,
		.filters = true,
	},
	[TYPE_LIBSVM] = {
		.names = { "text/libsvm", "text/x-libsvm" },
		.alias = "libsvm",
		.suffixes = { ".libsvm", ".svm", ".svmlight" },
		.skips_bom = true,
		.decodes = true,
	},
	[TYPE_JSON] = {
		.names = { "application/json" },
		.suffixes = { ".json" },
		.skips_bom = true,
		.json = true,
		.decodes = true,
		.encodes = true,
		.filters = true,
	},
	[TYPE_JSONLINES] = {
		.names = { "application/jsonlines", "application/x-jsonlines",
		    "application/jsonl", "application/x-ndjson" },
		.suffixes = { ".jsonl", ".ndjson" },
		.skips_blank = true,
		.skips_bom = true,
		.json = true,
		.decodes = true,
		.encodes = true,
		.filters = true,
	},
	{
		.names = { "application/x-recordio" },
		.suffixes = { ".recordio", ".rec" },
	},
	{
		.names = { "application/x-recordio-protobuf" },
		.alias = "recordio-protobuf",
		.suffixes = { ".pbr" },
	},
	{
		.names = { "application/x-tfrecord" },
		.suffixes = { ".tfrecord", ".tfrecords" },
	},
	{ .names = { "image/png" }, .suffixes = { ".png" } },
	{ .names = { "image/jpeg" }, .suffixes = { ".jpg", ".jpeg" } },
	{ .names = { "application/x-npy" }, .suffixes = { ".npy" } },
	{ .names = { "application/x-npz" }, .suffixes = { ".npz" } },
	{ .names = { "application/x-parquet" }, .suffixes = { ".parquet" } },
};

enum { TYPES = sizeof types / sizeof types[0] };

static bool
same(struct span a, struct span b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* The type without parameters, an alias as the name it stands for. */
static struct span
essence(struct span type)
{
	const char *semicolon = memchr(type.p, ';', type.n);
	size_t i;

	if (semicolon != NULL)
		type.n = (size_t)(semicolon - type.p);
	type = span_trim(type);
	if (memchr(type.p, '/', type.n) != NULL)
		return type;
	for (i = 0; i < TYPES; i++)
		if (types[i].alias != NULL &&
		    same(type, span_str(types[i].alias)))
			return span_str(types[i].names[0]);
	return type;
}

const char *
type_full(const char *type)
{
	struct span name = essence(span_str(type));

	/* Only an alias gains a slash. */
	return strchr(type, '/') == NULL && memchr(name.p, '/', name.n) != NULL
		   ? name.p
		   : type;
}

bool
type_same(struct span a, struct span b)
{
	return same(essence(a), essence(b));
}

enum type_kind
type_kind(struct span type)
{
	const char *const *name;
	int kind;

	for (kind = 0; kind < TYPE_KINDS; kind++)
		for (name = types[kind].names; *name != NULL; name++)
			if (type_same(
				type, (struct span){ *name, strlen(*name) }))
				return (enum type_kind)kind;
	return TYPE_TEXT;
}

static bool
ends_with(const char *path, size_t n, const char *suffix)
{
	size_t len = strlen(suffix);

	return n > len && strncasecmp(path + n - len, suffix, len) == 0;
}

const char *
type_of_path(const char *path)
{
	const char *const *suffix;
	size_t n = strlen(path), i;

	if (ends_with(path, n, ".gz"))
		n -= strlen(".gz");
	for (i = 0; i < TYPES; i++)
		for (suffix = types[i].suffixes; *suffix != NULL; suffix++)
			if (ends_with(path, n, *suffix))
				return types[i].names[0];
	return type_name(TYPE_TEXT);
}

const char *
type_name(enum type_kind kind)
{
	return types[kind].names[0];
}

bool
type_skips_blank(enum type_kind kind)
{
	return types[kind].skips_blank;
}

bool
type_skips_bom(enum type_kind kind)
{
	return types[kind].skips_bom;
}

bool
type_is_json(enum type_kind kind)
{
	return types[kind].json;
}

bool
type_decodes(enum type_kind kind)
{
	return types[kind].decodes;
}

bool
type_encodes(enum type_kind kind)
{
	return types[kind].encodes;
}

bool
type_filters(enum type_kind kind)
{
	return types[kind].filters;
}

void
type_add_filtered(struct buf *out)
{
	int kind, left = 0;

	for (kind = 0; kind < TYPE_KINDS; kind++)
		left += types[kind].filters;
	for (kind = 0; kind < TYPE_KINDS; kind++)
		if (types[kind].filters) {
			buf_adds(out, types[kind].names[0]);
			left--;
			buf_adds(out, left > 1	  ? ", "
				      : left == 1 ? " or "
						  : "");
		}
}
