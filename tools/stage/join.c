/*
 * Order is kept by names: each object knows the record that is to come next.
 * A result line that names it is carried out at once; one that comes early
 * waits as text.  An output is put in its place when all its records were
 * there, its last batch among them; several at once, since making a file
 * durable costs the same for one as for hundreds.
 */
#include "stage/join.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/say.h"
#include "io/remote.h"
#include "io/tree.h"
#include "stage/join_batch.h"
#include "stage/join_errors.h"
#include "stage/join_object.h"
#include "stage/join_type.h"

/* Outputs made durable together, and how long they wait for each other while
 * lines keep coming. */
enum { GROUP = 512, PATIENCE = 2 /* s */ };

struct join {
	const struct join_options *options;
	struct objects objects;
	struct object *whole[GROUP]; /* to be put in place */
	size_t whole_n;
	time_t committed; /* when that was done last */
	struct windows inputs, replies;
	struct sink sink;
	struct buf why, header, reply_path;
	FILE *errors;
	int status;
};

struct join *
join_new(const struct join_options *o)
{
	struct join *j = mem_alloc(sizeof *j);

	memset(j, 0, sizeof *j);
	j->options = o;
	j->committed = time(NULL);
	if (o->errors != NULL && (j->errors = fopen(o->errors, "w")) == NULL)
		say_errno_exit(1, "%s", o->errors);
	return j;
}

static void
give_up(struct join *j, struct object *o)
{
	o->state = OBJECT_FAILED;
	order_free(&o->early);
	if (o->out == NULL)
		return;
	if (j->sink.out == o->out)
		sink_drop(&j->sink);
	out_abort(o->out);
	o->out = NULL;
}

/* Says what is wrong with the object, which then has no output. */
static int __attribute__((format(printf, 3, 4)))
fail(struct join *j, struct object *o, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf_room(&text, 8192), 8192, fmt, ap);
	va_end(ap);
	say("%s: %s", o->path, text.p);
	buf_free(&text);
	give_up(j, o);
	j->status = 1;
	return -1;
}

static void
begin_output(struct join *j, struct object *o)
{
	if (o->out != NULL)
		return;
	if (j->options->dir == NULL)
		o->out = out_stdout();
	else if ((o->out = out_new(o->name)) == NULL && errno == ENOENT &&
		 tree_make_above(o->name) == 0)
		o->out = out_new(o->name);
	if (o->out == NULL)
		say_exit(1, "%s: %s", o->name, remote_error());
}

/* No output is in its place before what is left out of it is told. */
static void
flush_errors(struct join *j)
{
	if (j->errors != NULL && fflush(j->errors) == EOF)
		say_errno_exit(1, "%s", j->options->errors);
}

/* Puts the outputs that are whole in their places. */
static void
commit(struct join *j)
{
	struct out *outs[GROUP];
	size_t i, n = 0, failed;
	struct object *objects[GROUP];

	for (i = 0; i < j->whole_n; i++) {
		if (j->whole[i]->out == NULL)
			continue;
		objects[n] = j->whole[i];
		outs[n++] = j->whole[i]->out;
		j->whole[i]->out = NULL;
	}
	j->whole_n = 0;
	j->committed = time(NULL);
	if (n > 0)
		flush_errors(j);
	if (n > 0 && out_commit_group(outs, n, &failed) == -1)
		say_exit(1, "%s: %s", objects[failed]->name, remote_error());
}

static bool
too_many_failed(const struct join_options *opt, const struct object *o)
{
	if (!opt->max_is_percent)
		return o->failed > opt->max_errors;
	return o->has_last && opt->max_errors < 100 &&
	       (double)o->failed * 100 >
		   (double)opt->max_errors * (double)o->total;
}

static int
fail_too_many(struct join *j, struct object *o)
{
	return fail(j, o, "%" PRIu64 " records failed, more than %" PRIu64 "%s",
	    o->failed, j->options->max_errors,
	    j->options->max_is_percent ? "%" : "");
}

