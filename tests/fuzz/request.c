/*
 * What bt-job makes of any request, of its options and of its model, 0xff
 * between them; the first byte says how.  What is accepted and printed is
 * accepted again and prints the same; what the service accepts is accepted
 * here; what is printed for the shell means what the request says.
 */
#include <errno.h>
#include <jansson.h>

#include "base/load.h"
#include "ends.h"
#include "job/assign.h"
#include "job/request.h"
#include "job/rules.h"
#include "job/value.h"
#include "words.h"

int __wrap_load_at_most(const char *path, size_t most, struct buf *b);

enum { STRICT = 1, CLI = 2, WORDS_MOST = 128 };

static const char *words[WORDS_MOST];
static size_t words_n;
static struct span document; /* the file of that name, and the only one */

int
__wrap_load_at_most(const char *path, size_t most, struct buf *b)
{
	errno = ENOENT;
	if (strcmp(path, "document") != 0 || document.n > most)
		return -1;
	buf_add(b, document.p, document.n);
	return 0;
}

static void
add_word(const char *text, const char *after)
{
	struct buf b = { 0 };

	if (words_n == WORDS_MOST)
		return;
	buf_addf(&b, "\"%s\"%s", text, after);
	words[words_n++] = buf_str(&b);
}

/* The names and the values of a shape: few of a long list. */
static void
add_words(const struct shape *s)
{
	const struct member *m;
	size_t i;

	for (i = 0; s->values != NULL && s->values[i] != NULL && i < 3; i++)
		add_word(s->values[i], "");
	if (s->kind == JOB_LIST)
		add_words(s->item);
	if (s->kind == JOB_STRUCT)
		for (m = s->members; m->name != NULL; m++) {
			add_word(m->name, ":");
			add_words(m->shape);
		}
}

/* Takes what stands before the next 0xff, its words spelled out, off *in. */
static struct span
take_part(struct buf *b, struct span *in)
{
	const char *end = in->n > 0 ? memchr(in->p, 0xff, in->n) : NULL;
	size_t n = end != NULL ? (size_t)(end - in->p) : in->n;

	spell(b, (const uint8_t *)in->p, n, words, words_n);
	n += end != NULL;
	in->p += n;
	in->n -= n;
	return (struct span){ buf_str(b), b->n };
}

static json_t *
read_document(struct span text)
{
	struct buf why = { 0 };
	json_t *v;

	document = text;
	v = job_try("document", "document", &why);
	want((v == NULL) == (why.n > 0));
	buf_free(&why);
	return v;
}

static char *
print(const struct shape *shape, json_t *v)
{
	json_t *whole = job_in_order(shape, v);
	char *text = json_dumps(whole, JSON_INDENT(4));

	want(text != NULL && json_equal(v, whole));
	json_decref(whole);
	return text;
}

static bool
is_request(const json_t *v, bool strict)
{
	struct check c = { .strict = strict, .file = "document" };
	unsigned before = messages;

	job_check_request(&c, v);
	want(messages == before + c.wrong);
	return c.wrong == 0;
}

static bool
is_model(const json_t *v, const json_t *request, bool strict)
{
	struct check c = { .strict = strict, .file = "model" }, other = c;

	job_check_model(&c, v, &other, request);
	return c.wrong + other.wrong == 0;
}

/* An accepted value, printed and read. */
static json_t *
again(const struct shape *shape, json_t *v)
{
	char *text = print(shape, v), *same;
	json_t *copy = read_document((struct span){ text, strlen(text) });

	want(copy != NULL);
	same = print(shape, copy);
	want(strcmp(text, same) == 0);
	free(text);
	free(same);
	return copy;
}

/* Takes 'TEXT', in which '\'' is a quote, off *p. */
static void
take_quoted(const char **p, struct buf *text)
{
	want(*(*p)++ == '\'');
	for (; **p != '\'' || strncmp(*p, "'\\''", 4) == 0; ++*p) {
		want(**p != '\0');
		buf_addc(text, **p);
		if (**p == '\'')
			*p += 3;
	}
	++*p;
}

