#include "job/count.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/num.h"
#include "base/say.h"
#include "format/json.h"
#include "format/result.h"
#include "format/seen.h"
#include "io/lines.h"
#include "job/engine.h"

struct file {
	struct line_reader lines;
	struct buf name;
	bool open;
};

struct counting {
	struct file refs, results, joined, errors;
	struct job_count *c;
};

const char *
job_path(struct buf *b, const char *dir, const char *name)
{
	b->n = 0;
	buf_addf(b, "%s/%s", dir, name);
	return buf_str(b);
}

static void
open_file(struct file *f, const char *dir, const char *name)
{
	const char *path = job_path(&f->name, dir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 && errno != ENOENT)
		say_errno_exit(1, "%s", path);
	f->open = fd != -1;
	if (f->open)
		line_reader_open(&f->lines, fd);
}

static void
close_file(struct file *f)
{
	if (f->open)
		line_reader_close(&f->lines);
	buf_free(&f->name);
}

/* The next line; false at the end. */
static bool
next_line(struct file *f, struct span *line)
{
	enum line_event got;

	if (!f->open)
		return false;
	do
		got = line_reader_next(&f->lines, line);
	while (got == LINE_IDLE);
	if (got == LINE_ERROR)
		say_errno_exit(1, "%s", buf_str(&f->name));
	return got == LINE_READ;
}

static void
report_line(struct file *f, const char *why)
{
	say("%s: line %" PRIu64 ": %s; it is not counted", buf_str(&f->name),
	    f->lines.lines, why);
}

/* Reads the next reference; false at the end. */
static bool
read_ref(struct counting *k)
{
	struct object *o;
	struct span line;
	const char *why;
	struct ref r;

	if (!next_line(&k->refs, &line))
		return false;
	if (ref_parse(&r, line, &why) == -1) {
		report_line(&k->refs, why);
		return true;
	}
	o = table_get(&k->c->open, r.path, sizeof *o);
	if (o->end == 0 && !o->last)
		k->c->objects.all++;
	k->c->batches.all++;
	k->c->records.all += r.count;
	batches_add(&o->waiting, range_of_batch(&r));
	o->last |= r.last;
	o->known += r.count;
	if (r.first + r.count > o->end)
		o->end = r.first + r.count;
	return true;
}

/* The object of a result.  Reads references up to its batch; NULL if they do
 * not name the object. */
static struct object *
object_of(struct counting *k, const struct ref *r)
{
	struct object *o;

	while ((o = table_find(&k->c->open, r->path)) == NULL ||
	       (!o->last && o->end <= r->first))
		if (!read_ref(k))
			break;
	return o;
}

/* The number of a batch's records that failed and were not answered. */
static uint64_t
failed_of(const struct object *o, struct range b)
{
	return o->not_answered.n == 0
		   ? 0
		   : ranges_count(&o->not_answered, &o->answered, b.from, b.to);
}

static uint64_t
answered_of(const struct object *o, struct range b)
{
	return ranges_count(&o->answered, NULL, b.from, b.to);
}

/* The number of a batch's records: an empty last batch has a range of one, at
 * the end. */
static uint64_t
records_of(const struct object *o, struct range b)
{
	return b.from < o->end ? b.to - b.from : 0;
}

static void
complete(struct counting *k, const struct object *o, struct range b)
{
	k->c->batches.completed++;
	k->c->records.completed += records_of(o, b);
}

/* Removes the batches whose outcome is known from the front of the queue.  A
 * failed one may be answered by a later line. */
static void
settle(struct counting *k, struct object *o)
{
	struct batches *w = &o->waiting;
	uint64_t answered;
	struct range b;

	for (; w->from < w->n; w->from++) {
		b = w->p[w->from];
		answered = answered_of(o, b);
		if (answered == b.to - b.from)
			complete(k, o, b);
		else if (answered + failed_of(o, b) == b.to - b.from)
			batches_add(&o->failed, b);
		else
			return;
	}
	/* References need not be in order: more may come. */
	if (o->last && o->known == o->end && o->failed.n == 0) {
		k->c->objects.completed += !k->joined.open;
		objects_drop(&k->c->open, o);
	}
}

static void
count_result(struct counting *k, struct span line)
{
	struct object *o;
	struct result r;
	struct range b;
	const char *why;

	if (result_parse(&r, line, &why) == -1) {
		report_line(&k->results, why);
		return;
	}
	if ((o = object_of(k, &r.ref)) == NULL)
		return;
	b = range_of_batch(&r.ref);
	ranges_add(r.answered ? &o->answered : &o->not_answered, b.from, b.to);
	settle(k, o);
}

/* Whether object o, which has a failed record, comes before the first so far.
 */
static bool
is_first(const struct job_count *c, const struct object *o)
{
	struct buf a = { 0 }, b = { 0 };
	bool is = true;

	if (c->failures.object.n > 0) {
		ref_decode(&a, o->entry.key);
		ref_decode(&b, buf_span(&c->failures.object));
		is = strcmp(buf_str(&a), buf_str(&b)) < 0;
	}
	buf_free(&a);
	buf_free(&b);
	return is;
}

