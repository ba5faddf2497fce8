#include "s3/manifest.h"

#include <jansson.h>
#include <string.h>

/* A struct s3_manifest is the array itself. */
static const char *
prefix_of(const json_t *list)
{
	return json_string_value(
	    json_object_get(json_array_get(list, 0), "prefix"));
}

static int
check(const json_t *list, struct buf *why)
{
	const json_t *first = json_array_get(list, 0);
	size_t i;

	if (!json_is_array(list) || !json_is_object(first)) {
		buf_adds(why, "not a manifest: no array that begins with "
			      "{\"prefix\": ...}");
		return -1;
	}
	if (prefix_of(list) == NULL || json_object_size(first) != 1) {
		buf_adds(why, "entry 0 of the manifest: not {\"prefix\": "
			      "\"...\"} alone");
		return -1;
	}
	for (i = 1; i < json_array_size(list); i++)
		if (json_string_length(json_array_get(list, i)) == 0) {
			buf_addf(why,
			    "entry %zu of the manifest: not a name below the "
			    "prefix",
			    i);
			return -1;
		}
	return 0;
}

struct s3_manifest *
s3_manifest_read(const char *p, size_t n, struct buf *why)
{
	json_error_t error;
	json_t *list = json_loadb(p, n, JSON_REJECT_DUPLICATES, &error);

	if (list == NULL)
		buf_addf(
		    why, "not a manifest: line %d: %s", error.line, error.text);
	else if (check(list, why) == 0)
		return (struct s3_manifest *)list;
	json_decref(list);
	return NULL;
}

size_t
s3_manifest_count(const struct s3_manifest *m)
{
	return json_array_size((const json_t *)m) - 1;
}

const char *
s3_manifest_prefix(const struct s3_manifest *m)
{
	return prefix_of((const json_t *)m);
}

const char *
s3_manifest_name(const struct s3_manifest *m, size_t i)
{
	return json_string_value(json_array_get((const json_t *)m, i + 1));
}

void
s3_manifest_free(struct s3_manifest *m)
{
	json_decref((json_t *)m);
}
