/*
 * RecordIO and TFRecord.  A MultiRecord batch is records with their frames; a
 * SingleRecord one is a record's data, without padding, lengths and checksums,
 * unless the record is in parts: only a reader can put these together.
 */
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "format/frame.h"
#include "split/object.h"

struct frames {
	struct object *o;
	struct frame frame;
	uint64_t at;	 /* offset of the next byte */
	uint64_t record; /* where the current record begins */
	uint64_t part;	 /* and its current part */
	uint32_t crc;	 /* of the record, frame and all */
};

static void *
begin(struct object *o)
{
	struct frames *s = mem_alloc(sizeof *s);

	memset(s, 0, sizeof *s);
	s->o = o;
	s->frame.format = frame_formats[o->type];
	s->frame.sums = o->sp->single;
	s->at = o->begin;
	return s;
}

/* The place of the current record, or of its part. */
static struct place
here(const struct frames *s, uint64_t byte)
{
	return (struct place){ .record = s->o->batch.first + s->o->batch.count,
		.byte = byte };
}

static int
bad(const struct frames *s, struct buf *why)
{
	struct place place = here(s, s->part);

	object_bad(s->o, &place, "%s", buf_str(why));
	buf_free(why);
	return -1;
}

/* How much of a payload the current record takes, as far as is known. */
static uint64_t
size_sent(const struct frames *s)
{
	const struct frame *f = &s->frame;
	uint64_t to_come = f->left + f->part.foot;

	if (s->o->sp->single)
		return f->data;
	return f->left > UINT64_MAX - f->size - f->part.foot
		   ? UINT64_MAX
		   : f->size + to_come;
}

/* A header tells sizes before a byte of data was read. */
static int
check_size(const struct frames *s)
{
	uint64_t left = s->o->in.end - s->at;
	struct place place = here(s, s->record);
	struct buf why = { 0 };

	if (s->o->in.end_known && s->frame.left > left) {
		frame_too_long(&s->frame, left, &why);
		return bad(s, &why);
	}
	if (object_exceeds(s->o, size_sent(s)))
		return object_too_large(
		    s->o, &place, size_sent(s), !s->frame.part.last);
	return 0;
}

static int
put_single(struct frames *s)
{
	const struct frame *f = &s->frame;
	struct object *o = s->o;
	int status;

	o->refs.ref.bare = f->parts == 1;
	o->refs.ref.parts = f->parts > 1;
	if (o->refs.ref.bare)
		status = object_put(
		    o, s->record + f->format->head, f->data, 1, f->crc32c);
	else
		status = object_put(o, s->record, f->size, 1, s->crc);
	batch_begin(&o->batch, s->at, o->batch.first + 1);
	return status;
}

/* The batch without the record that ended: p is the object's byte number at. */
static int
put_batch(struct frames *s, const char *p, uint64_t at)
{
	struct batch *b = &s->o->batch;

	batch_sum(b, p, at, b->line);
	return object_cut(s->o);
}

static int
record_ended(struct frames *s, const char *p, uint64_t at)
{
	struct batch *b = &s->o->batch;

	if (s->o->sp->single)
		return put_single(s);
	if (b->count > 0 && object_exceeds(s->o, s->at - b->start) &&
	    put_batch(s, p, at) == -1)
		return -1;
	b->cut = b->line = s->at;
	b->count++;
	if (b->count == s->o->sp->max_records)
		return put_batch(s, p, at);
	return 0;
}

/* Reads on in the frame: how many of the n bytes at p belong to it. */
static ptrdiff_t
walk(struct frames *s, const char *p, size_t n)
{
	struct frame *f = &s->frame;
	struct buf why = { 0 };
	unsigned parts;
	ptrdiff_t used;

	if (frame_whole(f)) {
		s->record = s->at;
		s->crc = 0;
	}
	if (f->at == FRAME_HEAD && f->n_held == 0)
		s->part = s->at;
	parts = frame_whole(f) ? 0 : f->parts;
	used = frame_walk(f, p, n, &why);
	if (used == -1)
		return bad(s, &why);
	s->at += (uint64_t)used;
	/* A record in one part, the usual case, needs no sum: the frame has one
	 * of its data. */
	if (f->parts != parts && parts == 0 && !f->part.last)
		s->crc = crc32c(0, f->held, f->format->head);
	else if (f->parts > 1 || (f->parts == 1 && !f->part.last))
		s->crc = crc32c(s->crc, p, (size_t)used);
	if (f->parts != parts && check_size(s) == -1)
		return -1;
	return used;
}

static int
feed(void *state, const char *p, size_t n)
{
	struct frames *s = state;
	const char *from = p, *end = p + n;
	uint64_t at = s->at;
	ptrdiff_t used;

	while (p < end) {
		used = walk(s, p, (size_t)(end - p));
		if (used == -1)
			return -1;
		p += used;
		if (s->frame.ended && record_ended(s, from, at) == -1)
			return -1;
	}
	if (!s->o->sp->single)
		batch_sum(&s->o->batch, from, at, s->at);
	if (!frame_whole(&s->frame))
		refs_release(&s->o->refs);
	return 0;
}

static int
finish(void *state)
{
	struct frames *s = state;
	struct buf why = { 0 };

	if (!frame_whole(&s->frame)) {
		frame_cut_short(&s->frame, &why);
		return bad(s, &why);
	}
	return s->o->batch.count > 0 ? object_cut(s->o) : 0;
}

const struct cutter split_frames = { begin, feed, finish, free };
