#include "predict/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "format/records.h"
#include "io/remote.h"
#include "io/source.h"

/* How much is read at once of ranges that are smaller. */
enum { AHEAD = 1 << 18 };

/* To ask a remote object for its size costs a request: that is saved where a
 * length that is wrong does not cost more memory. */
enum { NOT_ASKED = 128 << 20 };

struct payloads {
	struct payload payload;
	struct buf path, etag; /* as encoded in the last reference */
	struct buf object, type;
	struct source *source;

	/* Bytes of the source: window_n of them at window_at. */
	char *window;
	size_t window_n, window_size;
	uint64_t window_at;
	bool fused; /* crc32c and the records were found while it was read */
	uint32_t crc32c;
	uint64_t next; /* where the last range ended */

	struct buf header;
	uint64_t header_offset, header_length;
	struct span range; /* of the window; a byte order mark left out */
	struct records records;
};

struct payloads *
payloads_new(void)
{
	struct payloads *ps = mem_alloc(sizeof *ps);

	memset(ps, 0, sizeof *ps);
	return ps;
}

const char *
payload_object(struct payloads *ps, const struct ref *r)
{
	ps->object.n = 0;
	return ref_decode(&ps->object, r->path) == -1 ? NULL
						      : buf_str(&ps->object);
}

static void
forget_object(struct payloads *ps)
{
	if (ps->source != NULL)
		source_close(ps->source);
	ps->source = NULL;
	ps->path.n = ps->etag.n = ps->window_n = 0;
	ps->next = UINT64_MAX;
	ps->header_length = 0;
}

static bool
same(const struct buf *b, struct span s)
{
	return b->n == s.n && (s.n == 0 || memcmp(b->p, s.p, s.n) == 0);
}

static struct source *
open_version(const char *path, struct span etag)
{
	struct buf version = { 0 };
	struct source *s;

	ref_decode(&version, etag);
	s = source_open_version(path, version.n > 0 ? buf_str(&version) : NULL);
	buf_free(&version);
	return s;
}

static int
open_object(struct payloads *ps, const struct ref *r, struct buf *why)
{
	if (ps->source != NULL && same(&ps->path, r->path) &&
	    same(&ps->etag, r->etag))
		return 0;
	forget_object(ps);
	if (payload_object(ps, r) == NULL) {
		buf_adds(why, "its path is not well written");
		return -1;
	}
	ps->source = open_version(ps->object.p, r->etag);
	if (ps->source == NULL) {
		buf_adds(why, remote_error());
		return -1;
	}
	if (!source_seekable(ps->source)) {
		buf_adds(why, "not a regular file");
		forget_object(ps);
		return -1;
	}
	buf_add(&ps->path, r->path.p, r->path.n);
	buf_add(&ps->etag, r->etag.p, r->etag.n);
	return 0;
}

static void
add_short(
    struct buf *why, const char *what, uint64_t at, uint64_t n, uint64_t end)
{
	buf_addf(why,
	    "the file ends at byte %" PRIu64 ", the %s is bytes %" PRIu64
	    " to %" PRIu64,
	    end, what, at, at + n);
}

/* Lines that are read for themselves are looked at step by step, while the
 * step is in the processor's cache. */
static bool
can_fuse(const struct payload *p, size_t n)
{
	const struct ref *r = &p->ref;

	return n == r->length && r->split == REF_LINE && !r->bare &&
	       !r->keeps_newlines &&
	       !(r->offset == 0 && type_skips_bom(p->kind));
}

static void
look_at_step(struct payloads *ps, size_t n, bool all)
{
	struct span so_far = { ps->window, ps->window_n + n };

	if (!ps->fused)
		return;
	ps->crc32c = crc32c(ps->crc32c, ps->window + ps->window_n, n);
	records_lines(&ps->records, so_far, all, NULL); /* no quotes: no -1 */
}

static int
fill_window(struct payloads *ps, const struct ref *r, struct buf *why)
{
	size_t n = (size_t)r->length, step;
	ptrdiff_t got;

	if (n < AHEAD && r->offset == ps->next)
		n = AHEAD;
	if (n > ps->window_size) {
		free(ps->window);
		ps->window_n = 0;
		ps->window = mem_alloc(n);
		ps->window_size = n;
	}
	ps->window_n = 0;
	ps->window_at = r->offset;
	ps->fused = can_fuse(&ps->payload, n);
	ps->crc32c = 0;
	records_begin(&ps->records, false, type_skips_blank(ps->payload.kind));
	do {
		step = n - ps->window_n;
		if (step > AHEAD && !source_is_remote(ps->source))
			step = AHEAD;
		got = source_read(ps->source, ps->window + ps->window_n, step,
		    r->offset + ps->window_n);
		if (got == -1) {
			buf_adds(why, remote_error());
			return -1;
		}
		look_at_step(ps, (size_t)got, ps->window_n + (size_t)got == n);
		ps->window_n += (size_t)got;
	} while ((size_t)got == step && ps->window_n < n);
	return 0;
}

/* Where the object ends, as far as it has to be known before it is read. */
static uint64_t
end_of(const struct payloads *ps, const struct ref *r)
{
	if (source_is_remote(ps->source) && r->length <= NOT_ASKED)
		return UINT64_MAX;
	return source_size(ps->source);
}

