/*
 * Gzip: any bytes, given and taken in pieces of any size, are unpacked or
 * refused alike, and as zlib by itself has them; what zlib packs in two members
 * comes back.
 */
#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "format/gunzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

static void
want(int is)
{
	if (!is)
		abort();
}

/* What becomes of p[0..n), gave bytes at a time into took; NULL if good. */
static const char *
unpack(const char *p, size_t n, size_t gave, size_t took, struct buf *out)
{
	struct gunzip *z = gunzip_new();
	const char *why = NULL;
	size_t at = 0;
	ptrdiff_t got = 0;

	while (at < n && got != -1 && out->n < MOST) {
		size_t piece = n - at < gave ? n - at : gave;
		struct span in = { p + at, piece };

		while ((got = gunzip_read(
			    z, &in, buf_room(out, took), took, &why)) > 0 &&
		       out->n < MOST)
			out->n += (size_t)got;
		want(got != 0 || in.n == 0);
		at += piece - in.n;
		want(gunzip_at(z) == at);
	}
	if (got != -1 && out->n < MOST)
		gunzip_finish(z, &why);
	gunzip_free(z);
	return why;
}

/* A member at a time, each in one call. */
static bool
zlib_unpacks(const uint8_t *p, size_t n, struct buf *out)
{
	bool good = n > 0;

	while (n > 0 && good) {
		z_stream s = { 0 };

		want(inflateInit2(&s, 31) == Z_OK);
		s.next_in = (uint8_t *)(uintptr_t)p;
		s.avail_in = (unsigned)n;
		s.next_out = (uint8_t *)buf_room(out, MOST);
		s.avail_out = MOST;
		good = inflate(&s, Z_FINISH) == Z_STREAM_END;
		out->n += MOST - s.avail_out;
		p += n - s.avail_in;
		n = s.avail_in;
		inflateEnd(&s);
	}
	return good;
}

static void
pack(struct buf *out, const uint8_t *p, size_t n)
{
	z_stream s = { 0 };
	size_t room = n + 1024;

	want(
	    deflateInit2(&s, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	s.next_in = (uint8_t *)(uintptr_t)p;
	s.avail_in = (unsigned)n;
	s.next_out = (uint8_t *)buf_room(out, room);
	s.avail_out = (unsigned)room;
	want(deflate(&s, Z_FINISH) == Z_STREAM_END);
	out->n += room - s.avail_out;
	deflateEnd(&s);
}

static void
check(const uint8_t *data, size_t size, size_t gave, size_t took)
{
	struct buf one = { 0 }, other = { 0 }, plain = { 0 };
	const char *why, *why_pieces;
	bool good;

	why = unpack((const char *)data, size, size + 1, 4096, &one);
	why_pieces = unpack((const char *)data, size, gave, took, &other);
	good = zlib_unpacks(data, size, &plain);
	if (one.n < MOST && other.n < MOST && plain.n < MOST) {
		want((why == NULL) == good);
		want((why_pieces == NULL) == good);
		if (good) {
			want(one.n == plain.n && other.n == plain.n);
			want(one.n == 0 ||
			     (memcmp(one.p, plain.p, one.n) == 0 &&
				 memcmp(other.p, plain.p, one.n) == 0));
		}
	}
	buf_free(&one);
	buf_free(&other);
	buf_free(&plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf packed = { 0 }, out = { 0 };
	size_t gave, took;

	if (size < 3)
		return 0;
	gave = data[0] + 1u;
	took = data[1] + 1u;
	check(data + 2, size - 2, gave, took);
	pack(&packed, data + 2, size - 2);
	pack(&packed, data + 2, size - 2);
	want(unpack(packed.p, packed.n, gave, took, &out) == NULL);
	want(out.n == 2 * (size - 2) && memcmp(out.p, data + 2, size - 2) == 0);
	/* Damaged, then cut short, where the input says. */
	packed.p[data[2] % packed.n] ^= 1;
	check((const uint8_t *)packed.p, packed.n, gave, took);
	check((const uint8_t *)packed.p, packed.n - 1 - data[2] % packed.n,
	    gave, took);
	buf_free(&packed);
	buf_free(&out);
	return 0;
}
