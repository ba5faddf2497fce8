/*
 * Order is kept by names: each object knows the record that is to come next.
 * A result line that names it is joined at once; one that comes early waits as
 * text.  Records are settled by the first line that names them: a later one
 * that names any of them again is ignored.
 *
 * An output is put in its place when all its records have come, its last batch
 * among them; several at once, since making a file durable costs the same for
 * one as for hundreds.  One that replaces a file waits until the end of the
 * run, when all files that the run reads are known.  So does one that leaves
 * out records: the file of these comes first.
 */
#include "join/join.h"

#include <sys/stat.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/fd.h"
#include "base/isotime.h"
#include "base/mem.h"
#include "base/say.h"
#include "io/lines.h"
#include "io/remote.h"
#include "io/tree.h"
#include "join/batch.h"
#include "join/errors.h"
#include "join/kind.h"
#include "join/object.h"

/* Outputs made durable together, and how long they wait for each other while
 * lines keep coming. */
enum { GROUP = 512, PATIENCE = 2 /* s */ };

/* Result lines that are remembered, by a checksum: a killed process may have
 * left lines that come again soon. */
enum { RECENT = 16384 };

struct join {
	const struct join_options *options;
	struct table objects;	     /* of struct object */
	struct object *whole[GROUP]; /* to be put in place */
	size_t whole_n;
	time_t committed; /* when that was done last */
	int64_t began;	  /* ms since the Epoch */
	struct windows inputs, replies;
	struct sink sink;
	struct losses losses; /* of the batch */
	struct buf why, header, reply_path;
	struct errors *errors;
	struct files read;
	bool late;	       /* there are outputs that wait to the end */
	uint64_t odd, ignored; /* lines that are none, or come too late */
	struct buf first_odd;
	uint32_t recent[RECENT];
	int status;
};

struct join *
join_new(const struct join_options *o)
{
	struct join *j = mem_alloc(sizeof *j);

	memset(j, 0, sizeof *j);
	j->options = o;
	j->committed = time(NULL);
	j->began = isotime_now();
	j->inputs.read = j->replies.read = &j->read;
	if (o->errors != NULL)
		j->errors = errors_new(o->errors);
	return j;
}

void
join_reads(struct join *j, int fd)
{
	files_add_open(&j->read, fd);
}

/* Reports an error of the object, which then has no output. */
static int __attribute__((format(printf, 3, 4)))
fail(struct join *j, struct object *o, const char *fmt, ...)
{
	struct buf text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&text, fmt, ap);
	va_end(ap);
	say("%s: %s", o->path, buf_str(&text));
	buf_free(&text);
	o->state = OBJECT_FAILED;
	if (o->out != NULL) {
		if (j->sink.out == o->out)
			sink_drop(&j->sink);
		out_abort(o->out);
		o->out = NULL;
	}
	j->status = 1;
	return -1;
}

/* The objects of the outputs that are in their places now. */
static void
print_names(struct object *const *objects, const int *errors, size_t n)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (errors[i] != 0)
			continue;
		ref_encode(&b, (struct span){ objects[i]->path,
				   strlen(objects[i]->path) });
		buf_addc(&b, '\n');
	}
	if (fd_write(STDOUT_FILENO, buf_str(&b), b.n) == -1)
		say_errno_exit(1, "standard output");
	buf_free(&b);
}

/* Puts the outputs that are whole in their places. */
static void
commit(struct join *j)
{
	struct out *outs[GROUP];
	struct object *objects[GROUP];
	int errors[GROUP];
	struct buf why[GROUP] = { 0 };
	size_t i, n = 0;

	for (i = 0; i < j->whole_n; i++) {
		if (j->whole[i]->out == NULL)
			continue;
		objects[n] = j->whole[i];
		outs[n++] = j->whole[i]->out;
		j->whole[i]->out = NULL;
	}
	j->whole_n = 0;
	j->committed = time(NULL);
	if (n > 0 && out_commit_group(outs, n, errors, why) == -1) {
		/* More is wrong than the place of an output. */
		for (i = 0; i < n && errors[i] != errno; i++)
			continue;
		if (i < n)
			say_exit(
			    1, "%s: %s", objects[i]->name, buf_str(&why[i]));
		say_exit(1,
		    "%s: %s: a power cut may undo the names of the outputs "
		    "in it",
		    j->options->dir, remote_error());
	}
	for (i = 0; i < n; i++) {
		if (errors[i] != 0)
			fail(j, objects[i], "%s: %s", objects[i]->name,
			    buf_str(&why[i]));
		buf_free(&why[i]);
	}
	if (j->options->names)
		print_names(objects, errors, n);
}

