#include "job/request.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/load.h"
#include "base/mem.h"
#include "base/say.h"
#include "format/shorthand.h"
#include "job/shapes.h"

/* A request of the API is far smaller.  The bound limits the memory that a file
 * from elsewhere can take. */
enum { DOCUMENT_MOST = 16 << 20 };

void
job_request_free(struct request *r)
{
	json_decref(r->value);
	json_decref(r->set);
	json_decref(r->given);
}

void
job_request_merge(struct request *r)
{
	if (r->name == NULL)
		r->name = "command line";
	if (r->value == NULL)
		r->value = json_object();
	/* A value that is not an object stays as it is: the check reports it.
	 */
	json_object_update(r->value, r->set);
}

/* Adds a number that the parser may find too large as one that it reads. */
static void
add_number(struct buf *out, struct span number)
{
	enum { FITS = 18, MOST = 300 /* digits that a real can have */ };
	struct buf text = { 0 };
	const char *p;

	buf_add(&text, number.p, number.n);
	p = buf_str(&text);
	if (p[strcspn(p, ".eE")] != '\0')
		buf_adds(out, !isinf(strtod(p, NULL)) ? p
			      : *p == '-'	      ? "-1e300"
						      : "1e300");
	else if (number.n <= FITS)
		buf_adds(out, p);
	else
		buf_addf(out, "%.*se0", MOST, p);
	buf_free(&text);
}

