#include "format/recordio.h"

#define MAGIC 0xced7230au
#define LENGTH_BITS 29

enum { WHOLE, FIRST, MIDDLE, LAST };

static uint32_t
word(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static unsigned
foot_size(uint64_t length)
{
	return (unsigned)(-length & 3);
}

static int
head_read(struct frame_part *part, const unsigned char *p, struct buf *why)
{
	uint32_t magic = word(p), second = word(p + 4);
	uint32_t flag = second >> LENGTH_BITS;

	if (magic != MAGIC) {
		buf_addf(why, "magic 0x%08x, not 0x%08x", magic, MAGIC);
		return -1;
	}
	if (flag > LAST) {
		buf_addf(why, "flag %u, not 0 to 3", flag);
		return -1;
	}
	part->length = second & ((1u << LENGTH_BITS) - 1);
	part->foot = foot_size(part->length);
	part->first = flag == WHOLE || flag == FIRST;
	part->last = flag == WHOLE || flag == LAST;
	return 0;
}

const struct frame_format recordio_format = {
	.head = 8,
	.join = { "\x0a\x23\xd7\xce", 4 },
	.foot_size = foot_size,
	.head_read = head_read,
};
