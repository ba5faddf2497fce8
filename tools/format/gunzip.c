#include "format/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

struct gunzip {
	z_stream stream;
	uint64_t at;
	unsigned long members;
	uint64_t member; /* compressed bytes of the current member */
};

/* 15 bits of window, and 16: a gzip header and trailer, no other. */
enum { GZIP_ONLY = 15 + 16 };

struct gunzip *
gunzip_new(void)
{
	struct gunzip *z = mem_alloc(sizeof *z);

	memset(z, 0, sizeof *z);
	if (inflateInit2(&z->stream, GZIP_ONLY) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

void
gunzip_free(struct gunzip *z)
{
	if (z == NULL)
		return;
	inflateEnd(&z->stream);
	free(z);
}

bool
gunzip_magic(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\x1f\x8b\x08", 3) == 0;
}

static const char *
reason(const struct gunzip *z, int status)
{
	if (status == Z_MEM_ERROR)
		return "out of memory";
	if (status == Z_NEED_DICT)
		return "a preset dictionary";
	if (z->stream.msg != NULL &&
	    strcmp(z->stream.msg, "incorrect header check") != 0)
		return z->stream.msg;
	return z->members > 0 ? "bytes after the end of the gzip data"
			      : "not gzip";
}

static unsigned
at_most(size_t n)
{
	return n < UINT_MAX ? (unsigned)n : UINT_MAX;
}

ptrdiff_t
gunzip_read(
    struct gunzip *z, struct span *in, char *out, size_t n, const char **why)
{
	z_stream *s = &z->stream;
	unsigned gave, room;
	int status;

	*why = NULL;
	s->next_out = (unsigned char *)out;
	s->avail_out = at_most(n);
	room = s->avail_out;
	while (s->avail_out > 0 && in->n > 0) {
		/* zlib needs a header's first two bytes to say that they are
		 * wrong, so a single byte would be called a header cut
		 * short. */
		if (z->member == 0 && in->p[0] != '\x1f') {
			s->msg = NULL;
			*why = reason(z, Z_DATA_ERROR);
			return -1;
		}
		/* zlib's declaration lacks the const. */
		s->next_in = (unsigned char *)(uintptr_t)in->p;
		s->avail_in = gave = at_most(in->n);
		status = inflate(s, Z_NO_FLUSH);
		in->p += gave - s->avail_in;
		in->n -= gave - s->avail_in;
		z->at += gave - s->avail_in;
		z->member += gave - s->avail_in;
		if (status == Z_STREAM_END) {
			z->members++;
			z->member = 0;
			inflateReset(s);
		} else if (status != Z_OK && status != Z_BUF_ERROR) {
			*why = reason(z, status);
			return -1;
		}
	}
	return (ptrdiff_t)(room - s->avail_out);
}

int
gunzip_finish(struct gunzip *z, const char **why)
{
	*why = NULL;
	if (z->member > 0)
		*why = "the gzip data is cut short";
	else if (z->members == 0)
		*why = "not gzip: it is empty";
	return *why == NULL ? 0 : -1;
}

uint64_t
gunzip_at(const struct gunzip *z)
{
	return z->at;
}