static int
load_range(struct payloads *ps, const struct ref *r, struct buf *why)
{
	uint64_t size, within = r->offset - ps->window_at;

	ps->fused = false;
	if (r->offset < ps->window_at || within > ps->window_n ||
	    ps->window_n - within < r->length) {
		size = end_of(ps, r);
		if (r->offset > size || r->length > size - r->offset) {
			add_short(why, "range", r->offset, r->length, size);
			return -1;
		}
		if (fill_window(ps, r, why) == -1)
			return -1;
		within = 0;
	}
	if (ps->window_n - within < r->length) {
		add_short(why, "range", r->offset, r->length,
		    r->offset + ps->window_n);
		return -1;
	}
	ps->payload.body.p = r->length > 0 ? ps->window + within : "";
	ps->payload.body.n = (size_t)r->length;
	ps->next = r->offset + r->length;
	return 0;
}

static int
check_crc32c(const struct payloads *ps, struct buf *why)
{
	const struct payload *p = &ps->payload;
	uint32_t crc;

	if (!p->ref.has_crc32c)
		return 0;
	crc = ps->fused ? ps->crc32c : crc32c(0, p->body.p, p->body.n);
	if (crc == p->ref.crc32c)
		return 0;
	buf_addf(why,
	    "the file has changed: crc32c %08" PRIx32
	    ", the reference says %08" PRIx32,
	    crc, p->ref.crc32c);
	return -1;
}

static struct span
without_line_end(struct span s)
{
	if (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

static int
load_header(struct payloads *ps, const struct ref *r, struct buf *why)
{
	size_t n = (size_t)r->header_length;
	ptrdiff_t got;

	ps->payload.header.n = 0;
	if (n == 0)
		return 0;
	if (ps->header_length != n || ps->header_offset != r->header_offset) {
		ps->header.n = 0;
		ps->header_length = 0;
		if (r->header_offset > source_size(ps->source) ||
		    n > source_size(ps->source) - r->header_offset) {
			add_short(why, "header row", r->header_offset, n,
			    source_size(ps->source));
			return -1;
		}
		got = source_read(
		    ps->source, buf_room(&ps->header, n), n, r->header_offset);
		if (got < 0 || (size_t)got < n) {
			buf_adds(why, got < 0 ? remote_error()
					      : "the header row is cut short");
			return -1;
		}
		ps->header.n = n;
		ps->header_offset = r->header_offset;
		ps->header_length = n;
	}
	ps->payload.header = without_line_end(buf_span(&ps->header));
	return 0;
}

static void
take_type(struct payloads *ps)
{
	struct payload *pl = &ps->payload;
	struct span type;

	ps->type.n = 0;
	if (pl->ref.type.n > 0 && ref_decode(&ps->type, pl->ref.type) == 0)
		pl->type = buf_str(&ps->type);
	else
		pl->type = type_of_path(pl->object);
	type.p = pl->type;
	type.n = strlen(type.p);
	pl->kind = type_kind(type);
}

/* A reference made by hand may take in the byte order mark. */
static void
skip_bom(struct payload *pl)
{
	if (pl->ref.offset == 0 && pl->ref.split == REF_LINE &&
	    type_skips_bom(pl->kind) && pl->body.n >= 3 &&
	    memcmp(pl->body.p, "\xef\xbb\xbf", 3) == 0) {
		pl->body.p += 3;
		pl->body.n -= 3;
	}
}

/* A RecordIO record in parts that goes alone is posted as its payload; as a
 * batch that has no other, in its frames. */
static void
unframe(struct payloads *ps)
{
	struct payload *pl = &ps->payload;

	if (pl->ref.parts && pl->count == 1 && ps->records.in_parts == 1) {
		pl->body.p = pl->records[0].p;
		pl->body.n = pl->records[0].n;
	}
}

static int
find_records(struct payloads *ps, struct buf *why)
{
	struct payload *pl = &ps->payload;

	ps->range = pl->body;
	if (!ps->fused &&
	    records_cut(&ps->records, &pl->ref, pl->kind, pl->body, why) == -1)
		return -1;
	pl->records = ps->records.list;
	pl->count = ps->records.n;
	if (pl->count == pl->ref.count)
		return 0;
	buf_addf(why, "%zu records in the range, the reference says %" PRIu64,
	    pl->count, pl->ref.count);
	return -1;
}

const struct payload *
payload_load(struct payloads *ps, const struct ref *r, struct buf *why)
{
	struct payload *pl = &ps->payload;

	pl->ref = *r;
	if (r->length > SIZE_MAX / 4 || r->header_length > SIZE_MAX / 4) {
		buf_adds(why, "its range does not fit in memory");
		return NULL;
	}
	if (open_object(ps, r, why) == -1)
		return NULL;
	pl->object = ps->object.p;
	take_type(ps);
	if (load_range(ps, r, why) == -1 || check_crc32c(ps, why) == -1 ||
	    load_header(ps, r, why) == -1)
		return NULL;
	skip_bom(pl);
	if (find_records(ps, why) == -1)
		return NULL;
	unframe(ps);
	return pl;
}

uint64_t
payload_start(const struct payloads *ps, size_t i)
{
	const struct payload *pl = &ps->payload;

	if (i == 0)
		return 0;
	if (i == pl->count)
		return pl->ref.length;
	return pl->ref.length - ps->range.n +
	       records_start(&ps->records, &pl->ref, ps->range, i);
}

uint32_t
payload_crc32c(const struct payloads *ps, uint64_t from, uint64_t n)
{
	const char *first =
	    ps->range.p - (ps->payload.ref.length - ps->range.n);

	return crc32c(0, first + from, (size_t)n);
}
