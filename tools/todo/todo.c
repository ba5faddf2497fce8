/*
 * Batches may be answered in pieces, so an answer counts for its records,
 * unless an earlier line names any of them, as in bt-join.  The object's
 * answers divide a reference into parts: answered ones, and holes.
 *
 * A hole gets the checksum that follows from those of the batch and of its
 * other parts, so that a reader still notices if the object has changed.  It
 * needs the checksums of all other parts; under --failed the result lines of
 * failed records have theirs.
 */
#include "todo/todo.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/table.h"
#include "todo/answers.h"

struct part {
	struct answer range;
	bool hole;
	bool has_crc32c; /* of the range's bytes, in range.crc32c */
};

/* The key is the path, decoded. */
struct object {
	struct table_entry entry;
	char *etag;		 /* as in the references, or NULL */
	struct settled answered; /* of struct answer */
	struct answers failed;
	uint64_t end;  /* of its records, with has_last */
	bool has_last; /* some line has the object's last batch */
	bool has_tail; /* a last batch without records is answered */
};

struct todo {
	bool failed;
	struct table objects;
	struct buf path; /* decoded */
	/* Of the current reference. */
	struct part *parts;
	size_t part_n, part_size;
};

struct todo *
todo_new(bool failed)
{
	struct todo *t = mem_alloc(sizeof *t);

	memset(t, 0, sizeof *t);
	t->failed = failed;
	return t;
}

/* The path of r's object, borrowed until the next call. */
static struct span
path_of(struct todo *t, const struct ref *r)
{
	t->path.n = 0;
	ref_decode(&t->path, r->path);
	return buf_span(&t->path);
}

static struct object *
object_of(struct todo *t, const struct ref *r)
{
	struct object *o = table_get(&t->objects, path_of(t, r), sizeof *o);

	o->answered.element = sizeof(struct answer);
	return o;
}

/* Whether both are of one version of a remote object. */
static int
check_etag(const struct object *o, const struct ref *r, struct buf *why)
{
	if (r->etag.n == 0 || o->etag == NULL || span_is(r->etag, o->etag))
		return 0;
	buf_addf(why,
	    "%s: version %.*s of the object, the results before are of %s",
	    o->entry.key.p, (int)r->etag.n, r->etag.p, o->etag);
	return -1;
}

static enum todo_line
settle(struct object *o, const struct result *res)
{
	const char *line = res->text.p;
	struct answer a = answer_of(&res->ref), *there;
	bool had_tail = o->has_tail;

	if (a.r.count == 0) {
		o->has_tail |= res->ref.last;
		return had_tail && res->ref.last ? TODO_SAME : TODO_FIRST;
	}
	a.sum = crc32c(0, line, (size_t)(res->keys.p - line)) & 0x3fffffff;
	there = settled_after(&o->answered, a.r.first);
	if (there != NULL && there->r.first < a.r.first + a.r.count)
		return there->r.first == a.r.first &&
			       there->r.count == a.r.count &&
			       there->sum == a.sum
			   ? TODO_SAME
			   : TODO_OTHER;
	there = settled_add(&o->answered, a.r.first, a.r.count);
	a.r = there->r;
	*there = a;
	return TODO_FIRST;
}

enum todo_line
todo_settle(struct todo *t, const struct result *res)
{
	return settle(object_of(t, &res->ref), res);
}

int
todo_result(struct todo *t, const struct result *res, enum todo_line *what,
    struct buf *why)
{
	const struct ref *r = &res->ref;
	struct object *o = object_of(t, r);
	uint64_t end = r->first + r->count;

	*what = TODO_FIRST;
	if (!res->answered && t->failed) {
		answers_add(&o->failed, answer_of(r));
		return 0;
	}
	if (check_etag(o, r, why) == -1)
		return -1;
	if (r->last && o->has_last && o->end != end) {
		buf_addf(why,
		    "%s: a last batch that ends at %" PRIu64
		    ", in the results before at %" PRIu64,
		    o->entry.key.p, end, o->end);
		return -1;
	}
	if (r->last) {
		o->has_last = true;
		o->end = end;
	}
	if (o->etag == NULL && r->etag.n > 0)
		o->etag = mem_dup(r->etag.p, r->etag.n);
	*what = settle(o, res);
	return 0;
}

