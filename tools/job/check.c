#include "job/check.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/say.h"
#include "base/utf8.h"
#include "format/regex.h"
#include "job/value.h"

void
job_wrong(struct check *c, const char *path, const char *fmt, ...)
{
	/* The option that gave the member with the path's first name. */
	char *name = mem_dup(path, strcspn(path, ".["));
	const char *option = json_string_value(json_object_get(c->given, name));
	struct buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&text, fmt, ap);
	va_end(ap);
	say("%s: %s%s%s", option != NULL ? option : c->file, path,
	    *path != '\0' ? ": " : "", buf_str(&text));
	buf_free(&text);
	free(name);
	c->wrong++;
}

void
job_wrong_value(
    struct check *c, const char *path, const json_t *value, const char *want)
{
	struct buf found = { 0 };

	if (value == NULL) {
		job_wrong(c, path, "missing; give %s", want);
		return;
	}
	job_show(&found, value);
	job_wrong(c, path, "found %s, want %s", buf_str(&found), want);
	buf_free(&found);
}

/* Describes the values that a shape allows. */
static void
add_allowed(struct buf *b, const struct shape *s, const struct check *c)
{
	const char *const *v;

	switch (s->kind) {
	case JOB_STRUCT:
		buf_adds(b, "an object");
		break;
	case JOB_MAP:
		buf_adds(b, "an object of strings");
		break;
	case JOB_LIST:
		buf_adds(b, "an array");
		break;
	case JOB_BOOLEAN:
		buf_adds(b, "true or false");
		break;
	case JOB_INTEGER:
		buf_addf(b, "a whole number, %" PRId64 " to %" PRId64, s->least,
		    s->most);
		break;
	case JOB_STRING:
		if (s->values != NULL &&
		    (c->strict || s->relief == JOB_AS_IS)) {
			for (v = s->values; *v != NULL; v++)
				buf_addf(b, "%s%s", *v,
				    v[1] == NULL   ? ""
				    : v[2] == NULL ? " or "
						   : ", ");
			if (s->words != NULL)
				buf_addf(b, " (%s)", s->words);
		} else if (s->words != NULL)
			buf_addf(b, "%s%s", s->words,
			    !c->uris && s->relief == JOB_OR_PATH
				? ", file:///PATH or PATH"
				: "");
		else
			buf_adds(b, "a string");
	}
}

static void
wrong_value(struct check *c, const struct shape *shape, const char *path,
    const json_t *value)
{
	struct buf allowed = { 0 };

	add_allowed(&allowed, shape, c);
	job_wrong_value(c, path, value, buf_str(&allowed));
	buf_free(&allowed);
}

/* Checks a number of characters or members, which what names. */
static void
check_count(struct check *c, const struct shape *s, const char *path, size_t n,
    const char *what)
{
	bool many = s->most > 0 && n > (size_t)s->most;

	if (n >= (size_t)s->least && !many)
		return;
	if (s->least > 0 && s->most > 0)
		job_wrong(c, path, "found %zu %s, want %" PRId64 " to %" PRId64,
		    n, what, s->least, s->most);
	else
		job_wrong(c, path, "found %zu %s, want at %s %" PRId64, n, what,
		    many ? "most" : "least", many ? s->most : s->least);
}

static bool
matches(const struct shape *s, const json_t *text)
{
	struct span pattern = { s->pattern, strlen(s->pattern) };
	const char *why;
	struct regex *re = regex_new(pattern, &why);
	struct span whole = { json_string_value(text),
		json_string_length(text) };
	bool does;

	if (re == NULL)
		say_exit(1, "%s: %s", s->pattern, why);
	does = regex_match(re, whole, true);
	regex_free(re);
	return does;
}

/* A URI begins with a scheme; text with a colon and slashes further on is a
 * path. */
static bool
is_path(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (strncmp(text, "file:///", 8) == 0 ||
	    strncmp(text, "file://localhost/", 17) == 0)
		return true;
	return *text != '\0' &&
	       !(n > 0 && text[n] == ':' && text[n + 1] == '/');
}