static void
queue(struct join *j, struct object *o)
{
	j->whole[j->whole_n++] = o;
	if (j->whole_n == GROUP || time(NULL) - j->committed > PATIENCE)
		commit(j);
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
	const struct early *early;

	if (too_many_failed(j->options, o)) {
		fail_too_many(j, o);
		return;
	}
	if ((early = settled_after(&o->early, 0)) != NULL) {
		fail(j, o,
		    "records from %" PRIu64
		    ", after the last batch, which ends at %" PRIu64,
		    early->range.first, o->total);
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
	settled_free(&o->early);
	if (j->options->dir == NULL)
		return;
	if ((o->failed > 0 && j->errors != NULL) || out_replaces(o->out))
		j->late = true;
	else
		queue(j, o);
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

/* -1, with the reason in j->why. */
static int
try_batch(struct join *j, struct object *o, const struct result *res)
{
	struct batch b = { .options = j->options,
		.result = res,
		.kind = o->kind,
		.sink = &j->sink,
		.header_done = &o->header_done,
		.why = &j->why };
	const char *why;

	losses_forget(&j->losses);
	if (j->options->on_error != ON_ERROR_FAIL)
		b.losses = &j->losses;
	if (j->options->inference_time != NULL)
		b.ids = ids_begin(
		    j->options->inference_seed, o->stem, res->ref.first);
	j->why.n = 0;
	if (res->answered) {
		b.reply_path = decoded(&j->reply_path, res->reply.path).p;
		b.reply = windows_get(
		    &j->replies, b.reply_path, res->reply.etag, &why);
		if (b.reply == NULL) {
			batch_place(&b);
			return batch_fail(&b, "%s: %s", b.reply_path, why);
		}
	}
	if (j->options->input && open_input(j, &b, o) == -1)
		return -1;
	if (!res->answered && j->options->on_error == ON_ERROR_SKIP)
		return 0;
	return join_batch(&b);
}

/* Counts what the batch has lost, which options->on_error bears. */
static int
settle_losses(struct join *j, struct object *o, const struct result *res)
{
	bool skip = j->options->on_error == ON_ERROR_SKIP;
	struct loss *l;
	size_t i;

	for (i = 0; i < j->losses.n; i++) {
		l = &j->losses.p[i];
		/* Not like the messages of an object that has failed. */
		say("%s: %s %s", o->path, skip ? "left out" : "replaced",
		    buf_str(&l->why));
		errors_add_loss(j->errors, res, span_str(o->path), l);
		o->failed += l->count;
	}
	if (!j->options->max_is_percent && too_many_failed(j->options, o))
		return fail_too_many(j, o);
	return 0;
}

/* The whole batch is lost, and j->why says why: it is as one that failed. */
static int
lose_batch(struct join *j, struct object *o, const struct result *res)
{
	static struct buf why;
	struct loss loss = { 0, res->ref.count, res->ref.offset,
		res->ref.length, { 0 } };
	struct result failed = *res;

	why.n = 0;
	buf_add(&why, j->why.p, j->why.n);
	failed.answered = false;
	if (try_batch(j, o, &failed) == -1)
		return fail(j, o, "%s", buf_str(&j->why));
	losses_add(&j->losses, loss, &why);
	return settle_losses(j, o, res);
}

/*
 * Joins a result line whose records come next.  Bytes that were read ahead may
 * have been rewritten since, by a worker that tried again, and a file of
 * another machine may have grown: so a failure is tried once more, with the
 * files opened and read again.
 */
static int
write_batch(struct join *j, struct object *o, const struct result *res)
{
	bool header_done = o->header_done;
	uint64_t place;

	if (o->out == NULL)
		o->out = j->options->dir == NULL ? out_stdout()
						 : out_new_below(o->name);
	if (o->out == NULL && out_alone(errno))
		return fail(j, o, "%s: %s", o->name, remote_error());
	if (o->out == NULL)
		say_exit(1, "%s: %s", o->name, remote_error());
	sink_turn(&j->sink, o->out, o->name);
	place = sink_place(&j->sink);
	if (try_batch(j, o, res) == 0 &&
	    (j->losses.n == 0 || batch_is_summed(res)))
		return settle_losses(j, o, res);
	windows_free(&j->inputs);
	windows_free(&j->replies);
	o->header_done = header_done;
	if (sink_cut(&j->sink, place) == 0) {
		if (try_batch(j, o, res) == 0)
			return settle_losses(j, o, res);
		o->header_done = header_done;
		if (j->losses.all && sink_cut(&j->sink, place) == 0)
			return lose_batch(j, o, res);
	}
	return fail(j, o, "%s", buf_str(&j->why));
}

static int
count_failure(struct join *j, struct object *o, const struct result *res)
{
	/* What has failed since we began, bt-predict has said beside us. */
	bool said = result_number(res, "start") * 1e3 >= (double)j->began;

	if (j->options->on_error == ON_ERROR_FAIL) {
		j->why.n = 0;
		errors_tell(&j->why, res, said);
		return fail(j, o, "%s", buf_str(&j->why));
	}
	o->failed += res->ref.count;
	if (!j->options->max_is_percent && too_many_failed(j->options, o))
		return fail_too_many(j, o);
	return 0;
}

/* Of an object that has failed only the order is kept. */
static void
join_result(struct join *j, struct object *o, const struct result *res)
{
	const struct ref *r = &res->ref;

	o->next = r->first + r->count;
	if (o->state == OBJECT_FAILED)
		return;
	if (r->length > 0 && r->offset < o->end) {
		fail(j, o,
		    "record %" PRIu64 " begins at byte %" PRIu64
		    ", before the end of the record before it, %" PRIu64,
		    r->first, r->offset, o->end);
		return;
	}
	if ((!res->answered && count_failure(j, o, res) == -1) ||
	    write_batch(j, o, res) == -1)
		return;
	if (r->length > 0)
		o->end = r->offset + r->length;
	if (r->last)
		complete(j, o);
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

/* Any line can say where the object ends. */
static int
check_last(struct join *j, struct object *o, const struct ref *r)
{
	uint64_t total = r->first + r->count;

	if (r->last && o->has_last && total != o->total)
		return fail(j, o,
		    "two last batches, of %" PRIu64 " and of %" PRIu64
		    " records: the object has changed between two runs",
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
join_text(struct join *j, struct object *o, const char *line, size_t n)
{
	struct span text = { line, n };
	struct result res;
	const char *why;

	result_parse(&res, text, &why);
	join_result(j, o, &res);
}

/* Joins the lines that waited and come next now. */
static void
join_waiting(struct join *j, struct object *o)
{
	struct early *top, e;
	char *line;

	while ((top = settled_after(&o->early, 0)) != NULL &&
	       top->range.first == o->next) {
		e = *top;
		settled_drop_first(&o->early);
		if (e.line != NULL)
			join_text(j, o, e.line, e.n);
		else
			o->next = e.range.first + e.range.count;
		free(e.line);
	}
	if (o->state != OBJECT_JOINING || !o->has_last || o->next != o->total)
		return;
	if (o->tail != NULL) {
		line = o->tail;
		o->tail = NULL;
		join_text(j, o, line, o->tail_n);
		free(line);
	} else if (o->total > 0) {
		complete(j, o);
	}
}

/* Whether an earlier line has named some of these records.  A batch without
 * records is always a last one: it ends its object, once. */
static bool
is_settled(const struct object *o, const struct ref *r, bool recent)
{
	if (o->state == OBJECT_WHOLE)
		return true;
	if (r->count == 0)
		return !r->last || o->tail != NULL || recent;
	return r->first < o->next || settled_has(&o->early, r->first, r->count);
}

/* Whether the same line, up to its keys, came not long ago. */
static bool
is_recent(struct join *j, const struct result *res, struct span line)
{
	uint32_t sum = crc32c(0, line.p, (size_t)(res->keys.p - line.p)) | 1;
	uint32_t *slot = &j->recent[sum / 2 % RECENT];

	if (*slot == sum)
		return true;
	*slot = sum;
	return false;
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

static void
place(struct join *j, struct object *o, const struct result *res,
    struct span line)
{
	const struct ref *r = &res->ref;
	bool recent = is_recent(j, res, line);
	struct early *early;

	if (o->state != OBJECT_FAILED && check_last(j, o, r) == -1)
		return;
	if (is_settled(o, r, recent)) {
		j->ignored += !recent;
		join_waiting(j, o);
		return;
	}
	if (!res->answered && j->errors != NULL)
		note_failure(j, o, res);
	if (o->state == OBJECT_JOINING)
		check_same(j, o, r);
	/* The rest of the line is not used later. */
	if (res->answered)
		line.n = (size_t)(res->keys.p - line.p);
	if (r->count > 0 && r->first > o->next) {
		early = settled_add(&o->early, r->first, r->count);
		if (o->state == OBJECT_FAILED)
			return;
		early->line = mem_dup(line.p, line.n);
		early->n = line.n;
		return;
	}
	if (r->count > 0) {
		join_result(j, o, res);
	} else if (o->state != OBJECT_FAILED) {
		o->tail = mem_dup(line.p, line.n);
		o->tail_n = line.n;
	}
	join_waiting(j, o);
}

static void
describe(
    struct join *j, struct object *o, const struct ref *r, const char *path)
{
	const char *why;

	o->path = mem_dup(path, strlen(path));
	o->stem = object_stem(o->path, j->options->prefix, &why);
	if (o->stem == NULL && j->options->inference_seed != NULL &&
	    j->options->dir == NULL)
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
		     &why) == -1) {
		/* This object can have no output; the others can. */
		buf_addf(&name, "%s/", path.p);
		o = objects_get(&j->objects, buf_span(&name));
		if (o->path == NULL) {
			describe(j, o, r, path.p);
			fail(j, o, "the path %s", why);
		}
		return o;
	}
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

/* Ends the run if the first line of a file shows that it is of another kind.
 * One that a killed process has left is not like these. */
static void
check_first(struct span line, const char *file)
{
	const char *dot = strrchr(file, '.'), *why;
	struct ref ref;

	if (ref_parse(&ref, line, &why) == 0)
		say_exit(1,
		    "%s: line 1: this is a reference: bt-predict comes between",
		    file);
	if (dot != NULL && strcmp(dot, ".part") == 0)
		say_exit(1,
		    "%s: line 1: is this a part file? bt-join reads what "
		    "bt-predict printed",
		    file);
}

void
join_line(struct join *j, struct span line, const char *file, uint64_t number)
{
	struct result res;
	const char *why;

	if (result_read(&res, line, &why) == 0) {
		place(j, object_for(j, &res.ref), &res, line);
		return;
	}
	if (number == 1)
		check_first(line, file);
	if (j->odd++ == 0)
		buf_addf(&j->first_odd, "%s: line %" PRIu64 ": %s", file,
		    number, why);
}

void
join_idle(struct join *j)
{
	if (j->errors != NULL)
		errors_flush(j->errors);
	if (j->options->dir == NULL)
		sink_flush(&j->sink);
	else
		commit(j);
}

/* Says which records of an object have no result. */
static void
fail_incomplete(struct join *j, struct object *o)
{
	const struct early *top = settled_after(&o->early, 0);
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

/* Puts the outputs that waited to the end in their places: none of them is that
 * of a file that the run has read, as the object a.out is for a's. */
static void
commit_late(struct join *j)
{
	struct object *o = NULL;

	while (j->late && (o = table_next(&j->objects, o)) != NULL) {
		if (o->state != OBJECT_WHOLE || o->out == NULL)
			continue;
		if (files_have(&j->read, o->name))
			fail(j, o,
			    "%s: this run has read that file: "
			    "give another folder",
			    o->name);
		else
			queue(j, o);
	}
	commit(j);
}

static void
tell_lines(const struct join *j)
{
	if (j->ignored > 0)
		say("%" PRIu64 " result line%s ignored: only the first line "
		    "for each record is used",
		    j->ignored, j->ignored == 1 ? " is" : "s are");
	if (j->odd == 1)
		say("%.*s; it counts as absent, and bt-todo --answered leaves "
		    "it out",
		    (int)j->first_odd.n, j->first_odd.p);
	else if (j->odd > 1)
		say("%.*s; it and %" PRIu64 " more count as absent, and "
		    "bt-todo --answered leaves them out",
		    (int)j->first_odd.n, j->first_odd.p, j->odd - 1);
}

int
join_finish(struct join *j)
{
	struct object *o = NULL;
	/* Who is replaced must not have been read. */
	bool ask = j->late || (j->options->errors != NULL &&
				  access(j->options->errors, F_OK) == 0);
	int status;

	if (j->objects.n > 0) {
		tell_lines(j);
	} else {
		if (j->odd > 0)
			say("%.*s; no line is a result line: is it a part "
			    "file? bt-join reads what bt-predict printed",
			    (int)j->first_odd.n, j->first_odd.p);
		else
			say("no result lines");
		j->status = 1;
	}
	while ((o = table_next(&j->objects, o)) != NULL) {
		if (o->state == OBJECT_JOINING)
			fail_incomplete(j, o);
		if (ask)
			files_add(&j->read, o->path);
	}
	commit(j);
	if (j->errors != NULL)
		errors_commit(j->errors, &j->read);
	if (j->options->errors != NULL)
		files_add(&j->read, j->options->errors);
	commit_late(j);
	o = table_next(&j->objects, NULL);
	if (j->options->dir == NULL && o != NULL && o->out != NULL) {
		if (out_commit(o->out) == -1)
			say_errno_exit(1, "standard output");
		o->out = NULL;
	}
	status = j->status;
	objects_free(&j->objects);
	windows_free(&j->inputs);
	windows_free(&j->replies);
	files_free(&j->read);
	losses_free(&j->losses);
	buf_free(&j->why);
	buf_free(&j->header);
	buf_free(&j->reply_path);
	buf_free(&j->first_odd);
	free(j->sink.p);
	free(j);
	return status;
}