/* Adds JSON with its large numbers as reals. */
static void
add_reals(struct buf *out, struct span text)
{
	const char *p = text.p, *end = p + text.n, *from;

	while (p < end) {
		from = p++;
		if (*from == '"') {
			while (p < end && *p != '"')
				p += *p == '\\' && end - p > 1 ? 2 : 1;
			p += p < end;
		} else if (*from == '-' || isdigit((unsigned char)*from)) {
			while (p < end &&
			       strchr("0123456789.eE+-", *p) != NULL &&
			       *p != '\0')
				p++;
			add_number(
			    out, (struct span){ from, (size_t)(p - from) });
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
	}
}

/* The JSON of text, or NULL and why.  With lets, as job_load says. */
static json_t *
parse(struct span text, const char *name, bool lets, struct buf *why)
{
	const size_t flags =
	    JSON_REJECT_DUPLICATES | (lets ? JSON_ALLOW_NUL : 0);
	struct buf reals = { 0 };
	json_error_t e, other;
	json_t *v = json_loadb(text.p, text.n, flags, &e);

	if (v == NULL && lets &&
	    (strstr(e.text, "too big") != NULL ||
		strstr(e.text, "overflow") != NULL)) {
		add_reals(&reals, text);
		v = json_loadb(buf_str(&reals), reals.n, flags, &other);
		buf_free(&reals);
	}

	if (v == NULL)
		buf_addf(why, "%s: line %d, column %d: %s", name, e.line,
		    e.column,
		    strstr(e.text, "ALLOW_NUL") != NULL
			? "a string has \\u0000 in it"
			: e.text);
	return v;
}

static json_t *
load_json(const char *path, const char *name, bool lets, struct buf *why)
{
	struct buf b = { 0 };
	json_t *v = NULL;

	if (load_at_most(path, DOCUMENT_MOST, &b) == -1)
		buf_addf(why, "%s: %s", name, strerror(errno));
	else
		v = parse(buf_span(&b), name, lets, why);
	buf_free(&b);
	return v;
}

json_t *
job_try(const char *path, const char *name, struct buf *why)
{
	return load_json(path, name, false, why);
}

json_t *
job_load(const char *path, const char *name)
{
	struct buf why = { 0 };
	json_t *v = load_json(path, name, true, &why);

	if (v == NULL)
		say_exit(1, "%s", buf_str(&why));
	return v;
}

void
job_request_file(struct request *r, const char *path)
{
	r->name = strcmp(path, "-") == 0 ? "standard input" : path;
	r->value = job_load(path, r->name);
}

/* The file that a file:// or fileb:// value names; NULL if it is neither. */
static const char *
file_named(const char *value)
{
	if (strncmp(value, "file://", 7) == 0)
		return value + 7;
	return strncmp(value, "fileb://", 8) == 0 ? value + 8 : NULL;
}

void
job_request_cli(struct request *r, const char *text)
{
	const char *file = file_named(text);
	struct buf why = { 0 };

	if (text[strspn(text, " \t\r\n")] != '{') {
		job_request_file(r, file != NULL ? file : text);
		return;
	}
	r->name = "--cli-input-json";
	r->value = parse(span_str(text), r->name, true, &why);
	if (r->value == NULL)
		say_exit(2, "%s", buf_str(&why));
}

/* Adds the text of a value: itself, or its file's, without NUL. */
static int
load(const char *value, struct buf *text, struct buf *why)
{
	const char *file = file_named(value);
	size_t from = text->n;

	if (file == NULL) {
		buf_adds(text, value);
		return 0;
	}
	if (load_at_most(file, DOCUMENT_MOST, text) == -1) {
		buf_addf(why, "%s: %s", file, strerror(errno));
		return -1;
	}
	if (memchr(buf_str(text) + from, '\0', text->n - from) != NULL) {
		buf_addf(why, "%s: it contains a NUL byte", file);
		return -1;
	}
	return 0;
}

/* The member whose name is the option's, hyphens and case apart. */
static const struct member *
member_of(const char *option)
{
	const struct member *m;
	const char *p, *q;

	for (m = job_transform_shape.members; m->name != NULL; m++) {
		for (p = option, q = m->name; *p != '\0'; p++)
			if (*p != '-' && tolower((unsigned char)*p) !=
					     tolower((unsigned char)*q++))
				break;
		if (*p == '\0' && *q == '\0')
			return m;
	}
	return NULL;
}

/* Converts a string to a number or a boolean if the shape is one: shorthand has
 * only strings.  Steals text, and returns the caller's reference. */
static json_t *
scalar(const struct shape *s, json_t *text)
{
	const char *p = json_string_value(text);
	json_t *v = NULL;
	char *end;
	long long n;

	if (s->kind == JOB_INTEGER) {
		errno = 0;
		n = strtoll(p, &end, 10);
		if (end != p && *end == '\0' && errno == 0)
			v = json_integer(n);
	} else if (s->kind == JOB_BOOLEAN) {
		if (strcmp(p, "true") == 0 || strcmp(p, "false") == 0)
			v = json_boolean(*p == 't');
	}
	if (v == NULL)
		return text;
	json_decref(text);
	return v;
}

/* Converts what shorthand read to the kinds of the shape.  Steals value, and
 * returns the caller's reference. */
static json_t *
give_kinds(const struct shape *s, json_t *value)
{
	const struct member *m;
	json_t *list, *v;
	size_t i;

	if (s->kind == JOB_LIST && !json_is_array(value)) {
		list = json_array();
		json_array_append_new(list, value);
		value = list;
	}
	if (s->kind == JOB_LIST)
		json_array_foreach (value, i, v)
			json_array_set_new(
			    value, i, give_kinds(s->item, json_incref(v)));
	else if (s->kind == JOB_STRUCT && json_is_object(value))
		for (m = s->members; m->name != NULL; m++) {
			v = json_object_get(value, m->name);
			if (v != NULL)
				json_object_set_new(value, m->name,
				    give_kinds(m->shape, json_incref(v)));
		}
	else if (json_is_string(value))
		value = scalar(s, value);
	return value;
}

/* A structure, a map or a list in one word: JSON or shorthand. */
static json_t *
read_word(const struct shape *s, const char *option, const char *word)
{
	struct span text = span_str(word);
	struct buf why = { 0 };
	json_t *v;
	size_t at;

	switch (word[strspn(word, " \t\r\n")]) {
	case '{':
	case '[':
		if ((v = parse(text, option, true, &why)) == NULL)
			say_exit(2, "%s", buf_str(&why));
		return v;
	}
	v = shorthand_read(text, load, &why, &at);
	if (v == NULL)
		say_exit(2, "%s: byte %zu of %s: %s", option, at, word,
		    buf_str(&why));
	return give_kinds(s, v);
}

static json_t *
read_words(
    const struct shape *s, const char *option, char *const *words, size_t n)
{
	struct buf text = { 0 }, why = { 0 };
	const char *one;
	json_t *v;
	size_t i;

	if (n > 1) {
		v = json_array();
		for (i = 0; i < n; i++)
			json_array_append_new(
			    v, read_word(s->item, option, words[i]));
		return v;
	}
	if (load(words[0], &text, &why) == -1)
		say_exit(2, "%s: %s", option, buf_str(&why));
	one = buf_str(&text);
	if (s->kind == JOB_LIST && one[strspn(one, " \t\r\n")] != '[') {
		v = json_array();
		json_array_append_new(v, read_word(s->item, option, one));
	} else if (s->kind == JOB_LIST || s->kind == JOB_STRUCT ||
		   s->kind == JOB_MAP) {
		v = read_word(s, option, one);
	} else {
		if ((v = json_string(one)) == NULL)
			say_exit(2, "%s %s: not UTF-8", option, one);
		v = scalar(s, v);
	}
	buf_free(&text);
	return v;
}

void
job_request_option(
    struct request *r, const char *option, char *const *words, size_t n)
{
	const struct member *m = member_of(option);

	if (m == NULL)
		say_exit(2, "%s: no such option", option);
	if (r->set == NULL) {
		r->set = json_object();
		r->given = json_object();
	}
	json_object_set_new(
	    r->set, m->name, read_words(m->shape, option, words, n));
	json_object_set_new(r->given, m->name, json_string(option));
}
