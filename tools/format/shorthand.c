#include "format/shorthand.h"

enum { DEPTH = 64 };

struct reader {
	const char *p;
	size_t n, at;
	shorthand_load *load;
	struct buf *why;
	struct buf value; /* the one read last */
	bool loads;	  /* the key had @= */
	bool failed;
	int depth;
};

static int
current(const struct reader *r)
{
	return r->at < r->n ? (unsigned char)r->p[r->at] : -1;
}

static bool
is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void
skip_blanks(struct reader *r)
{
	while (is_blank(current(r)))
		r->at++;
}

/* Says what stands there instead of what could. */
static int
expected(struct reader *r, const char *what)
{
	int c = current(r);

	if (!r->failed) {
		if (c == -1)
			buf_addf(r->why, "found the end, want %s", what);
		else if (c > ' ' && c < 0x7f)
			buf_addf(r->why, "found %c, want %s", c, what);
		else
			buf_addf(r->why, "found byte 0x%02x, want %s", c, what);
	}
	r->failed = true;
	return -1;
}

/* Takes the byte c, with blanks around it. */
static int
take(struct reader *r, char c, const char *what)
{
	skip_blanks(r);
	if (current(r) != (unsigned char)c)
		return expected(r, what);
	r->at++;
	skip_blanks(r);
	return 0;
}

/* Which bytes begin a word, and which go on with it: not those that mean
 * something at its place. */
static bool
begins(int c)
{
	return c > ' ' && c != '"' && c != '\'' && c != ',' && c != '=' &&
	       c != '[' && c != '{';
}

static bool
goes_on_first(int c)
{
	return (c >= ' ' || is_blank(c)) && c != '"' && c != '\'' && c != ',' &&
	       c != ']' && c != '}';
}

static bool
goes_on_later(int c)
{
	return (c >= ' ' || is_blank(c)) && c != '"' && c != '\'' && c != ',' &&
	       c != '=';
}

/* Adds one byte of a word to the value, or the comma of \, */
static bool
take_byte(struct reader *r, bool (*may)(int))
{
	if (current(r) == '\\' && r->at + 1 < r->n && r->p[r->at + 1] == ',') {
		buf_addc(&r->value, ',');
		r->at += 2;
		return true;
	}
	if (current(r) == -1 || !may(current(r)))
		return false;
	buf_addc(&r->value, r->p[r->at++]);
	return true;
}

/* Takes a word without quotes; false if there is none. */
static bool
take_word(struct reader *r, bool (*goes_on)(int))
{
	r->value.n = 0;
	if (!take_byte(r, begins))
		return false;
	while (take_byte(r, goes_on))
		;
	while (r->value.n > 0 &&
	       is_blank((unsigned char)r->value.p[r->value.n - 1]))
		r->value.n--;
	return true;
}

/*
 * Where the quotes are closed: at the first that has no backslash before it,
 * or else at the last that has.  Backslashes are not taken in pairs there.
 */
static bool
find_close(const struct reader *r, size_t *close)
{
	char quote = r->p[r->at];
	bool found = false;
	size_t i;

	for (i = r->at + 1; i < r->n; i++) {
		if (r->p[i] == '\\' && i + 1 < r->n && r->p[i + 1] == quote) {
			*close = ++i;
			found = true;
		} else if (r->p[i] == quote) {
			*close = i;
			return true;
		}
	}
	return found;
}

/* The string read last, or what it stands for. */
static json_t *
string(struct reader *r)
{
	struct buf text = { 0 };
	json_t *v = NULL;

	if (r->loads) {
		buf_str(&r->value);
		if (r->load(r->value.p, &text, r->why) == -1)
			r->failed = true;
	} else {
		buf_add(&text, r->value.p, r->value.n);
	}
	if (!r->failed && (v = json_stringn(buf_str(&text), text.n)) == NULL) {
		buf_adds(r->why, "a value that is not UTF-8");
		r->failed = true;
	}
	buf_free(&text);
	return v;
}

static json_t *
read_quoted(struct reader *r)
{
	char quote = r->p[r->at];
	size_t close, i, n = 0;

	if (!find_close(r, &close)) {
		expected(r, "quotes that are closed");
		return NULL;
	}
	/* \" is a quote, and after that \\ a backslash. */
	r->value.n = 0;
	for (i = r->at + 1; i < close; i++) {
		if (r->p[i] == '\\' && i + 1 < close && r->p[i + 1] == quote)
			i++;
		buf_addc(&r->value, r->p[i]);
	}
	for (i = 0; i < r->value.n; i++, n++) {
		if (r->value.p[i] == '\\' && i + 1 < r->value.n &&
		    r->value.p[i + 1] == '\\')
			i++;
		r->value.p[n] = r->value.p[i];
	}
	r->value.n = n;
	r->at = close + 1;
	return string(r);
}

/* A value by itself; an empty one if a word cannot begin. */
static json_t *
read_first(struct reader *r)
{
	if (current(r) == '"' || current(r) == '\'')
		return read_quoted(r);
	if (!take_word(r, goes_on_first))
		return json_string("");
	return string(r);
}

