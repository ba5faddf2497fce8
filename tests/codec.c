/*
 * codec TYPE [OUT-TYPE]: reads each line of standard input as a record of the
 * type and prints the matrix's size and rows, or the record to blame and why.
 * The first half of them is read into the same matrix before.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "format/codec.h"

static enum type_kind
kind_of(const char *name)
{
	return type_kind((struct span){ name, strlen(name) });
}

static void
read_all(struct buf *in)
{
	ssize_t n;

	while ((n = read(0, buf_room(in, 65536), 65536)) > 0)
		in->n += (size_t)n;
	if (n == -1)
		err(1, "standard input");
}

static struct bt_span *
records_of(const struct buf *in, size_t *count)
{
	struct bt_span *records = NULL;
	const char *p = in->p, *end = p + in->n, *lf;

	for (*count = 0; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		records = mem_resize(records, *count + 1, sizeof *records);
		records[*count].p = p;
		records[*count].n = (size_t)(lf - p);
		++*count;
	}
	return records;
}

static void
print(const struct bt_matrix *m, enum type_kind kind)
{
	struct buf out = { 0 };
	size_t i;

	buf_addf(&out, "%zux%zu\n", m->rows, m->columns);
	for (i = 0; i < m->rows; i++) {
		codec_encode_row(kind, m, i, &out);
		buf_addc(&out, '\n');
	}
	fwrite(out.p, 1, out.n, stdout);
	buf_free(&out);
}

int
main(int argc, char *argv[])
{
	enum type_kind kind, out;
	struct bt_matrix m = { 0, 0, NULL };
	struct buf in = { 0 }, why = { 0 };
	struct bt_span *records;
	int64_t bad;
	size_t n;
	int result;

	if (argc < 2)
		errx(2, "usage: codec TYPE [OUT-TYPE]");
	kind = kind_of(argv[1]);
	out = argc > 2 ? kind_of(argv[2]) : TYPE_CSV;
	if (!type_decodes(kind) || !type_encodes(out))
		errx(2, "a type without a codec");
	read_all(&in);
	records = records_of(&in, &n);
	codec_decode(kind, records, n / 2, &m, &why, &bad);
	why.n = 0;
	result = codec_decode(kind, records, n, &m, &why, &bad);
	if (result == 0)
		print(&m, out);
	else
		printf("record %" PRId64 ": %s\n", bad, buf_str(&why));
	free(m.values);
	free(records);
	buf_free(&in);
	buf_free(&why);
	return result == 0 ? 0 : 1;
}