/* Counts a batch after all lines were read; returns the number of its records
 * that failed. */
static uint64_t
count_batch(struct counting *k, const struct object *o, struct range b)
{
	uint64_t failed = failed_of(o, b), answered = answered_of(o, b);

	if (answered == b.to - b.from) {
		complete(k, o, b);
		return 0;
	}
	if (records_of(o, b) > 0) {
		k->c->records.completed += answered;
		k->c->records.failed += failed;
	}
	k->c->batches.failed += failed > 0;
	return failed;
}

/* Counts an object after all lines were read. */
static void
count_object(struct counting *k, struct object *o)
{
	struct job_count *c = k->c;
	uint64_t failed = 0, records = c->records.failed;
	size_t i, answered = k->c->batches.completed;
	size_t all = o->failed.n + o->waiting.n - o->waiting.from;

	for (i = 0; i < o->failed.n; i++)
		failed += count_batch(k, o, o->failed.p[i]);
	for (i = o->waiting.from; i < o->waiting.n; i++)
		failed += count_batch(k, o, o->waiting.p[i]);
	if (failed == 0) {
		c->objects.completed += !k->joined.open && o->last &&
					c->batches.completed - answered == all;
		return;
	}
	if (o->joined)
		return;
	records = c->records.failed - records;
	c->failures.objects++;
	c->failures.records += records;
	if (is_first(c, o)) {
		c->failures.object.n = 0;
		buf_add(&c->failures.object, o->entry.key.p, o->entry.key.n);
		c->failures.record =
		    ranges_first(&o->not_answered, &o->answered, 0, UINT64_MAX);
		c->failures.in_object = records;
	}
}

/* Counts the records that bt-join has left out or replaced, although the model
 * answered: the file errors says so. */
static void
count_losses(struct counting *k)
{
	static const struct span status = { "status", 6 };
	static const struct span records = { "records", 7 };
	struct span line, value, item;
	const char *why;
	uint64_t n;
	size_t at;

	while (next_line(&k->errors, &line)) {
		if (json_check(line, &value, &why, &at) == -1 ||
		    json_kind(value) != JSON_IS_OBJECT ||
		    !json_member(value, status, &item) ||
		    !span_is(item, "\"join\""))
			continue;
		n = json_member(value, records, &item)
			? num_parse(item, 0, UINT64_MAX, &why)
			: 1;
		if (n > k->c->records.completed)
			n = k->c->records.completed;
		k->c->records.completed -= n;
		k->c->records.failed += n;
	}
}

/* The number of names that end with a NUL; 0 without the file. */
static uint64_t
count_names(const char *dir)
{
	static char block[64 << 10];
	struct buf path = { 0 };
	const char *name = job_path(&path, dir, "objects");
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	uint64_t names = 0;
	ssize_t i, n = 0;

	if (fd == -1 && errno != ENOENT)
		say_errno_exit(1, "%s", name);
	while (fd != -1 && (n = fd_read(fd, block, sizeof block)) > 0)
		for (i = 0; i < n; i++)
			names += block[i] == '\0';
	if (n == -1)
		say_errno_exit(1, "%s", name);
	if (fd != -1)
		close(fd);
	buf_free(&path);
	return names;
}

static void
count_file(struct counting *k, const char *dir, const char *name)
{
	struct span line;

	open_file(&k->results, dir, name);
	while (next_line(&k->results, &line))
		count_result(k, line);
	close_file(&k->results);
}

/* Those of the shares, while there are any: the file results is made of them.
 */
static void
count_results(struct counting *k, const char *dir)
{
	char **files = engine_files(dir), **f;

	for (f = files; *f != NULL; f++)
		count_file(k, dir, *f);
	if (*files == NULL)
		count_file(k, dir, "results");
	engine_free_files(files);
}

void
job_count(const char *dir, struct job_count *c)
{
	struct counting k = { .c = c };
	struct object *o;
	struct span line;
	uint64_t names;

	memset(c, 0, sizeof *c);
	open_file(&k.refs, dir, "references");
	open_file(&k.joined, dir, "joined");
	open_file(&k.errors, dir, "errors");
	count_results(&k, dir);
	while (read_ref(&k))
		;
	c->joined = k.joined.open;
	while (next_line(&k.joined, &line)) {
		c->objects.completed++;
		/* It is open if it has failures. */
		if ((o = table_find(&c->open, line)) != NULL)
			o->joined = true;
	}
	for (o = NULL; (o = table_next(&c->open, o)) != NULL;)
		count_object(&k, o);
	count_losses(&k);
	c->objects.failed = c->failures.objects;
	if ((names = count_names(dir)) > 0)
		c->objects.all = names;
	close_file(&k.refs);
	close_file(&k.joined);
	close_file(&k.errors);
}

void
job_count_free(struct job_count *c)
{
	objects_free(&c->open);
	buf_free(&c->failures.object);
}