/* After a comma, the values up to the comma before the next key. */
static void
read_more(struct reader *r, json_t *list)
{
	json_t *v;

	while (!r->failed) {
		v = NULL;
		if (current(r) == '"' || current(r) == '\'')
			v = read_quoted(r);
		else if (take_word(r, goes_on_later))
			v = string(r);
		if (r->failed)
			return;
		if (v == NULL && r->at == r->n) {
			expected(r, "a value");
			return;
		}
		skip_blanks(r);
		if (v == NULL || (r->at < r->n && current(r) != ',')) {
			/* A key: back to the comma. */
			json_decref(v);
			while (
			    r->at > 0 && (r->at == r->n || r->p[r->at] != ','))
				r->at--;
			return;
		}
		json_array_append_new(list, v);
		if (r->at == r->n)
			return;
		take(r, ',', "a comma");
	}
}

static json_t *read_list(struct reader *);
static json_t *read_braces(struct reader *);

static json_t *
read_explicit(struct reader *r)
{
	json_t *v;

	if (current(r) != '[' && current(r) != '{')
		return read_first(r);
	if (++r->depth > DEPTH) {
		expected(r, "less depth");
		return NULL;
	}
	v = current(r) == '[' ? read_list(r) : read_braces(r);
	r->depth--;
	return v;
}

/* A comma, unless the bracket comes. */
static void
next_in(struct reader *r, char close, const char *what)
{
	skip_blanks(r);
	if (current(r) != (unsigned char)close)
		take(r, ',', what);
}

static json_t *
read_list(struct reader *r)
{
	json_t *list = json_array();

	take(r, '[', "[");
	while (!r->failed && current(r) != ']') {
		json_array_append_new(list, read_explicit(r));
		if (!r->failed)
			next_in(r, ']', "a comma or ]");
	}
	if (!r->failed)
		r->at++;
	return list;
}

static bool
in_key(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c > 0 && strchr("-_.#/:", c) != NULL);
}

/* A key with its = or @=; the caller's to free if it is not NULL. */
static json_t *
read_key(struct reader *r)
{
	size_t from = r->at;
	json_t *key;

	while (in_key(current(r)))
		r->at++;
	key = json_stringn(r->p + from, r->at - from);
	skip_blanks(r);
	r->loads = current(r) == '@';
	if (r->loads)
		take(r, '@', "@");
	take(r, '=', r->at > from ? "= after a name" : "a name and =");
	return key;
}

/* Once only: a second value of a name would be lost, or the first. */
static void
add_member(struct reader *r, json_t *object, json_t *key, json_t *value)
{
	const char *name = json_string_value(key);

	if (!r->failed && json_object_get(object, name) != NULL) {
		buf_addf(r->why, "a second value of %s", name);
		r->failed = true;
	}
	if (r->failed)
		json_decref(value);
	else
		json_object_set_new(object, name, value);
	json_decref(key);
}

static json_t *
read_braces(struct reader *r)
{
	json_t *object = json_object(), *key;

	take(r, '{', "{");
	while (!r->failed && current(r) != '}') {
		key = read_key(r);
		add_member(r, object, key, r->failed ? NULL : read_explicit(r));
		if (!r->failed)
			next_in(r, '}', "a comma or }");
	}
	if (!r->failed)
		r->at++;
	return object;
}

static json_t *
read_values(struct reader *r)
{
	json_t *first, *list;

	if (current(r) == '[' || current(r) == '{')
		return read_explicit(r);
	if (current(r) == -1) {
		r->value.n = 0;
		r->loads = false;
		return string(r);
	}
	first = read_first(r);
	skip_blanks(r);
	if (r->failed || current(r) != ',')
		return first;
	take(r, ',', "a comma");
	list = json_array();
	json_array_append_new(list, first);
	read_more(r, list);
	if (json_array_size(list) > 1)
		return list;
	json_incref(first);
	json_decref(list);
	return first;
}

static json_t *
read_members(struct reader *r)
{
	json_t *object = json_object(), *key;

	do {
		key = read_key(r);
		add_member(r, object, key, r->failed ? NULL : read_values(r));
		if (!r->failed && r->at < r->n)
			take(r, ',', "a comma");
		else
			break;
	} while (!r->failed);
	return object;
}

json_t *
shorthand_read(
    struct span text, shorthand_load *load, struct buf *why, size_t *at)
{
	struct reader r = { text.p, text.n, .load = load, .why = why };
	const char *nul = text.n > 0 ? memchr(text.p, '\0', text.n) : NULL;
	json_t *object;

	if (nul != NULL) {
		*at = (size_t)(nul - text.p);
		buf_adds(why, "a NUL byte");
		return NULL;
	}
	object = read_members(&r);
	*at = r.at;
	buf_free(&r.value);
	if (!r.failed)
		return object;
	json_decref(object);
	return NULL;
}