static uint64_t
records_end(const struct answer *a)
{
	return a->r.first + a->r.count;
}

static uint64_t
bytes_end(const struct answer *a)
{
	return a->offset + a->length;
}

static void
add_part(struct todo *t, const struct answer *range, bool hole)
{
	if (t->part_n == t->part_size) {
		t->part_size += t->part_size / 2 + 16;
		t->parts = mem_resize(t->parts, t->part_size, sizeof *t->parts);
	}
	t->parts[t->part_n++] = (struct part){ .range = *range,
		.hole = hole,
		.has_crc32c = !hole && range->has_crc32c && !range->bare };
}

/* Adds the hole from the end of the part before to this record and byte. */
static void
add_hole(struct todo *t, struct object *o, const struct answer *batch,
    uint64_t record, uint64_t byte)
{
	const struct answer *before =
	    t->part_n > 0 ? &t->parts[t->part_n - 1].range : NULL;
	struct answer hole = { .offset = batch->offset,
		.r = { .first = batch->r.first } };
	const struct answer *failed;
	struct part *part;

	if (before != NULL) {
		hole.offset = bytes_end(before);
		hole.r.first = records_end(before);
	}
	hole.r.count = record - hole.r.first;
	/* If bytes overlap this wraps round, which agree() finds. */
	hole.length = byte - hole.offset;
	add_part(t, &hole, true);
	part = &t->parts[t->part_n - 1];
	answers_sort(&o->failed);
	failed = answers_same(&o->failed, &hole);
	if (failed != NULL && failed->has_crc32c && !failed->bare) {
		part->range.crc32c = failed->crc32c;
		part->has_crc32c = true;
	}
}

/* Divides the batch into parts, in order; the first and the last may reach
 * beyond it. */
static void
cut(struct todo *t, struct object *o, const struct answer *batch)
{
	const struct answer *a;
	uint64_t at = batch->r.first;

	t->part_n = 0;
	while ((a = settled_after(&o->answered, at)) != NULL &&
	       a->r.first < records_end(batch)) {
		if (a->r.first > at)
			add_hole(t, o, batch, a->r.first, a->offset);
		add_part(t, a, false);
		at = records_end(a);
	}
	if (at < records_end(batch))
		add_hole(t, o, batch, records_end(batch), bytes_end(batch));
}

/* Whether a part lies within the batch's bytes, as far as its records do. */
static bool
fits(const struct part *p, const struct answer *batch)
{
	const struct answer *a = &p->range;

	if (a->r.first < batch->r.first || records_end(a) > records_end(batch))
		return true;
	return a->offset >= batch->offset && a->offset <= bytes_end(batch) &&
	       a->length <= bytes_end(batch) - a->offset;
}

/* Whether the parts cover the batch's bytes without a gap. */
static bool
fill(const struct todo *t, const struct answer *batch)
{
	uint64_t at = batch->offset;
	size_t i;

	for (i = 0; i < t->part_n; i++) {
		if (t->parts[i].range.offset != at)
			return false;
		at = bytes_end(&t->parts[i].range);
	}
	return at == bytes_end(batch);
}

/* The checksum of parts [from, to), all of which have one. */
static uint32_t
sum(const struct todo *t, size_t from, size_t to)
{
	uint32_t crc = 0;

	for (; from < to; from++)
		crc = crc32c_join(crc, t->parts[from].range.crc32c,
		    t->parts[from].range.length);
	return crc;
}

/* Whether the batch and its parts have the same bytes, as far as checksums can
 * tell.  If one part has no checksum, it gets the one that follows from the
 * others. */
