#include "job/count.h"

#include <sys/stat.h>
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
#include "job/counted.h"
#include "job/engine.h"

/* Lines that are counted again rather than that the file counted is written:
 * in bytes. */
enum { AGAIN = 1 << 20 };

struct file {
	struct line_reader lines;
	struct buf name;
	bool open;
	uint64_t at; /* bytes of the lines that were read */
};

struct counting {
	struct file refs, results, joined, errors;
	struct job_count *c;
	struct counted so_far;
	struct table marks; /* of struct mark */
	uint64_t added_up;  /* bytes of references, before this count */
	uint64_t new;	    /* bytes of lines that are not in the marks */
	/* A line was reported, or a result came before its reference, as when
	 * the references are made anew: it is to be counted again. */
	bool again;
};

const char *
job_path(struct buf *b, const char *dir, const char *name)
{
	b->n = 0;
	buf_addf(b, "%s/%s", dir, name);
	return buf_str(b);
}

static struct mark *
mark_of(struct counting *k, const char *name)
{
	return table_get(&k->marks, span_str(name), sizeof(struct mark));
}

/* Opens the file after so many bytes, and lines. */
static void
open_at(struct file *f, const char *dir, const char *name, uint64_t at,
    uint64_t lines)
{
	const char *path = job_path(&f->name, dir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 ? errno != ENOENT
		     : at > 0 && lseek(fd, (off_t)at, SEEK_SET) == -1)
		say_errno_exit(1, "%s", path);
	f->open = fd != -1;
	f->at = at;
	if (f->open)
		line_reader_open(&f->lines, fd);
	f->lines.lines = lines;
}

static void
open_file(struct counting *k, struct file *f, const char *dir, const char *name)
{
	const struct mark *mark = mark_of(k, name);

	open_at(f, dir, name, mark->at, mark->lines);
}

/* Marks the file up to where it was read. */
static void
mark_file(struct counting *k, const struct file *f, const char *name)
{
	struct mark *mark = mark_of(k, name);

	if (f->at <= mark->at)
		return;
	k->new += f->at - mark->at;
	mark->at = f->at;
	mark->lines = f->lines.lines;
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
	k->again = true;
	say("%s: line %" PRIu64 ": %s; it is not counted", buf_str(&f->name),
	    f->lines.lines, why);
}

/* Reads the next reference, if it is one; false at the end.  It is added up
 * once. */
static bool
next_ref(struct counting *k, struct ref *r, bool *is)
{
	struct span line;
	const char *why;
	bool new = k->refs.at >= k->added_up;

	if (!next_line(&k->refs, &line))
		return false;
	*is = ref_parse(r, line, &why) == 0;
	if (!*is && new)
		report_line(k, &k->refs, why);
	if (!*is || !new)
		return true;
	k->so_far.batches++;
	k->so_far.records += r->count;
	return true;
}

/* Adds the next reference to its object; false at the end. */
static bool
read_ref(struct counting *k)
{
	struct object *o;
	struct ref r;
	bool is;

	if (!next_ref(k, &r, &is))
		return false;
	if (!is)
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
		if (!read_ref(k)) {
			k->again = true;
			break;
		}
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

static void
count_result(struct counting *k, struct span line)
{
	struct object *o;
	struct result r;
	struct range b;
	const char *why;

	if (result_parse(&r, line, &why) == -1) {
		report_line(k, &k->results, why);
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
		k->so_far.records_done += answered;
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

	open_file(k, &k->results, dir, name);
	while (next_line(&k->results, &line))
		count_result(k, line);
	mark_file(k, &k->results, name);
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
 * those without a result are only added up. */
static void
read_rest(struct counting *k, const char *dir, bool objects_known)
{
	struct ref r;
	bool is;

	while (!objects_known && read_ref(k))
		;
	k->so_far.parsed_at = k->refs.at;
	k->so_far.parsed_lines = k->refs.lines.lines;
	if (k->refs.at < k->added_up) {
		close_file(&k->refs);
		open_file(k, &k->refs, dir, "references");
	}
	while (next_ref(k, &r, &is))
		;
	mark_file(k, &k->refs, "references");
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
	mark_file(k, &k->joined, "joined");
}

static void
count(const char *dir, struct job_count *c, bool on)
{
	struct counting k = { .c = c };
	struct counted *n = &k.so_far;
	uint64_t names, size = 0;
	struct object *o;
	struct stat st;

	memset(c, 0, sizeof *c);
	if (on)
		counted_load(dir, n, &k.marks, &c->open);
	k.added_up = mark_of(&k, "references")->at;
	open_at(&k.refs, dir, "references", n->parsed_at, n->parsed_lines);
	open_file(&k, &k.joined, dir, "joined");
	open_file(&k, &k.errors, dir, "errors");
	if (k.joined.open && fstat(k.joined.lines.fd, &st) == 0)
		size = (uint64_t)st.st_size;
	names = count_names(dir);
	count_results(&k, dir);
	read_rest(&k, dir, names > 0);
	read_joined(&k, size);
	read_losses(&k);
	mark_file(&k, &k.errors, "errors");
	if (on && k.new >= AGAIN && !k.again)
		counted_save(dir, n, &k.marks, &c->open);
	for (o = NULL; (o = table_next(&c->open, o)) != NULL;)
		count_object(&k, o);
	if (n->lost > n->records_done)
		n->lost = n->records_done;
	c->joined = k.joined.open;
	c->objects = (struct job_tally){ names > 0 ? names : n->objects,
		c->joined ? n->joined : n->objects_done, c->failures.objects };
	c->batches.all = n->batches;
	c->batches.completed = n->batches_done;
	c->records = (struct job_tally){ n->records, n->records_done - n->lost,
		c->records.failed + n->lost };
	table_free(&k.marks);
	close_file(&k.refs);
	close_file(&k.joined);
	close_file(&k.errors);
}

void
job_count(const char *dir, struct job_count *c)
{
	count(dir, c, false);
}

void
job_count_on(const char *dir, struct job_count *c)
{
	count(dir, c, true);
}

void
job_count_free(struct job_count *c)
{
	objects_free(&c->open);
	buf_free(&c->failures.object);
}
