#include "job/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { SHOWN = 64 /* bytes of a value in a message */ };

void
job_show(struct buf *b, const json_t *value)
{
	char *text = json_dumps(
	    value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
	size_t n, shown;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		buf_adds(b, "an object");
		break;
	case JSON_ARRAY:
		buf_adds(b, "an array");
		break;
	default:
		n = strlen(text);
		shown = utf8_cut((struct span){ text, n }, SHOWN);
		buf_add(b, text, shown);
		if (shown < n)
			buf_adds(b, "...");
	}
	free(text);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *
map_in_order(const struct shape *shape, json_t *value)
{
	size_t n = json_object_size(value), i = 0;
	const char **names = mem_alloc(n * sizeof *names), *name;
	json_t *o = json_object(), *v;

	json_object_foreach (value, name, v)
		names[i++] = name;
	qsort(names, n, sizeof *names, by_name);
	for (i = 0; i < n; i++)
		json_object_set_new(o, names[i],
		    job_in_order(
			shape->item, json_object_get(value, names[i])));
	free(names);
	return o;
}

json_t *
job_in_order(const struct shape *shape, json_t *value)
{
	const struct member *m;
	json_t *copy, *v;
	size_t i;

	switch (shape->kind) {
	case JOB_STRUCT:
		copy = json_object();
		for (m = shape->members; m->name != NULL; m++)
			if ((v = json_object_get(value, m->name)) != NULL)
				json_object_set_new(
				    copy, m->name, job_in_order(m->shape, v));
		return copy;
	case JOB_MAP:
		return map_in_order(shape, value);
	case JOB_LIST:
		copy = json_array();
		json_array_foreach (value, i, v)
			json_array_append_new(
			    copy, job_in_order(shape->item, v));
		return copy;
	default:
		return json_incref(value);
	}
}

/* Room for a name of a path. */
enum { NAME_MOST = 64 };

json_t *
job_member(const json_t *at, const char *path)
{
	char name[NAME_MOST];
	size_t n;

	for (; at != NULL; path += n + 1) {
		n = strcspn(path, ".");
		memcpy(name, path, n);
		name[n] = '\0';
		at = json_object_get(at, name);
		if (path[n] == '\0')
			break;
	}
	return (json_t *)(uintptr_t)at;
}

const char *
job_text(const json_t *at, const char *path, const char *dflt)
{
	const char *text = json_string_value(job_member(at, path));

	return text != NULL && *text != '\0' ? text : dflt;
}

json_int_t
job_number(const json_t *at, const char *path, json_int_t dflt)
{
	const json_t *v = job_member(at, path);

	return json_is_integer(v) ? json_integer_value(v) : dflt;
}

int64_t
job_time(const json_t *at, const char *path)
{
	int64_t ms;

	return isotime_read_loose(job_text(at, path, ""), &ms) == 0 ? ms : 0;
}

bool
job_is_one_of(const char *text, const char *const *values)
{
	for (; *values != NULL; values++)
		if (strcmp(*values, text) == 0)
			return true;
	return false;
}

void
job_add_arn(struct buf *b, const char *name)
{
	buf_addf(
	    b, "arn:aws:sagemaker:local:000000000000:transform-job/%s", name);
}
