#include "predict/piece.h"

#include <inttypes.h>

struct piece
piece_whole(const struct ref *r, unsigned most)
{
	struct piece p = { .offset = r->offset,
		.length = r->length,
		.first = r->first,
		.count = r->count,
		.crc32c = r->crc32c,
		.has_crc32c = r->has_crc32c,
		.last = r->last,
		.whole = true,
		.most = most };

	return p;
}

struct ref
piece_ref(const struct piece *p, const struct ref *r)
{
	struct ref piece = *r;

	piece.offset = p->offset;
	piece.length = p->length;
	piece.first = p->first;
	piece.count = p->count;
	piece.crc32c = p->crc32c;
	piece.has_crc32c = p->has_crc32c;
	piece.last = p->last;
	return piece;
}

struct piece
piece_cut(const struct piece *p, const struct batch_reader *br, uint64_t from,
    uint64_t to, unsigned most)
{
	uint64_t at = batch_start(br, (size_t)from);
	struct piece cut = { .offset = p->offset + at,
		.length = batch_start(br, (size_t)to) - at,
		.first = p->first + from,
		.count = to - from,
		.has_crc32c = true,
		.last = p->last && to == p->count,
		.most = most };

	cut.crc32c = batch_crc32c(br, at, cut.length);
	return cut;
}

void
piece_place(struct buf *out, const struct piece *p,
    const struct batch_reader *br, int64_t bad)
{
	uint64_t first = p->first, byte = p->offset;
	bool named = bad >= 0 && (uint64_t)bad < p->count;

	if (named) {
		first += (uint64_t)bad;
		byte += batch_start(br, (size_t)bad);
	}
	if (named || p->count < 2)
		buf_addf(out, "record %" PRIu64, first);
	else
		buf_addf(out, "records %" PRIu64 " to %" PRIu64, first,
		    first + p->count - 1);
	buf_addf(out, " (byte %" PRIu64 ")", byte);
}