/* Gives an object without predictions its header row. */
static int
lone_header(struct join *j, struct object *o)
{
	struct batch b = { 0 };

	if (o->header_done || o->header_length == 0 || !j->options->input ||
	    o->kind != TYPE_CSV)
		return 0;
	b.options = j->options;
	b.sink = &j->sink;
	b.header = buf_span(&j->header);
	b.header_done = &o->header_done;
	b.by_line = true;
	b.why = &j->why;
	j->why.n = 0;
	if (join_csv_header(&b) == -1)
		return fail(j, o, "%s", buf_str(&j->why));
	return 0;
}

static void
complete(struct join *j, struct object *o)
{
	if (too_many_failed(j->options, o)) {
		fail_too_many(j, o);
		return;
	}
	if (order_top(&o->early) != NULL) {
		fail(j, o,
		    "records from %" PRIu64
		    ", after the last batch, which ends at %" PRIu64,
		    order_top(&o->early)->first, o->total);
		return;
	}
	if (lone_header(j, o) == -1)
		return;
	if (o->failed > 0)
		say("%s: %" PRIu64 " of %" PRIu64 " records failed, %s",
		    o->path, o->failed, o->total,
		    j->options->on_error == ON_ERROR_SKIP ? "left out"
							  : "replaced");
	sink_flush(&j->sink);
	sink_drop(&j->sink);
	o->state = OBJECT_WHOLE;
	order_free(&o->early);
	if (j->options->dir == NULL)
		return;
	j->whole[j->whole_n++] = o;
	if (j->whole_n == GROUP || time(NULL) - j->committed > PATIENCE)
		commit(j);
}

static int
open_reply(struct join *j, struct batch *b)
{
	const char *why;

	b->reply_path = decoded(&j->reply_path, b->result->reply.path).p;
	b->reply = windows_get(
	    &j->replies, b->reply_path, b->result->reply.etag, &why);
	if (b->reply != NULL)
		return 0;
	batch_place(b);
	return batch_fail(b, "%s: %s", b->reply_path, why);
}

static int
open_input(struct join *j, struct batch *b, const struct object *o)
{
	struct span header;
	const char *why;

	b->input = windows_get(&j->inputs, o->path, b->result->ref.etag, &why);
	if (b->input == NULL) {
		batch_place(b);
		return batch_fail(b, "the input: %s", why);
	}
	if (o->kind != TYPE_CSV || o->header_length == 0 || o->header_done)
		return 0;
	header = window_fill(b->input, o->header_offset, o->header_length, 0);
	if (header.p == NULL || header.n < o->header_length)
		return batch_fail(b, "the header row: %s",
		    header.p == NULL ? remote_error()
				     : "the object is shorter");
	j->header.n = 0;
	buf_add(&j->header, header.p, o->header_length);
	b->header = buf_span(&j->header);
	return 0;
}

/* Carries out a result line whose records come next. */
static int
write_batch(struct join *j, struct object *o, const struct result *res)
{
	struct batch b = { .options = j->options,
		.result = res,
		.kind = o->kind,
		.sink = &j->sink,
		.header_done = &o->header_done,
		.why = &j->why };

	if (j->options->inference_time != NULL)
		b.ids = ids_begin(
		    j->options->inference_seed, o->stem, res->ref.first);
	begin_output(j, o);
	sink_turn(&j->sink, o->out, o->name);
	j->why.n = 0;
	if ((res->answered && open_reply(j, &b) == -1) ||
	    (j->options->input && open_input(j, &b, o) == -1))
		return fail(j, o, "%s", buf_str(&j->why));
	if (!res->answered && j->options->on_error == ON_ERROR_SKIP)
		return 0;
	if (join_batch(&b) == -1)
		return fail(j, o, "%s", buf_str(&j->why));
	return 0;
}

static void
add_records(struct buf *out, const struct ref *r)
{
	buf_addf(out, "record%s %" PRIu64, r->count == 1 ? "" : "s", r->first);
	if (r->count > 1)
		buf_addf(out, " to %" PRIu64, r->first + r->count - 1);
}

/* As bt-predict's errors do, which may know the very record. */
static bool
begins_with_place(struct span error)
{
	static const char place[] = "record";

	return error.n > sizeof place &&
	       memcmp(error.p, place, sizeof place - 1) == 0 &&
	       (error.p[sizeof place - 1] == ' ' ||
		   error.p[sizeof place - 1] == 's');
}

