/*
 * RecordIO: any bytes are walked alike in pieces of any size; what is written
 * with the magic word escaped reads back.
 */
#include "format/recordio.h"

#include "frames.h"

static const char magic[4] = { '\x0a', '\x23', '\xd7', '\xce' };

static void
add_part(struct buf *out, unsigned flag, const char *p, size_t n)
{
	buf_add(out, magic, sizeof magic);
	add_little_endian(out, flag << 29 | n, 4);
	buf_add(out, p, n);
	buf_add(out, "\0\0\0", -n & 3);
}

static void
add_record(struct buf *out, const char *p, size_t n)
{
	size_t i, from = 0;

	for (i = 0; i + 4 <= n; i += 4) {
		if (memcmp(p + i, magic, 4) != 0)
			continue;
		add_part(out, from == 0 ? 1 : 2, p + from, i - from);
		from = i + 4;
	}
	add_part(out, from == 0 ? 0 : 3, p + from, n - from);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf framed = { 0 };
	struct span record;

	if (size < 1)
		return 0;
	record = (struct span){ (const char *)data + 1, size - 1 };
	check_walks(&recordio_format, record.p, record.n, data[0] + 1u);
	add_record(&framed, record.p, record.n);
	add_record(&framed, record.p, record.n);
	check_walks(&recordio_format, framed.p, framed.n, data[0] + 1u);
	check_written(&recordio_format, &framed, record);
	/* Damaged where the first byte says. */
	framed.p[data[0] % framed.n] ^= 1;
	check_walks(&recordio_format, framed.p, framed.n, data[0] + 1u);
	check_walks(&recordio_format, framed.p, framed.n - data[0] % framed.n,
	    data[0] + 1u);
	buf_free(&framed);
	return 0;
}
