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

/* Asking for the size of a remote object costs a request.  It is not asked for
 * if a wrong length would cost at most this much memory. */
enum { NOT_ASKED = 128 << 20 };

struct batch_reader {
	struct batch batch;
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

struct batch_reader *
batch_reader_new(void)
{
	struct batch_reader *br = mem_alloc(sizeof *br);

	memset(br, 0, sizeof *br);
	return br;
}

const char *
batch_object(struct batch_reader *br, const struct ref *r)
{
	br->object.n = 0;
	return ref_decode(&br->object, r->path) == -1 ? NULL
						      : buf_str(&br->object);
}

static void
forget_object(struct batch_reader *br)
{
	if (br->source != NULL)
		source_close(br->source);
	br->source = NULL;
	br->path.n = br->etag.n = br->window_n = 0;
	br->next = UINT64_MAX;
	br->header_length = 0;
}

static bool
same(const struct buf *b, struct span s)
{
	return b->n == s.n && (s.n == 0 || memcmp(b->p, s.p, s.n) == 0);
}

static int
open_object(struct batch_reader *br, const struct ref *r, struct buf *why)
{
	struct buf version = { 0 };

	if (br->source != NULL && same(&br->path, r->path) &&
	    same(&br->etag, r->etag))
		return 0;
	forget_object(br);
	if (batch_object(br, r) == NULL) {
		buf_adds(why, "bad percent encoding in its path");
		return -1;
	}
	ref_decode(&version, r->etag);
	br->source = source_open_version(
	    br->object.p, version.n > 0 ? buf_str(&version) : NULL);
	buf_free(&version);
	if (br->source == NULL) {
		buf_adds(why, remote_error());
		return -1;
	}
	if (!source_seekable(br->source)) {
		buf_adds(why, "not a regular file");
		forget_object(br);
		return -1;
	}
	buf_add(&br->path, r->path.p, r->path.n);
	buf_add(&br->etag, r->etag.p, r->etag.n);
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

/* The checksum and the line ends of a range of plain lines are found step by
 * step while it is read, because each step is in the processor's cache then. */
static bool
can_fuse(const struct batch *b, size_t n)
{
	const struct ref *r = &b->ref;

	return n == r->length && r->split == REF_LINE && !r->bare &&
	       !r->keeps_newlines &&
	       !(r->offset == 0 && type_skips_bom(b->kind));
}

static int
fill_window(struct batch_reader *br, const struct ref *r, struct buf *why)
{
	size_t n = (size_t)r->length, step;
	struct span so_far;
	ptrdiff_t got;

	if (n < AHEAD && r->offset == br->next)
		n = AHEAD;
	if (n > br->window_size) {
		free(br->window);
		br->window_n = 0;
		br->window_size = n;
		br->window = mem_large(&br->window_size);
	}
	br->window_n = 0;
	br->window_at = r->offset;
	br->fused = can_fuse(&br->batch, n);
	br->crc32c = 0;
	records_begin(&br->records, false, type_skips_blank(br->batch.kind));
	do {
		step = n - br->window_n;
		if (step > AHEAD && !source_is_remote(br->source))
			step = AHEAD;
		got = source_read(br->source, br->window + br->window_n, step,
		    r->offset + br->window_n);
		if (got == -1) {
			buf_adds(why, remote_error());
			return -1;
		}
		so_far =
		    (struct span){ br->window, br->window_n + (size_t)got };
		if (br->fused) { /* no quotes, so records_lines has no errors */
			br->crc32c = crc32c(
			    br->crc32c, br->window + br->window_n, (size_t)got);
			records_lines(
			    &br->records, so_far, so_far.n == n, NULL);
		}
		br->window_n = so_far.n;
	} while ((size_t)got == step && br->window_n < n);
	return 0;
}

static bool
ends_before(uint64_t size, const struct ref *r)
{
	return r->offset > size || r->length > size - r->offset;
}

static int
load_range(struct batch_reader *br, const struct ref *r, struct buf *why)
{
	uint64_t size, within = r->offset - br->window_at;

	br->fused = false;
	if (r->offset < br->window_at || within > br->window_n ||
	    br->window_n - within < r->length) {
		size = source_is_remote(br->source) && r->length <= NOT_ASKED
			   ? UINT64_MAX
			   : source_first_size(br->source);
		if (ends_before(size, r)) /* it may have grown */
			size = source_size(br->source);
		if (ends_before(size, r)) {
			add_short(why, "range", r->offset, r->length, size);
			return -1;
		}
		if (fill_window(br, r, why) == -1)
			return -1;
		within = 0;
	}
	if (br->window_n - within < r->length) {
		add_short(why, "range", r->offset, r->length,
		    r->offset + br->window_n);
		return -1;
	}
	br->batch.body.p = r->length > 0 ? br->window + within : "";
	br->batch.body.n = (size_t)r->length;
	br->next = r->offset + r->length;
	return 0;
}

static int
check_crc32c(const struct batch_reader *br, struct buf *why)
{
	const struct batch *b = &br->batch;
	uint32_t crc;

	if (!b->ref.has_crc32c)
		return 0;
	crc = br->fused ? br->crc32c : crc32c(0, b->body.p, b->body.n);
	if (crc == b->ref.crc32c)
		return 0;
	buf_addf(why,
	    "the file has changed: crc32c %08" PRIx32
	    ", the reference says %08" PRIx32,
	    crc, b->ref.crc32c);
	return -1;
}

static int
load_header(struct batch_reader *br, const struct ref *r, struct buf *why)
{
	struct span *header = &br->batch.header;
	size_t n = r->split == REF_LINE ? (size_t)r->header_length : 0;
	ptrdiff_t got;

	header->n = 0;
	if (n == 0)
		return 0;
	if (br->header_length != n || br->header_offset != r->header_offset) {
		br->header.n = 0;
		br->header_length = 0;
		if (r->header_offset > source_size(br->source) ||
		    n > source_size(br->source) - r->header_offset) {
			add_short(why, "header row", r->header_offset, n,
			    source_size(br->source));
			return -1;
		}
		got = source_read(
		    br->source, buf_room(&br->header, n), n, r->header_offset);
		if (got < 0 || (size_t)got < n) {
			buf_adds(why, got < 0 ? remote_error()
					      : "the header row is cut short");
			return -1;
		}
		br->header.n = n;
		br->header_offset = r->header_offset;
		br->header_length = n;
	}
	*header = buf_span(&br->header);
	br->batch.header_end = "\n";
	if (header->p[header->n - 1] == '\n')
		header->n--;
	if (header->n > 0 && header->p[header->n - 1] == '\r') {
		br->batch.header_end = "\r\n";
		header->n--;
	}
	return 0;
}

static void
find_type(struct batch_reader *br)
{
	struct batch *b = &br->batch;
	struct span type;

	br->type.n = 0;
	if (b->ref.type.n > 0 && ref_decode(&br->type, b->ref.type) == 0)
		b->type = buf_str(&br->type);
	else
		b->type = type_of_path(b->object);
	type.p = b->type;
	type.n = strlen(type.p);
	b->kind = type_kind(type);
}

static int
find_records(struct batch_reader *br, struct buf *why)
{
	struct batch *b = &br->batch;

	/* A reference made by hand may take in the byte order mark. */
	if (b->ref.offset == 0 && b->ref.split == REF_LINE &&
	    type_skips_bom(b->kind) && b->body.n >= 3 &&
	    memcmp(b->body.p, "\xef\xbb\xbf", 3) == 0) {
		b->body.p += 3;
		b->body.n -= 3;
	}
	br->range = b->body;
	if (!br->fused &&
	    records_cut(&br->records, &b->ref, b->kind, b->body, why) == -1)
		return -1;
	b->records = br->records.list;
	b->count = br->records.n;
	if (b->count != b->ref.count) {
		buf_addf(why,
		    "%zu records in the range, the reference says %" PRIu64,
		    b->count, b->ref.count);
		return -1;
	}
	/* A RecordIO record in several parts is posted without its frames if it
	 * is the only record of the batch. */
	if (b->ref.parts && b->count == 1 && br->records.in_parts == 1) {
		b->body.p = b->records[0].p;
		b->body.n = b->records[0].n;
	}
	return 0;
}

const struct batch *
batch_load(struct batch_reader *br, const struct ref *r, struct buf *why)
{
	struct batch *b = &br->batch;

	b->ref = *r;
	if (r->length > SIZE_MAX / 4 || r->header_length > SIZE_MAX / 4) {
		buf_adds(why, "its range does not fit in memory");
		return NULL;
	}
	if (open_object(br, r, why) == -1)
		return NULL;
	b->object = br->object.p;
	find_type(br);
	if (load_range(br, r, why) == -1 || check_crc32c(br, why) == -1 ||
	    load_header(br, r, why) == -1 || find_records(br, why) == -1)
		return NULL;
	return b;
}

uint64_t
batch_start(const struct batch_reader *br, size_t i)
{
	const struct batch *b = &br->batch;

	if (i == 0)
		return 0;
	if (i == b->count)
		return b->ref.length;
	return b->ref.length - br->range.n +
	       records_start(&br->records, &b->ref, br->range, i);
}

uint32_t
batch_crc32c(const struct batch_reader *br, uint64_t from, uint64_t n)
{
	const char *first = br->range.p - (br->batch.ref.length - br->range.n);

	return crc32c(0, first + from, (size_t)n);
}