static int
bear_failure(struct join *j, struct object *o, const struct result *res)
{
	static struct buf text;
	struct span error = decoded(&text, result_key(res, "error"));

	if (j->options->on_error == ON_ERROR_FAIL) {
		if (begins_with_place(error))
			return fail(j, o, "%s", error.p);
		j->why.n = 0;
		add_records(&j->why, &res->ref);
		return fail(j, o, "%s: %s", buf_str(&j->why),
		    error.n > 0 ? error.p : "the model failed");
	}
	o->failed += res->ref.count;
	if (!j->options->max_is_percent && too_many_failed(j->options, o))
		return fail_too_many(j, o);
	return 0;
}

static int
take(struct join *j, struct object *o, const struct result *res)
{
	const struct ref *r = &res->ref;

	if (r->length > 0 && r->offset < o->end)
		return fail(j, o,
		    "record %" PRIu64 " begins at byte %" PRIu64
		    ", before the end of the record before it, %" PRIu64,
		    r->first, r->offset, o->end);
	if (!res->answered && bear_failure(j, o, res) == -1)
		return -1;
	if (write_batch(j, o, res) == -1)
		return -1;
	o->next = r->first + r->count;
	if (r->length > 0)
		o->end = r->offset + r->length;
	if (r->last)
		complete(j, o);
	return 0;
}

static int
fail_repeated(struct join *j, struct object *o, const struct ref *r)
{
	j->why.n = 0;
	add_records(&j->why, r);
	return fail(j, o,
	    "%s: more than one result, the records up to %" PRIu64
	    " were joined: keep one result line for each batch%s",
	    buf_str(&j->why), o->next,
	    o->state == OBJECT_WHOLE && o->out == NULL
		? " (the output is of the first)"
		: "");
}

/* Whether the references of an object agree about it. */
static int
check_same(struct join *j, struct object *o, const struct ref *r)
{
	if (r->split == o->split && r->keeps_newlines == o->keeps_newlines &&
	    r->header_offset == o->header_offset &&
	    r->header_length == o->header_length &&
	    input_kind(j->options, r, o->path) == o->kind)
		return 0;
	return fail(j, o,
	    "record %" PRIu64 ": a reference with another split, "
	    "header, newlines or type than the first",
	    r->first);
}

static int
check_last(struct join *j, struct object *o, const struct ref *r)
{
	uint64_t total = r->first + r->count;

	if (r->last && o->has_last)
		return fail(j, o,
		    "two last batches, of %" PRIu64 " and of %" PRIu64
		    " records: keep one result line for each batch",
		    o->total, total);
	if (r->last) {
		o->has_last = true;
		o->total = total;
	}
	if (o->has_last && total > o->total)
		return fail(j, o,
		    "records to %" PRIu64
		    ", after the last batch, which ends at %" PRIu64,
		    total, o->total);
	return 0;
}

static void
take_early(struct join *j, struct object *o)
{
	const struct early *top;
	struct result res;
	struct early e;
	struct span line;
	const char *why;

	while (o->state == OBJECT_JOINING &&
	       (top = order_top(&o->early)) != NULL && top->first <= o->next) {
		order_take(&o->early, &e);
		line.p = e.line;
		line.n = e.n;
		result_parse(&res, line, &why);
		if (e.first < o->next)
			fail_repeated(j, o, &res.ref);
		else
			take(j, o, &res);
		free(e.line);
	}
}

/* The part of a result line that is wanted later. */
static struct span
essence(const struct result *res, struct span line)
{
	if (res->answered)
		line.n = (size_t)(res->keys.p - line.p);
	return line;
}

static void
place(struct join *j, struct object *o, const struct result *res,
    struct span line)
{
	const struct ref *r = &res->ref;

	if (check_same(j, o, r) == -1)
		return;
	if (r->first < o->next) {
		fail_repeated(j, o, r);
		return;
	}
	if (check_last(j, o, r) == -1)
		return;
	if (o->state == OBJECT_WHOLE) {
		fail_repeated(j, o, r);
		return;
	}
	if (r->first > o->next) {
		order_hold(&o->early, r->first, r->count, essence(res, line));
		return;
	}
	if (take(j, o, res) == 0)
		take_early(j, o);
}

static void
describe(
    struct join *j, struct object *o, const struct ref *r, const char *path)
{
	const char *why;

