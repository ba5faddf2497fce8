#include "format/tfrecord.h"

#include "base/crc32c.h"

static uint64_t
little_endian(const unsigned char *p, unsigned n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* So that the checksum of data which holds checksums is a good one. */
static uint32_t
masked(uint32_t crc)
{
	return (crc >> 15 | crc << 17) + 0xa282ead8;
}

static int
check(const char *of, const unsigned char *p, uint32_t crc, struct buf *why)
{
	uint32_t found = (uint32_t)little_endian(p, 4);

	if (found == masked(crc))
		return 0;
	buf_addf(why, "checksum of the %s 0x%08x, not 0x%08x", of, found,
	    masked(crc));
	return -1;
}

static unsigned
foot_size(uint64_t length)
{
	(void)length;
	return 4;
}

static int
head_read(struct frame_part *part, const unsigned char *p, struct buf *why)
{
	if (check("length", p + 8, crc32c(0, p, 8), why) == -1)
		return -1;
	part->length = little_endian(p, 8);
	part->foot = foot_size(part->length);
	part->first = part->last = true;
	return 0;
}

static int
foot_check(const unsigned char *p, uint32_t crc, struct buf *why)
{
	return check("data", p, crc, why);
}

const struct frame_format tfrecord_format = {
	.head = 12,
	.checks = true,
	.join = { "", 0 },
	.foot_size = foot_size,
	.head_read = head_read,
	.foot_check = foot_check,
};
