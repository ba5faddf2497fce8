/*
 * TFRecord: any bytes are walked alike in pieces of any size, and with the
 * checksums set right too; a changed byte is found.
 */
#include "format/tfrecord.h"

#include "base/crc32c.h"

#include "frames.h"

static void
add_checksum(struct buf *out, const char *p, size_t n)
{
	uint32_t crc = crc32c(0, p, n);

	add_little_endian(out, (crc >> 15 | crc << 17) + 0xa282ead8u, 4);
}

static void
add_record(struct buf *out, const char *p, size_t n)
{
	size_t at = out->n;

	add_little_endian(out, n, 8);
	add_checksum(out, out->p + at, 8);
	buf_add(out, p, n);
	add_checksum(out, p, n);
}

/* A header of any length. */
static void
add_head(struct buf *out, const uint8_t *data)
{
	size_t at = out->n;

	buf_add(out, data, 8);
	add_checksum(out, out->p + at, 8);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf framed = { 0 }, found = { 0 };
	struct span record;
	size_t step;

	if (size < 9)
		return 0;
	step = data[0] + 1u;
	record = (struct span){ (const char *)data + 1, size - 1 };
	check_walks(&tfrecord_format, record.p, record.n, step);
	add_record(&framed, record.p, record.n);
	add_record(&framed, record.p, record.n);
	check_written(&tfrecord_format, &framed, record);
	check_walks(&tfrecord_format, framed.p, framed.n, step);
	framed.p[(data[0] + 8u * data[1]) % framed.n] ^= 1;
	walk(&tfrecord_format, framed.p, framed.n, step, &found);
	want(walk_records(buf_str(&found)) < 2);
	framed.n = 0;
	add_head(&framed, data + 1);
	buf_add(&framed, record.p, record.n);
	check_walks(&tfrecord_format, framed.p, framed.n, step);
	buf_free(&framed);
	buf_free(&found);
	return 0;
}