/* Each line is a name and a quoted value: the request's, for some. */
static void
check_assigned(const json_t *request, const json_t *model)
{
	struct buf b = { 0 }, name = { 0 }, value = { 0 };
	const char *p, *member,
	    *letters = "abcdefghijklmnopqrstuvwxyz"
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
		       "0123456789";
	size_t n, lines = 0;

	job_assign(&b, request, model);
	for (p = buf_str(&b); *p != '\0'; p++, lines++) {
		name.n = value.n = 0;
		n = strspn(p, letters);
		buf_add(&name, p, n);
		p += n;
		want(n > 0 && *p++ == '=');
		take_quoted(&p, &value);
		want(*p == '\n');
		member =
		    json_string_value(json_object_get(request, buf_str(&name)));
		want(member == NULL || strcmp(member, buf_str(&value)) == 0);
	}
	want(lines >= 25 + 3 * job_containers(model));
	buf_free(&b);
	buf_free(&name);
	buf_free(&value);
}

static void
check_model(json_t *model, const json_t *request, bool strict)
{
	struct check c = { .file = "model" };
	json_t *copy;

	if (!is_model(model, request, strict))
		return;
	want(!strict || is_model(model, request, false));
	copy = again(&job_model_shape, model);
	want(is_model(copy, request, strict));
	json_decref(copy);
	job_check_runs(&c, model);
	if (c.wrong == 0 && is_request(request, strict))
		check_assigned(request, model);
}

static void
check_request(json_t *request, bool strict)
{
	json_t *copy;

	if (!is_request(request, strict))
		return;
	want(!strict || is_request(request, false));
	copy = again(&job_transform_shape, request);
	want(is_request(copy, strict));
	json_decref(copy);
	check_assigned(request, NULL);
}

struct option {
	char name[64], *text;
	struct request r;
};

static void
set_option(void *arg)
{
	struct option *o = arg;

	job_request_option(&o->r, o->name, &o->text, 1);
}

static void
read_cli(void *arg)
{
	struct option *o = arg;

	job_request_cli(&o->r, o->text);
}

/* What it sets is set by its JSON too.  False where it ends the process. */
static bool
check_option(struct request *r, const struct member *m, char *text)
{
	struct option o = { .text = text }, same = { .text = NULL };
	json_t *v;

	snprintf(o.name, sizeof o.name, "--%s", m->name);
	if (ends(set_option, &o) != 0)
		return false;
	v = json_object_get(o.r.set, m->name);
	want(v != NULL);
	if (json_is_object(v) || json_is_array(v)) {
		memcpy(same.name, o.name, sizeof same.name);
		same.text = json_dumps(v, 0);
		want(ends(set_option, &same) == 0);
		want(json_equal(json_object_get(same.r.set, m->name), v));
		free(same.text);
		job_request_free(&same.r);
	}
	if (r->set == NULL) {
		r->set = json_object();
		r->given = json_object();
	}
	json_object_update(r->set, o.r.set);
	json_object_update(r->given, o.r.given);
	job_request_free(&o.r);
	return true;
}

/* The first byte of each says which. */
static void
take_options(struct request *r, struct span in)
{
	struct buf text = { 0 };
	size_t members = 0, which;

	while (job_transform_shape.members[members].name != NULL)
		members++;
	while (in.n > 1) {
		which = (unsigned char)*in.p++ % members;
		in.n--;
		text.n = 0;
		take_part(&text, &in);
		if (!check_option(
			r, &job_transform_shape.members[which], text.p))
			break;
	}
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = { (const char *)data + 1, size - 1 };
	struct buf text = { 0 }, other = { 0 };
	struct option cli = { .text = NULL };
	struct request r = { 0 };
	json_t *model;

	if (size == 0)
		return 0;
	if (words_n == 0) {
		add_words(&job_transform_shape);
		add_words(&job_model_shape);
	}
	document = take_part(&text, &in);
	cli.text = text.p;
	if (data[0] & CLI && ends(read_cli, &cli) == 0)
		r = cli.r;
	else
		r.value = read_document(document);
	model = read_document(take_part(&other, &in));
	take_options(&r, in);
	job_request_merge(&r);
	check_request(r.value, data[0] & STRICT);
	if (model != NULL)
		check_model(model, r.value, data[0] & STRICT);
	json_decref(model);
	job_request_free(&r);
	buf_free(&text);
	buf_free(&other);
	return 0;
}