	o->path = mem_dup(path, strlen(path));
	o->stem = object_stem(o->path, j->options->prefix, &why);
	if (o->stem == NULL && j->options->inference_seed != NULL)
		say_exit(1, "%s: the path %s", path, why);
	o->split = r->split;
	o->keeps_newlines = r->keeps_newlines;
	o->header_offset = r->header_offset;
	o->header_length = r->header_length;
	o->kind = input_kind(j->options, r, path);
}

static struct object *
object_for(struct join *j, const struct ref *r)
{
	static struct buf path, name;
	struct object *o;
	const char *why = NULL;

	decoded(&path, r->path);
	name.n = 0;
	if (j->options->dir == NULL)
		buf_adds(&name, "standard output");
	else if (object_name(&name, path.p, j->options->dir, j->options->prefix,
		     &why) == -1)
		say_exit(1, "%s: the path %s", path.p, why);
	o = objects_get(&j->objects, buf_span(&name));
	if (o->path == NULL)
		describe(j, o, r, path.p);
	if (strcmp(o->path, path.p) == 0)
		return o;
	if (j->options->dir == NULL)
		say_exit(1, "%s, %s: 2 objects or more: give -o DIR", o->path,
		    path.p);
	say_exit(1, "%s, %s: both outputs would be %s: give --input-prefix",
	    o->path, path.p, o->name);
}

static void
note_failure(struct join *j, struct object *o, const struct result *res)
{
	static struct buf text;
	struct span path = { o->path, strlen(o->path) };
	const char *why;

	errors_add(j->errors, res, o->kind, path,
	    decoded(&text, result_key(res, "error")),
	    windows_get(&j->inputs, o->path, res->ref.etag, &why));
}

void
join_line(struct join *j, struct span line, const char *file, uint64_t number)
{
	struct object *o;
	struct result res;
	const char *why;

	if (result_parse(&res, line, &why) == -1) {
		say("%s: line %" PRIu64 ": %s", file, number, why);
		j->status = 1;
		return;
	}
	o = object_for(j, &res.ref);
	if (!res.answered && j->errors != NULL)
		note_failure(j, o, &res);
	if (o->state != OBJECT_FAILED)
		place(j, o, &res, line);
}

void
join_idle(struct join *j)
{
	if (j->options->dir == NULL)
		sink_flush(&j->sink);
	else
		commit(j);
}

/* Says which records of an object have no result. */
static void
fail_incomplete(struct join *j, struct object *o)
{
	const struct early *top = order_top(&o->early);
	struct result res;
	struct span line;
	const char *why;

	if (top == NULL) {
		fail(j, o,
		    "no result from record %" PRIu64 " (byte %" PRIu64
		    ") on: the last batch is missing",
		    o->next, o->end);
		return;
	}
	line.p = top->line;
	line.n = top->n;
	result_parse(&res, line, &why);
	fail(j, o,
	    "no result for records %" PRIu64 " to %" PRIu64 " (bytes %" PRIu64
	    " to %" PRIu64 ")",
	    o->next, res.ref.first - 1, o->end, res.ref.offset);
}

static void
close_stdout(struct join *j)
{
	struct object *o = j->objects.first;

	if (o->out != NULL && out_commit(o->out) == -1)
		say_errno_exit(1, "standard output");
	o->out = NULL;
}

/* Gives the memory back; returns the exit status. */
static int
join_free(struct join *j)
{
	int status = j->status;

	objects_free(&j->objects);
	windows_free(&j->inputs);
	windows_free(&j->replies);
	buf_free(&j->why);
	buf_free(&j->header);
	buf_free(&j->reply_path);
	free(j->sink.p);
	free(j);
	return status;
}

int
join_finish(struct join *j)
{
	struct object *o;

	if (j->objects.n == 0 && j->status == 0) {
		say("no result lines");
		j->status = 1;
	}
	for (o = j->objects.first; o != NULL; o = o->following)
		if (o->state == OBJECT_JOINING)
			fail_incomplete(j, o);
	commit(j);
	flush_errors(j);
	if (j->options->dir == NULL && j->objects.n > 0)
		close_stdout(j);
	if (j->errors != NULL && (ferror(j->errors) | fclose(j->errors)) != 0)
		say_errno_exit(1, "%s", j->options->errors);
	return join_free(j);
}
