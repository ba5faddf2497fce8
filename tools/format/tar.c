#define ZLIB_CONST
#include "format/tar.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

enum { BLOCK = 512, CHUNK = 1 << 16 };

/* Where a header has its fields. */
enum {
	NAME = 0,
	NAME_SIZE = 100,
	SIZE = 124,
	SIZE_SIZE = 12,
	SUM = 148,
	SUM_SIZE = 8,
	TYPE = 156,
	MAGIC = 257
};

static bool
is_packed(struct span s)
{
	return s.n >= 2 && memcmp(s.p, "\x1f\x8b", 2) == 0;
}

bool
tar_is(struct span archive)
{
	return is_packed(archive) ||
	       (archive.n >= BLOCK &&
		   memcmp(archive.p + MAGIC, "ustar", 5) == 0);
}

/* Unpacks one gzip member; *s is what follows it then. */
static int
member_unpack(struct span *s, struct buf *out)
{
	z_stream z = { 0 };
	int got = Z_OK;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return Z_MEM_ERROR;
	z.next_in = (const Bytef *)s->p;
	while (got == Z_OK) {
		if (z.avail_in == 0) {
			z.avail_in = (uInt)(s->n < INT_MAX ? s->n : INT_MAX);
			s->n -= z.avail_in;
		}
		z.next_out = (Bytef *)buf_room(out, CHUNK);
		z.avail_out = CHUNK;
		got = inflate(&z, Z_NO_FLUSH);
		out->n += CHUNK - z.avail_out;
	}
	s->p = (const char *)z.next_in;
	s->n += z.avail_in;
	inflateEnd(&z);
	return got;
}

static int
unpack(struct span s, struct buf *out, const char **why)
{
	int got;

	while (s.n > 0) {
		got = member_unpack(&s, out);
		if (got == Z_STREAM_END)
			continue;
		*why = got == Z_BUF_ERROR   ? "the packed archive is cut short"
		       : got == Z_MEM_ERROR ? "no memory to unpack the archive"
					    : "the packed archive is damaged";
		return -1;
	}
	return 0;
}

/* Octal digits, to a space, NUL or the field's end; in a size, or 256s. */
static uint64_t
number(const unsigned char *p, size_t n)
{
	uint64_t v = 0;
	size_t i = 0;

	if (p[0] & 0x80) {
		for (i = n - 8; i < n; i++)
			v = v << 8 | p[i];
		return v;
	}
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(p[i] - '0');
	return v;
}

/* The header's own checksum counts as spaces in it. */
static bool
sum_fits(const unsigned char *p)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		sum += i >= SUM && i < SUM + SUM_SIZE ? ' ' : p[i];
	return sum == number(p + SUM, SUM_SIZE);
}

static bool
is_file(const char *header, const char *name)
{
	size_t at = memcmp(header + NAME, "./", 2) == 0 ? 2 : 0;
	size_t n = strnlen(header + NAME + at, NAME_SIZE - at);

	return (header[TYPE] == '0' || header[TYPE] == '\0') &&
	       span_is((struct span){ header + NAME + at, n }, name);
}

static int
find(struct span s, const char *name, struct buf *out, const char **why)
{
	size_t begin = out->n;
	bool found = false;
	uint64_t size, room;

	/* Two blocks of zeros end an archive; the first is enough. */
	while (s.n >= BLOCK && s.p[0] != '\0') {
		size = number((const unsigned char *)s.p + SIZE, SIZE_SIZE);
		room = s.n - BLOCK;
		if (!sum_fits((const unsigned char *)s.p) || size > room) {
			*why = "not a tar archive, or a damaged one";
			return -1;
		}
		if (is_file(s.p, name)) {
			out->n = begin;
			buf_add(out, s.p + BLOCK, (size_t)size);
			found = true;
		}
		size += (BLOCK - size % BLOCK) % BLOCK;
		if (size > room)
			size = room;
		s.p += BLOCK + size;
		s.n -= (size_t)(BLOCK + size);
	}
	if (!found)
		*why = "no such file in the archive";
	return found ? 0 : -1;
}

int
tar_file(
    struct span archive, const char *name, struct buf *out, const char **why)
{
	struct buf unpacked = { 0 };
	int bad;

	if (!is_packed(archive))
		return find(archive, name, out, why);
	bad = unpack(archive, &unpacked, why);
	if (bad == 0)
		bad = find(buf_span(&unpacked), name, out, why);
	buf_free(&unpacked);
	return bad;
}
