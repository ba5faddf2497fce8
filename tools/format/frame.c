#include "format/frame.h"

#include <inttypes.h>

#include "base/crc32c.h"
#include "format/recordio.h"
#include "format/tfrecord.h"

const struct frame_format *const frame_formats[REF_SPLITS] = {
	[REF_RECORDIO] = &recordio_format,
	[REF_TFRECORD] = &tfrecord_format,
};

static unsigned
wanted(const struct frame *f)
{
	return f->at == FRAME_HEAD ? f->format->head : f->part.foot;
}

static void
begin(struct frame *f, enum frame_at at)
{
	f->at = at;
	f->n_held = 0;
	if (at == FRAME_HEAD)
		f->ended = f->part.last;
}

static int
head(struct frame *f, struct buf *why)
{
	bool inside = f->parts > 0;

	if (f->format->head_read(&f->part, f->held, why) == -1)
		return -1;
	if (inside && f->part.first) {
		buf_adds(why, "a record begins inside another");
		return -1;
	}
	if (!inside && !f->part.first) {
		buf_adds(why, "a later part of a record without its first");
		return -1;
	}
	if (f->part.length > UINT64_MAX - f->data - f->format->join.n) {
		buf_addf(
		    why, "length %" PRIu64 " is too large", f->part.length);
		return -1;
	}
	f->data += f->part.length + (inside ? f->format->join.n : 0);
	f->parts++;
	f->left = f->part.length;
	f->crc32c = 0;
	begin(f, f->left > 0	    ? FRAME_DATA
		 : f->part.foot > 0 ? FRAME_FOOT
				    : FRAME_HEAD);
	return 0;
}

static int
foot(struct frame *f, struct buf *why)
{
	if (f->format->checks &&
	    f->format->foot_check(f->held, f->crc32c, why) == -1)
		return -1;
	begin(f, FRAME_HEAD);
	return 0;
}

ptrdiff_t
frame_walk(struct frame *f, const char *p, size_t n, struct buf *why)
{
	if (f->ended) {
		f->ended = false;
		f->data = f->size = 0;
		f->parts = 0;
	}
	if (f->at == FRAME_DATA) {
		if (n > f->left)
			n = (size_t)f->left;
		if (f->format->checks || f->sums)
			f->crc32c = crc32c(f->crc32c, p, n);
		f->size += n;
		if ((f->left -= n) == 0)
			begin(f, f->part.foot > 0 ? FRAME_FOOT : FRAME_HEAD);
		return (ptrdiff_t)n;
	}
	/* A header or foot is held until it is whole. */
	if (n > wanted(f) - f->n_held)
		n = wanted(f) - f->n_held;
	memcpy(f->held + f->n_held, p, n);
	f->n_held += (unsigned)n;
	f->size += n;
	if (f->n_held == wanted(f) &&
	    (f->at == FRAME_HEAD ? head(f, why) : foot(f, why)) == -1)
		return -1;
	return (ptrdiff_t)n;
}

bool
frame_whole(const struct frame *f)
{
	return f->size == 0 || f->ended;
}

void
frame_too_long(const struct frame *f, uint64_t left, struct buf *why)
{
	buf_addf(why, "length %" PRIu64 ", but %" PRIu64 " bytes are left",
	    f->part.length, left);
}

void
frame_cut_short(const struct frame *f, struct buf *why)
{
	if (f->at == FRAME_DATA)
		frame_too_long(f, f->part.length - f->left, why);
	else if (f->at == FRAME_HEAD && f->n_held == 0)
		buf_adds(why, "the object ends between the parts of a record");
	else
		buf_addf(why,
		    "the object ends inside its %s, after %u bytes of %u",
		    f->at == FRAME_HEAD ? "header"
		    : f->format->checks ? "checksum"
					: "padding",
		    f->n_held, wanted(f));
}

int
frame_next(const struct frame_format *format, struct span *framed,
    struct span *record, struct buf *joined, struct buf *why)
{
	struct frame f = { .format = format };
	ptrdiff_t used;

	if (framed->n == 0)
		return 0;
	*record = (struct span){ framed->p, 0 };
	joined->n = 0;
	do {
		enum frame_at at = f.at;
		bool joins = false;

		used = frame_walk(&f, framed->p, framed->n, why);
		if (used == -1)
			return -1;
		if (used == 0 && framed->n == 0) {
			frame_cut_short(&f, why);
			return -1;
		}
		joins = f.parts > 1 || !f.part.last;
		if (at == FRAME_HEAD && f.parts > 1)
			buf_add(joined, format->join.p, format->join.n);
		if (at == FRAME_DATA && joins)
			buf_add(joined, framed->p, (size_t)used);
		if (at == FRAME_DATA && !joins)
			*record = (struct span){ framed->p, (size_t)used };
		framed->p += used;
		framed->n -= (size_t)used;
	} while (!f.ended);
	if (f.parts > 1)
		*record = buf_span(joined);
	return 1;
}
