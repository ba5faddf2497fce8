#include "job/count.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/say.h"
#include "format/json.h"
#include "format/result.h"
#include "format/seen.h"
#include "io/lines.h"
#include "job/engine.h"
#include "job/tally.h"

/* Result lines that came before their references: in bytes. */
enum { EARLY_MOST = 64 << 10 };

struct file {
	struct line_reader lines;
	struct buf name;
	bool open;
	uint64_t at; /* bytes of the lines that were read */
};

/* Of the references and results read so far. */
struct totals {
	uint64_t objects, batches, records; /* all there are */
	uint64_t objects_done, batches_done, records_done;
	uint64_t joined, lost; /* objects in the file joined, records in errors
				*/
};

struct counting {
	struct file refs, results, joined, errors;
	struct job_count *c;
	struct totals so_far;
	uint64_t added_up; /* bytes of references in batches and records */
	struct counter *counter; /* NULL: all is counted at once */
};

struct counter {
	struct counting k;
	struct job_count c;
	struct file ahead; /* references, added up before refs gets there */
	struct buf early;  /* result lines of objects not known yet */
	uint64_t names;	   /* in the file objects */
	bool given_up;
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
	f->at = 0;
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
	if (got == LINE_READ)
		f->at += line->n + 1;
	return got == LINE_READ;
}

static void
report_line(struct counting *k, struct file *f, const char *why)
{
	if (k->counter != NULL)
		k->counter->given_up = true;
	else
		say("%s: line %" PRIu64 ": %s; it is not counted",
		    buf_str(&f->name), f->lines.lines, why);
}

/* Adds up the reference that was just read from f, once; false if it is none.
 */
static bool
add_up(struct counting *k, struct file *f, struct span line, struct ref *r)
{
	const char *why;
	bool is = ref_parse(r, line, &why) == 0;

	if (f->at <= k->added_up)
		return is;
	k->added_up = f->at;
	if (!is) {
		report_line(k, f, why);
		return false;
	}
	k->so_far.batches++;
	k->so_far.records += r->count;
	return true;
}

/* Adds the next reference to its object; false at the end. */
static bool
read_ref(struct counting *k)
{
	struct object *o;
	struct span line;
	struct ref r;

	if (!next_line(&k->refs, &line))
		return false;
	if (!add_up(k, &k->refs, line, &r))
		return true;
	o = table_get(&k->c->open, r.path, sizeof *o);
	if (o->end == 0 && !o->last)
		k->so_far.objects++;
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
	k->so_far.batches_done++;
	k->so_far.records_done += records_of(o, b);
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
		k->so_far.objects_done++;
		objects_drop(&k->c->open, o);
	}
}

/* False if the references do not name the object. */
static bool
add_result(struct counting *k, const struct result *r)
{
	struct object *o = object_of(k, &r->ref);
	struct range b;

	if (o == NULL)
		return false;
	b = range_of_batch(&r->ref);
	ranges_add(r->answered ? &o->answered : &o->not_answered, b.from, b.to);
	settle(k, o);
	return true;
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
		k->so_far.records_done += answered;
		k->c->records.failed += failed;
	}
	k->c->batches.failed += failed > 0;
	return failed;
}

/* Counts an object after all lines were read.  Whether it has failed. */
static bool
count_object(struct counting *k, struct object *o)
{
	struct job_count *c = k->c;
	uint64_t failed = 0, records = c->records.failed;
	uint64_t answered = k->so_far.batches_done;
	size_t i;
	size_t all = o->failed.n + o->waiting.n - o->waiting.from;

	for (i = 0; i < o->failed.n; i++)
		failed += count_batch(k, o, o->failed.p[i]);
	for (i = o->waiting.from; i < o->waiting.n; i++)
		failed += count_batch(k, o, o->waiting.p[i]);
	if (failed == 0) {
		k->so_far.objects_done +=
		    o->last && k->so_far.batches_done - answered == all;
		return false;
	}
	if (o->joined)
		return false;
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
	return true;
}

/* Counts the records that bt-join has left out or replaced, although the model
 * answered: the file errors says so. */
static void
read_losses(struct counting *k)
{
	static const struct span status = { "status", 6 };
	static const struct span records = { "records", 7 };
	struct span line, value, item;
	const char *why;
	size_t at;

	while (next_line(&k->errors, &line)) {
		if (json_check(line, &value, &why, &at) == -1 ||
		    json_kind(value) != JSON_IS_OBJECT ||
		    !json_member(value, status, &item) ||
		    !span_is(item, "\"join\""))
			continue;
		k->so_far.lost += json_member(value, records, &item)
				      ? num_parse(item, 0, UINT64_MAX, &why)
				      : 1;
	}
}

