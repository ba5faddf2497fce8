#include "format/type.h"

#include <strings.h>

static const struct {
	const char *name;
	enum type_kind kind;
} kinds[] = {
	{ "text/csv", TYPE_CSV },
	{ "text/libsvm", TYPE_LIBSVM },
	{ "text/x-libsvm", TYPE_LIBSVM },
	{ "application/json", TYPE_JSON },
	{ "application/jsonlines", TYPE_JSONLINES },
	{ "application/x-jsonlines", TYPE_JSONLINES },
	{ "application/jsonl", TYPE_JSONLINES },
	{ "application/x-ndjson", TYPE_JSONLINES },
};

static const struct {
	const char *suffix, *name;
} suffixes[] = {
	{ ".csv", "text/csv" },
	{ ".libsvm", "text/libsvm" },
	{ ".svm", "text/libsvm" },
	{ ".svmlight", "text/libsvm" },
	{ ".json", "application/json" },
	{ ".jsonl", "application/jsonlines" },
	{ ".ndjson", "application/jsonlines" },
	{ ".recordio", "application/x-recordio" },
	{ ".rec", "application/x-recordio" },
	{ ".pbr", "application/x-recordio-protobuf" },
	{ ".tfrecord", "application/x-tfrecord" },
	{ ".tfrecords", "application/x-tfrecord" },
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".jpeg", "image/jpeg" },
	{ ".npy", "application/x-npy" },
	{ ".npz", "application/x-npz" },
	{ ".parquet", "application/x-parquet" },
};

static struct span
essence(struct span type)
{
	const char *semicolon = memchr(type.p, ';', type.n);

	if (semicolon != NULL)
		type.n = (size_t)(semicolon - type.p);
	while (type.n > 0 && (type.p[0] == ' ' || type.p[0] == '\t'))
		type.p++, type.n--;
	while (type.n > 0 &&
	       (type.p[type.n - 1] == ' ' || type.p[type.n - 1] == '\t'))
		type.n--;
	return type;
}

bool
type_same(struct span a, struct span b)
{
	a = essence(a);
	b = essence(b);
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

enum type_kind
type_kind(struct span type)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct span name = { kinds[i].name, strlen(kinds[i].name) };

		if (type_same(type, name))
			return kinds[i].kind;
	}
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
	size_t n = strlen(path), i;

	if (ends_with(path, n, ".gz"))
		n -= strlen(".gz");
	for (i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
		if (ends_with(path, n, suffixes[i].suffix))
			return suffixes[i].name;
	return "text/plain";
}

bool
type_skips_blank(enum type_kind kind)
{
	return kind == TYPE_CSV || kind == TYPE_JSONLINES;
}

bool
type_skips_bom(enum type_kind kind)
{
	return kind != TYPE_TEXT;
}
