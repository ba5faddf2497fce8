#include "split/split.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/say.h"
#include "format/result.h"
#include "split/header.h"
#include "split/names.h"
#include "split/object.h"

/* An argument, parsed. */
struct argument {
	struct ref ref;
	bool is_ref;
	struct buf path, type; /* of the reference, decoded */
	const char *name;      /* NULL: standard input */
};

/* A file of exactly that name is not a reference. */
static int
argument_read(struct argument *a, const char *arg)
{
	struct result res;
	const char *why, *other;

	memset(a, 0, sizeof *a);
	a->name = strcmp(arg, "-") == 0 ? NULL : arg;
	if (strstr(arg, "#bytes=") == NULL || access(arg, F_OK) == 0)
		return 0;
	a->is_ref = true;
	if (ref_parse(&a->ref, span_str(arg), &why) == 0) {
		why = "a % without two hexadecimal digits";
		if (ref_decode(&a->path, a->ref.path) == 0 &&
		    ref_decode(&a->type, a->ref.type) == 0) {
			a->name = buf_str(&a->path);
			return 0;
		}
	}
	if (result_parse(&res, span_str(arg), &other) == 0)
		why = "a result line, whose first column is one";
	say("%s: neither a file nor a reference: %s", arg, why);
	return -1;
}

static void
argument_free(struct argument *a)
{
	buf_free(&a->path);
	buf_free(&a->type);
}

static const char *
content_type(const struct object *o, struct argument *a)
{
	if (o->sp->content_type != NULL)
		return o->sp->content_type;
	if (a->type.n > 0)
		return buf_str(&a->type);
	return type_of_path(a->name != NULL ? a->name : o->name);
}

/* Sets up the object to cut, and the keys that all references to it share:
 * their strings are borrowed from words. */
static void
set_object(struct object *o, struct argument *a, struct buf *words)
{
	const struct split *sp = o->sp;
	const char *etag = a->is_ref ? NULL : input_etag(&o->in), *type;
	struct ref *r = &o->refs.ref;
	size_t n, m;

	o->name = o->in.spooled != NULL ? o->in.spooled : a->name;
	type = content_type(o, a);
	o->kind = type_kind(span_str(type));
	o->keep = a->ref.keeps_newlines ||
		  (sp->keep && o->type == REF_LINE && o->kind == TYPE_CSV);
	o->header = sp->header != HEADER_NONE && !a->is_ref;
	o->guess = sp->guess && sp->header == HEADER_NONE && !a->is_ref &&
		   o->type == REF_LINE && o->kind == TYPE_CSV;
	o->payload = sp->payload;
	if (a->ref.sends_header)
		object_reserve(o, a->ref.header_length);
	o->begin = a->ref.offset;
	o->refs.quiet = sp->check;
	batch_begin(&o->batch, o->begin, a->ref.first);

	*r = a->ref;
	if (!a->is_ref)
		ref_encode(words, span_str(o->name));
	n = words->n;
	if (etag != NULL)
		ref_encode(words, span_str(etag));
	m = words->n;
	if (!type_same(span_str(type), span_str(type_of_path(o->name))) ||
	    a->type.n > 0)
		ref_encode(words, span_str(type));
	buf_str(words);
	if (!a->is_ref)
		r->path = (struct span){ words->p, n };
	if (etag != NULL)
		r->etag = (struct span){ words->p + n, m - n };
	r->type = (struct span){ words->p + m, words->n - m };
	r->split = o->type;
	r->keeps_newlines = o->keep;
	r->last = false;
}

/* After the cutting: the object must not have changed, and a part must have the
 * records that its reference says. */
static int
verify(struct object *o, const struct argument *a)
{
	if (input_finish(&o->in) == -1)
		return -1;
	if (a->is_ref && o->refs.records != a->ref.count) {
		say("%s: bytes %" PRIu64 "+%" PRIu64 ": %" PRIu64
		    " records, not the %" PRIu64 " of the reference",
		    o->name, a->ref.offset, a->ref.length, o->refs.records,
		    a->ref.count);
		return -1;
	}
	if (o->refs.batches > 0)
		return 0;
	o->refs.ref.bare = o->refs.ref.parts = false;
	return object_put(o, o->begin, 0, 0, 0);
}

/* Says it once, not for each object. */
static void
guess_header(struct object *o)
{
	static bool said;

	if (!said && header_is_likely(buf_span(&o->head))) {
		say("%s: first record looks like a header: --header keeps it "
		    "from the model",
		    o->name);
		said = true;
	}
	o->guess = false;
}

static int
feed(struct object *o, const struct cutter *cutter, void *state)
{
	const char *p;
	size_t look;
	ptrdiff_t n;

	while ((n = input_step(&o->in, &p)) > 0) {
		if (o->guess) {
			look = HEADER_LOOK - o->head.n;
			look = (size_t)n < look ? (size_t)n : look;
			buf_add(&o->head, p, look);
		}
		if (o->guess && o->head.n == HEADER_LOOK)
			guess_header(o);
		if (cutter->feed(state, p, (size_t)n) == -1)
			return -1;
		refs_flush(&o->refs);
	}
	return n == 0 ? cutter->finish(state) : -1;
}

static int
cut(struct object *o, const struct argument *a)
{
	const struct cutter *cutter = o->type == REF_NONE || o->refs.ref.bare
					  ? &split_whole
				      : o->type == REF_LINE ? &split_lines
							    : &split_frames;
	void *state = cutter->begin(o);
	int status = feed(o, cutter, state);

	if (o->guess) {
		/* The last line may lack it. */
		buf_addc(&o->head, '\n');
		guess_header(o);
	}
	cutter->end(state);
	if (status == -1)
		refs_last(&o->refs, false);
	else if ((status = verify(o, a)) == -1)
		refs_drop(&o->refs);
	else
		refs_last(&o->refs, !a->is_ref || a->ref.last);
	refs_flush(&o->refs);
	if (status == 0 && o->sp->check)
		printf("%s: records=%" PRIu64 " batches=%" PRIu64
		       " bytes=%" PRIu64 "\n",
		    o->name, o->refs.records, o->refs.batches, o->refs.bytes);
	return status == 0 ? 0 : 1;
}

int
split_object(const struct split *sp, const char *arg)
{
	static struct table had;
	struct object o = { .sp = sp };
	struct argument a;
	struct buf words = { 0 };
	int status;

	if (argument_read(&a, arg) == -1) {
		argument_free(&a);
		return 1;
	}
	if (!a.is_ref && !names_is_new(&had, arg)) {
		/* bt-join could not distinguish the two. */
		say("%s: this object is named twice", arg);
		status = 2;
	} else {
		o.type = a.is_ref ? a.ref.split : sp->type;
		status = input_open(&o.in, sp, a.name, a.is_ref ? &a.ref : NULL,
		    o.type == REF_LINE);
		if (status == 0) {
			set_object(&o, &a, &words);
			status = cut(&o, &a);
		}
		input_close(&o.in);
	}
	argument_free(&a);
	buf_free(&words);
	buf_free(&o.refs.out);
	buf_free(&o.head);
	return status;
}
