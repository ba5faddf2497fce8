/*
 * The walk through a model's archive: any bytes, packed or not, and archives
 * whose headers say anything and are well summed.  What is made of them is
 * private files and folders in the folder and no more than is allowed; and it
 * is all there, or there is a reason in one line.
 */
#define _GNU_SOURCE /* nftw */
#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "io/tree.c"
#include "unpack/untar.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, TAR = 512, MAGIC_AT = 257 };

static uint64_t bytes;
static char top[] = "/tmp/fuzz-untar.XXXXXX", archive[64], folder[64];

static void
want(int is)
{
	if (!is)
		abort();
}

static int
visit(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	mode_t mode = st->st_mode & 07777;

	(void)path;
	(void)ftw;
	want(kind == FTW_F || kind == FTW_D);
	want(S_ISREG(st->st_mode) || S_ISDIR(st->st_mode));
	want(mode == 0700 || (kind == FTW_F && mode == 0600));
	bytes += kind == FTW_F ? (uint64_t)st->st_size : 0;
	return 0;
}

/* The header's checksum is made right. */
static void
sum(char *header)
{
	unsigned total = 0;
	char text[8];
	int i;

	memset(header + 148, ' ', 8);
	for (i = 0; i < TAR; i++)
		total += (unsigned char)header[i];
	snprintf(text, sizeof text, "%06o", total & 0777777);
	memcpy(header + 148, text, sizeof text);
}

static size_t
take(struct span *in, size_t n)
{
	n = n < in->n ? n : in->n;
	in->p += n;
	in->n -= n;
	return n;
}

/* An entry of what the input says: a type, its sizes, name, link and data. */
static void
add_entry(struct buf *tar, struct span *in)
{
	static const char types[] = "0000005555123467xgLKSNV\0";
	char *header = buf_room(tar, TAR);
	const char *p = in->p, *name;
	size_t n;

	take(in, 5);
	memset(header, 0, TAR);
	header[156] = types[(unsigned char)p[0] % sizeof types];
	memcpy(
	    header + 100, (unsigned char)p[1] & 1 ? "0000755" : "0000644", 7);
	memcpy(header + 257, p[1] & 2 ? "ustar  " : "ustar\00000", 8);
	name = in->p;
	memcpy(header, name, take(in, (unsigned char)p[2] % 100));
	name = in->p;
	memcpy(header + 157, name, take(in, (unsigned char)p[3] % 100));
	name = in->p;
	n = take(in, (unsigned char)p[4] * 8u);
	snprintf(header + 124, 12, "%011zo", p[1] & 4 ? n * 99991 : n);
	sum(header);
	tar->n += TAR;
	buf_add(tar, name, n);
	memset(buf_room(tar, TAR), 0, TAR);
	tar->n += (TAR - n % TAR) % TAR;
}

static void
pack(struct buf *out, struct span in)
{
	z_stream s = { 0 };
	size_t room = in.n + 1024;

	want(
	    deflateInit2(&s, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	s.next_in = (Bytef *)(uintptr_t)in.p;
	s.avail_in = (unsigned)in.n;
	s.next_out = (Bytef *)buf_room(out, room);
	s.avail_out = (unsigned)room;
	want(deflate(&s, Z_FINISH) == Z_STREAM_END);
	out->n += room - s.avail_out;
	deflateEnd(&s);
}

/* In order: as it is, its headers summed, made of entries. */
static void
make(struct buf *tar, int how, struct span in)
{
	size_t at;

	if (how < 2)
		buf_add(tar, in.p, in.n);
	for (at = 0; how == 1 && at + TAR <= tar->n; at += TAR)
		if (memcmp(tar->p + at + MAGIC_AT, "ustar", 5) == 0)
			sum(tar->p + at);
	while (how >= 2 && in.n > 5)
		add_entry(tar, &in);
	if (how == 2) {
		memset(buf_room(tar, 2 * TAR), 0, 2 * TAR);
		tar->n += 2 * TAR;
	}
}

static void
check(void)
{
	static volatile sig_atomic_t stop;
	struct buf why = { 0 };
	int got;

	want(mkdir(folder, 0700) == 0);
	got = untar(archive, folder, MOST, &stop, &why);
	want((got == -1) == (why.n > 0));
	want(why.n == 0 || memchr(why.p, '\n', why.n) == NULL);
	bytes = 0;
	want(nftw(folder, visit, 32, FTW_PHYS) == 0);
	want(bytes <= MOST);
	want(tree_remove(folder) == 0);
	/* Nothing else was made beside it. */
	want(unlink(archive) == 0);
	want(rmdir(top) == 0 && mkdir(top, 0700) == 0);
	buf_free(&why);
}

static void
leave(void)
{
	tree_remove(top);
}

static void
enter(void)
{
	want(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	want(mkdtemp(top) != NULL);
	atexit(leave);
	snprintf(archive, sizeof archive, "%s/archive", top);
	snprintf(folder, sizeof folder, "%s/in", top);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf tar = { 0 }, packed = { 0 };
	struct span in = { (const char *)data + 1, size - 1 };
	FILE *f;

	if (size == 0)
		return 0;
	if (*archive == '\0')
		enter();
	make(&tar, data[0] >> 1 & 3, in);
	if (data[0] & 1)
		pack(&packed, buf_span(&tar));
	f = fopen(archive, "w");
	want(f != NULL);
	fwrite(data[0] & 1 ? packed.p : tar.p, 1,
	    data[0] & 1 ? packed.n : tar.n, f);
	want(fclose(f) == 0);
	check();
	buf_free(&tar);
	buf_free(&packed);
	return 0;
}
