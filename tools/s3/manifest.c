#include "s3/manifest.h"

#include <jansson.h>
#include <string.h>

#include "s3/uri.h"

/* A struct s3_manifest is the array itself. */
static const char *
prefix_of(const json_t *list)
{
	return json_string_value(
	    json_object_get(json_array_get(list, 0), "prefix"));
}

/*
 * seen has the names before, each with the number of its entry.  Prefix and
 * name are joined, so the scheme could come from either; but callers that check
 * the location of a job's inputs only look at the prefix.
 */
static int
check_name(const char *prefix, json_t *seen, size_t i, const char *name,
    struct buf *why)
{
	const json_t *before = json_object_get(seen, name);
	struct buf whole = { 0 };
	int status = -1;

	buf_addf(&whole, "%s%s", prefix, name != NULL ? name : "");
	if (name == NULL || name[0] == '\0') {
		buf_addf(why,
		    "entry %zu of the manifest: not a name below the prefix",
		    i);
	} else if (!s3_uri_has_scheme(prefix) &&
		   s3_uri_has_scheme(buf_str(&whole))) {
		buf_addf(why,
		    "entry %zu of the manifest: %s: s3://BUCKET/ belongs in "
		    "the prefix",
		    i, name);
	} else if (before != NULL) {
		buf_addf(why,
		    "entry %zu of the manifest: %s: the same as entry "
		    "%" JSON_INTEGER_FORMAT,
		    i, name, json_integer_value(before));
	} else {
		json_object_set_new(seen, name, json_integer((json_int_t)i));
		status = 0;
	}
	buf_free(&whole);
	return status;
}

static int
check(const json_t *list, struct buf *why)
{
	const json_t *first = json_array_get(list, 0);
	const char *prefix = prefix_of(list);
	json_t *seen;
	int status = 0;
	size_t i;

	if (!json_is_array(list) || !json_is_object(first)) {
		buf_adds(why, "not a manifest: no array that begins with "
			      "{\"prefix\": ...}");
		return -1;
	}
	if (prefix == NULL || json_object_size(first) != 1) {
		buf_adds(why, "entry 0 of the manifest: not {\"prefix\": "
			      "\"...\"} alone");
		return -1;
	}
	if (s3_uri_is_other(prefix)) {
		buf_addf(why,
		    "entry 0 of the manifest: %s: neither s3://BUCKET/... nor "
		    "a path",
		    prefix);
		return -1;
	}
	seen = json_object();
	for (i = 1; i < json_array_size(list) && status == 0; i++)
		status = check_name(prefix, seen, i,
		    json_string_value(json_array_get(list, i)), why);
	json_decref(seen);
	return status;
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