/* The number of names that end with a NUL; 0 without the file. */
static uint64_t
count_names(const char *dir)
{
	struct buf path = { 0 };
	const char *name = job_path(&path, dir, "objects");
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	uint64_t names = 0;

	if (fd == -1 ? errno != ENOENT : fd_count(fd, '\0', &names) == -1)
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
	struct result r;
	const char *why;

	open_file(&k->results, dir, name);
	while (next_line(&k->results, &line))
		if (result_parse(&r, line, &why) == -1)
			report_line(k, &k->results, why);
		else
			add_result(k, &r);
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

/* Reads the rest of the references.  If their objects are known from elsewhere,
 * those without a result are only added up, from f. */
static void
read_rest(struct counting *k, struct file *f, bool objects_known)
{
	struct span line;
	struct ref r;

	while (!objects_known && read_ref(k))
		;
	while (next_line(f, &line))
		if (f->at > k->added_up)
			add_up(k, f, line, &r);
}

/* Reads the file joined as far as it was when the results were not read yet:
 * these have the records of all its objects. */
static void
read_joined(struct counting *k, uint64_t size)
{
	struct object *o;
	struct span line;

	while (k->joined.at < size && next_line(&k->joined, &line)) {
		k->so_far.joined++;
		/* It is open if it has failures. */
		if ((o = table_find(&k->c->open, line)) != NULL)
			o->joined = true;
	}
}

/* Counts, or believes the tally. */
static void
count(const char *dir, struct job_count *c, const struct tally *t)
{
	struct counting k = { .c = c };
	struct totals *n = &k.so_far;
	uint64_t names, joined = t != NULL ? t->joined : 0;
	struct object *o;
	struct stat st;

	open_file(&k.joined, dir, "joined");
	if (t == NULL && k.joined.open && fstat(k.joined.lines.fd, &st) == 0)
		joined = (uint64_t)st.st_size;
	open_file(&k.errors, dir, "errors");
	names = count_names(dir);
	if (t != NULL) {
		n->objects = t->objects.all;
		n->objects_done = t->objects.completed;
		n->batches = t->batches.all;
		n->batches_done = t->batches.completed;
		n->records = t->records.all;
		n->records_done = t->records.completed;
		c->batches.failed = t->batches.failed;
		c->records.failed = t->records.failed;
	} else {
		open_file(&k.refs, dir, "references");
		count_results(&k, dir);
		read_rest(&k, &k.refs, names > 0);
		close_file(&k.refs);
	}
	read_joined(&k, joined);
	read_losses(&k);
	for (o = NULL; (o = table_next(&c->open, o)) != NULL;)
		if (t == NULL)
			count_object(&k, o);
		else
			c->failures.objects += !o->joined;
	if (n->lost > n->records_done)
		n->lost = n->records_done;
	c->joined = k.joined.open;
	c->objects = (struct job_tally){ names > 0 ? names : n->objects,
		c->joined ? n->joined : n->objects_done, c->failures.objects };
	c->batches.all = n->batches;
	c->batches.completed = n->batches_done;
	c->records = (struct job_tally){ n->records, n->records_done - n->lost,
		c->records.failed + n->lost };
	close_file(&k.joined);
	close_file(&k.errors);
}

void
job_count(const char *dir, struct job_count *c)
{
	memset(c, 0, sizeof *c);
	count(dir, c, NULL);
}

void
job_count_running(const char *dir, struct job_count *c)
{
	struct tally t;

	memset(c, 0, sizeof *c);
	count(dir, c, tally_load(dir, &t, &c->open) ? &t : NULL);
}

struct counter *
counter_new(const char *dir)
{
	struct counter *n = mem_alloc(sizeof *n);

	memset(n, 0, sizeof *n);
	n->k.c = &n->c;
	n->k.counter = n;
	n->names = count_names(dir);
	open_file(&n->k.refs, dir, "references");
	open_file(&n->ahead, dir, "references");
	return n;
}

void
counter_add(struct counter *n, const struct result *r, struct span line)
{
	if (n->given_up || add_result(&n->k, r))
		return;
	buf_add(&n->early, line.p, line.n);
	buf_addc(&n->early, '\n');
	n->given_up = n->early.n > EARLY_MOST;
}

void
counter_give_up(struct counter *n)
{
	n->given_up = true;
}

/* Counts the early lines whose references have come. */
static void
add_early(struct counter *n)
{
	struct buf early = n->early;
	const char *at = early.p, *end = at + early.n, *nl, *why;
	struct result r;
	struct span line;

	memset(&n->early, 0, sizeof n->early);
	for (; at < end && (nl = memchr(at, '\n', (size_t)(end - at))) != NULL;
	     at = nl + 1) {
		line = (struct span){ at, (size_t)(nl - at) };
		if (result_parse(&r, line, &why) == 0)
			counter_add(n, &r, line);
	}
	buf_free(&early);
}

bool
counter_tally(struct counter *n, struct tally *t, struct buf *failed)
{
	struct totals before;
	struct job_count *c = &n->c;
	struct object *o = NULL;

	add_early(n);
	read_rest(&n->k, &n->ahead, n->names > 0);
	before = n->k.so_far;
	memset(&c->batches, 0, sizeof c->batches);
	memset(&c->records, 0, sizeof c->records);
	while (!n->given_up && (o = table_next(&c->open, o)) != NULL)
		if (count_object(&n->k, o)) {
			buf_add(failed, o->entry.key.p, o->entry.key.n);
			buf_addc(failed, '\n');
		}
	t->references = n->k.added_up;
	t->objects = (struct job_tally){ n->k.so_far.objects,
		n->k.so_far.objects_done, 0 };
	t->batches = (struct job_tally){ n->k.so_far.batches,
		n->k.so_far.batches_done, c->batches.failed };
	t->records = (struct job_tally){ n->k.so_far.records,
		n->k.so_far.records_done, c->records.failed };
	n->k.so_far = before;
	return !n->given_up;
}

void
counter_free(struct counter *n)
{
	close_file(&n->k.refs);
	close_file(&n->ahead);
	buf_free(&n->early);
	job_count_free(&n->c);
	free(n);
}

void
job_count_free(struct job_count *c)
{
	objects_free(&c->open);
	buf_free(&c->failures.object);
}