static bool
agree(struct todo *t, const struct answer *batch)
{
	const struct answer *one = &t->parts[0].range;
	struct part *p;
	size_t i, unknown = 0, n = 0;
	uint32_t crc;

	for (i = 0; i < t->part_n; i++)
		if (!fits(&t->parts[i], batch))
			return false;
	if (!batch->has_crc32c || !fill(t, batch))
		return true;
	if (batch->bare)
		return !one->bare || !one->has_crc32c ||
		       one->crc32c == batch->crc32c;
	for (i = 0; i < t->part_n; i++)
		if (!t->parts[i].has_crc32c) {
			unknown = i;
			n++;
		}
	if (n == 0)
		return sum(t, 0, t->part_n) == batch->crc32c;
	p = &t->parts[unknown];
	if (n > 1 || !p->hole)
		return true;
	crc = crc32c_head(batch->crc32c, sum(t, unknown + 1, t->part_n),
	    bytes_end(batch) - bytes_end(&p->range));
	p->range.crc32c = crc32c_tail(crc, sum(t, 0, unknown), p->range.length);
	p->has_crc32c = true;
	return true;
}

static void
add_line(const struct part *p, const struct ref *r, struct buf *out)
{
	struct ref hole = *r;

	hole.offset = p->range.offset;
	hole.length = p->range.length;
	hole.first = p->range.r.first;
	hole.count = p->range.r.count;
	hole.crc32c = p->range.crc32c;
	hole.has_crc32c = p->has_crc32c;
	hole.last = r->last && records_end(&p->range) == r->first + r->count;
	ref_add(out, &hole);
	buf_addc(out, '\n');
}

static void
add_whole(struct span text, struct buf *out)
{
	buf_add(out, text.p, text.n);
	buf_addc(out, '\n');
}

static int
fail_other(const struct object *o, const struct ref *r, struct buf *why)
{
	buf_addf(why, "%s: record", o->entry.key.p);
	if (r->count == 1)
		buf_addf(why, " %" PRIu64, r->first);
	else
		buf_addf(why, "s %" PRIu64 " to %" PRIu64, r->first,
		    r->first + r->count - (r->count > 0));
	buf_adds(why,
	    ": the results are of other bytes: the object has changed since");
	return -1;
}

int
todo_ref(struct todo *t, const struct ref *r, struct span text, struct buf *out,
    struct buf *why)
{
	struct answer batch = answer_of(r);
	struct part end = { .range = { .offset = r->offset + r->length,
				.r = { .first = r->first + r->count } } };
	struct object *o;
	bool end_missing;
	size_t i;

	o = table_find(&t->objects, path_of(t, r));
	if (o == NULL) {
		add_whole(text, out);
		return 0;
	}
	if (check_etag(o, r, why) == -1)
		return -1;
	if (o->has_last && (records_end(&batch) > o->end ||
			       (r->last && records_end(&batch) != o->end)))
		return fail_other(o, r, why);
	cut(t, o, &batch);
	end_missing = r->last && !o->has_last;
	if (t->part_n == 0 ? end_missing : t->part_n == 1 && t->parts[0].hole) {
		add_whole(text, out);
		return 0;
	}
	if (t->part_n == 0)
		return 0;
	if (!agree(t, &batch))
		return fail_other(o, r, why);
	for (i = 0; i < t->part_n; i++)
		if (t->parts[i].hole)
			add_line(&t->parts[i], r, out);
	/* All records are answered, but no result is of the last batch. */
	if (end_missing && !t->parts[t->part_n - 1].hole)
		add_line(&end, r, out);
	return 0;
}

void
todo_free(struct todo *t)
{
	struct object *o = NULL;

	while ((o = table_next(&t->objects, o)) != NULL) {
		settled_free(&o->answered);
		answers_free(&o->failed);
		free(o->etag);
	}
	table_free(&t->objects);
	free(t->parts);
	buf_free(&t->path);
	free(t);
}