static void
check_string(struct check *c, const struct shape *s, const char *path,
    const json_t *value)
{
	const char *text = json_string_value(value);
	bool any = !c->strict && s->relief == JOB_ANY_TEXT;
	size_t n = utf8_count((struct span){ text, json_string_length(value) });

	if (strlen(text) < json_string_length(value)) {
		job_wrong_value(c, path, value, "text without U+0000");
		return;
	}
	if (!any || n < (size_t)s->least)
		check_count(c, s, path, n, "characters");
	if (s->values != NULL && !any && !job_is_one_of(text, s->values))
		wrong_value(c, s, path, value);
	if (s->pattern == NULL ||
	    (!c->uris && s->relief == JOB_OR_PATH && is_path(text)))
		return;
	if (!matches(s, value))
		wrong_value(c, s, path, value);
}

static void check_value(
    struct check *, const struct shape *, struct buf *, const json_t *);

/* Checks what lies below path under this name. */
static void
check_below(struct check *c, const struct shape *s, struct buf *path,
    const char *name, const json_t *value)
{
	size_t n = path->n;

	if (n > 0 && *name != '[')
		buf_addc(path, '.');
	buf_adds(path, name);
	if (value == NULL)
		wrong_value(c, s, buf_str(path), NULL);
	else
		check_value(c, s, path, value);
	path->n = n;
}

static void
check_struct(struct check *c, const struct shape *s, struct buf *path,
    const json_t *value)
{
	const struct member *m;
	struct buf known = { 0 };
	size_t n = path->n;
	const json_t *v;
	const char *name;

	for (m = s->members; m->name != NULL; m++) {
		v = json_object_get(value, m->name);
		if (v != NULL || m->need == JOB_REQUIRED ||
		    (m->need == JOB_REQUIRED_STRICT && c->strict))
			check_below(c, m->shape, path, m->name, v);
		buf_addf(&known, "%s%s", m->name,
		    m[1].name == NULL	? ""
		    : m[2].name == NULL ? " or "
					: ", ");
	}
	json_object_foreach ((json_t *)(uintptr_t)value, name, v) {
		if (job_shape_member(s, name) != NULL)
			continue;
		buf_addf(path, "%s%s", n > 0 ? "." : "", name);
		job_wrong(c, buf_str(path), "no such member, want %s",
		    buf_str(&known));
		path->n = n;
	}
	buf_free(&known);
}

static void
check_map(struct check *c, const struct shape *s, struct buf *path,
    const json_t *value)
{
	const char *name;
	json_t *v, *key;

	check_count(c, s, buf_str(path), json_object_size(value), "members");
	json_object_foreach ((json_t *)(uintptr_t)value, name, v) {
		key = json_string(name);
		check_below(c, s->key, path, name, key);
		json_decref(key);
		check_below(c, s->item, path, name, v);
	}
}

static void
check_list(struct check *c, const struct shape *s, struct buf *path,
    const json_t *value)
{
	char name[32];
	size_t i;

	check_count(c, s, buf_str(path), json_array_size(value), "members");
	for (i = 0; i < json_array_size(value); i++) {
		snprintf(name, sizeof name, "[%zu]", i);
		check_below(c, s->item, path, name, json_array_get(value, i));
	}
}

static bool
is_kind(const struct shape *s, const json_t *value)
{
	switch (s->kind) {
	case JOB_STRUCT:
	case JOB_MAP:
		return json_is_object(value);
	case JOB_LIST:
		return json_is_array(value);
	case JOB_STRING:
		return json_is_string(value);
	case JOB_INTEGER:
		return json_is_integer(value);
	case JOB_BOOLEAN:
		return json_is_boolean(value);
	}
	return false;
}

static void
check_value(struct check *c, const struct shape *s, struct buf *path,
    const json_t *value)
{
	json_int_t n;

	if (!is_kind(s, value)) {
		wrong_value(c, s, buf_str(path), value);
		return;
	}
	switch (s->kind) {
	case JOB_STRUCT:
		check_struct(c, s, path, value);
		break;
	case JOB_MAP:
		check_map(c, s, path, value);
		break;
	case JOB_LIST:
		check_list(c, s, path, value);
		break;
	case JOB_STRING:
		check_string(c, s, buf_str(path), value);
		break;
	case JOB_INTEGER:
		n = json_integer_value(value);
		if (n < s->least || n > s->most)
			wrong_value(c, s, buf_str(path), value);
		break;
	case JOB_BOOLEAN:
		break;
	}
}

void
job_check(struct check *c, const struct shape *shape, const json_t *value)
{
	struct buf path = { 0 };

	check_value(c, shape, &path, value);
	buf_free(&path);
}
