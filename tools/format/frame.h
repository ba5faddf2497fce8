/*
 * Records in binary frames: a header that says how long the data is, the
 * data, something after it.  recordio.h and tfrecord.h know the two formats;
 * this walks either, in pieces of any size and in no more memory than a
 * header.
 */
#ifndef FORMAT_FRAME_H
#define FORMAT_FRAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "format/ref.h"

enum { FRAME_HEAD_MAX = 12, FRAME_FOOT_MAX = 4 };

/* A record is one part, or several that follow each other. */
struct frame_part {
	uint64_t length; /* bytes of data */
	unsigned foot;	 /* bytes after them */
	bool first, last;
};

struct frame_format {
	unsigned head;	  /* bytes before the data */
	bool checks;	  /* the foot holds a checksum of the data */
	struct span join; /* stands between the data of two parts */
	/* Bytes after `length` of data. */
	unsigned (*foot_size)(uint64_t length);
	/* Both return 0, or -1 with what is wrong added to why. */
	int (*head_read)(
	    struct frame_part *part, const unsigned char *p, struct buf *why);
	int (*foot_check)(
	    const unsigned char *p, uint32_t crc32c, struct buf *why);
};

/* By enum ref_split; NULL for a split without frames. */
extern const struct frame_format *const frame_formats[REF_SPLITS];

enum frame_at { FRAME_HEAD, FRAME_DATA, FRAME_FOOT };

struct frame {
	/* Set by the caller before the first call; all else zero. */
	const struct frame_format *format;
	bool sums; /* crc32c is set even if the format does not check it */

	/* What the next bytes are. */
	enum frame_at at;
	uint64_t left; /* in FRAME_DATA: bytes of this part's data to come */

	/* The current record, or after its last byte the one that ended. */
	struct frame_part part;
	uint64_t data; /* bytes of data by its headers so far */
	uint64_t size; /* bytes of it that were walked, frame and all */
	unsigned parts;
	uint32_t crc32c; /* of the part's data */
	bool ended;

	/* frame.c's own. */
	unsigned char held[FRAME_HEAD_MAX];
	unsigned n_held;
};

/*
 * Walks on through p[0..n), at most to the end of the current header, data or
 * foot.  Returns how many bytes it took (0 only if n is 0), or -1 with
 * what is wrong added to why.  f->ended says that the record ended with them.
 */
ptrdiff_t frame_walk(struct frame *f, const char *p, size_t n, struct buf *why);

/* Whether the bytes so far end where a record does. */
bool frame_whole(const struct frame *f);

/* Adds to why in what the object's bytes ended. */
void frame_cut_short(const struct frame *f, struct buf *why);

/* Adds to why that only `left` bytes follow a header that promises more. */
void frame_too_long(const struct frame *f, uint64_t left, struct buf *why);

/*
 * Takes the first record off framed, a run of whole records, and sets *record
 * to its data: in framed, or if it is in parts in joined, which it begins
 * anew.  Returns 1, 0 where framed is empty, or -1 with what is wrong added to
 * why.
 */
int frame_next(const struct frame_format *format, struct span *framed,
    struct span *record, struct buf *joined, struct buf *why);

#endif
