/*
 * Pieces: the range of a reference, or a part of it that runs alone because
 * the whole range has failed.
 */
#ifndef PREDICT_PIECE_H
#define PREDICT_PIECE_H

#include "predict/batch.h"

struct piece {
	uint64_t offset, length, first, count;
	uint32_t crc32c;
	bool has_crc32c, last;
	bool whole;	      /* the reference as it was given */
	unsigned tries, most; /* begun so far, and the most that are allowed */
};

struct piece piece_whole(const struct ref *r, unsigned most);

/* The reference to a piece of r. */
struct ref piece_ref(const struct piece *p, const struct ref *r);

/*
 * The records [from, to) of a piece as a piece of its own.  The piece's batch
 * is the one that was loaded last.
 */
struct piece piece_cut(const struct piece *p, const struct batch_reader *br,
    uint64_t from, uint64_t to, unsigned most);

/* Adds "record 7 (byte 512)"; or, if bad is no record of p, all of them:
 * "records 5 to 9 (byte 400)".  The batch as above. */
void piece_place(struct buf *out, const struct piece *p,
    const struct batch_reader *br, int64_t bad);

#endif
