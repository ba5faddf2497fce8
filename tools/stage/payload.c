#include "stage/payload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "format/scan.h"
#include "io/source.h"

/* How much is read at once of ranges that are smaller. */
enum { AHEAD = 1 << 18 };

static const uint32_t recordio_magic = 0xced7230a;

struct payloads {
	struct payload payload;
	struct buf path; /* as encoded in the last reference */
	struct buf object, type;
	struct source *source;

	/* Bytes of the source: window_n of them at window_at. */
	char *window;
	size_t window_n, window_size;
	uint64_t window_at;
	uint64_t next; /* where the last range ended */

	struct buf header;
	uint64_t header_offset, header_length;
	struct buf joined; /* records that lie in parts */
	struct buf places; /* offsets in joined, while it grows */
	size_t records_size;
};

struct payloads *
payloads_new(void)
{
	struct payloads *ps = mem_alloc(sizeof *ps);

	memset(ps, 0, sizeof *ps);
	return ps;
}

void
payloads_free(struct payloads *ps)
{
	if (ps->source != NULL)
		source_close(ps->source);
	free(ps->window);
	free(ps->payload.records);
	buf_free(&ps->path);
	buf_free(&ps->object);
	buf_free(&ps->type);
	buf_free(&ps->header);
	buf_free(&ps->joined);
	free(ps);
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
	ps->path.n = ps->window_n = 0;
	ps->next = UINT64_MAX;
	ps->header_length = 0;
}

static int
open_object(struct payloads *ps, const struct ref *r, struct buf *why)
{
	if (ps->source != NULL && ps->path.n == r->path.n &&
	    memcmp(ps->path.p, r->path.p, r->path.n) == 0)
		return 0;
	forget_object(ps);
	if (payload_object(ps, r) == NULL) {
		buf_adds(why, "its path is not well written");
		return -1;
	}
	ps->source = source_open(ps->object.p);
	if (ps->source == NULL) {
		buf_adds(why, strerror(errno));
		return -1;
	}
	if (!source_seekable(ps->source)) {
		buf_adds(why, "not a regular file");
		forget_object(ps);
		return -1;
	}
	buf_add(&ps->path, r->path.p, r->path.n);
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

static int
fill_window(struct payloads *ps, const struct ref *r, struct buf *why)
{
	size_t n = (size_t)r->length;
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
	got = source_read(ps->source, ps->window, n, r->offset);
	if (got == -1) {
		buf_adds(why, strerror(errno));
		return -1;
	}
	ps->window_n = (size_t)got;
	ps->window_at = r->offset;
	return 0;
}

static int
load_range(struct payloads *ps, const struct ref *r, struct buf *why)
{
	uint64_t size, within = r->offset - ps->window_at;

	if (r->offset < ps->window_at || within > ps->window_n ||
	    ps->window_n - within < r->length) {
		size = source_size(ps->source);
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
check_crc32c(const struct payload *p, struct buf *why)
{
	uint32_t crc;

	if (!p->ref.has_crc32c)
		return 0;
	crc = crc32c(0, p->body.p, p->body.n);
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
			buf_adds(why, got < 0 ? strerror(errno)
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
add_record(struct payloads *ps, const char *p, size_t n)
{
	struct payload *pl = &ps->payload;

	if (pl->count == ps->records_size) {
		ps->records_size += ps->records_size / 2 + 64;
		pl->records = mem_resize(
		    pl->records, ps->records_size, sizeof *pl->records);
	}
	pl->records[pl->count].p = p;
	pl->records[pl->count++].n = n;
}

static void
add_line(struct payloads *ps, const char *p, const char *end)
{
	struct span line = { p, (size_t)(end - p) };

	line = without_line_end(line);
	if (line.n > 0 || !type_skips_blank(ps->payload.kind))
		add_record(ps, line.p, line.n);
}

static int
cut_lines(struct payloads *ps, struct buf *why)
{
	const char *p = ps->payload.body.p, *end = p + ps->payload.body.n, *lf;

	(void)why;
	for (; p < end; p = lf) {
		lf = memchr(p, '\n', (size_t)(end - p));
		lf = lf != NULL ? lf + 1 : end;
		add_line(ps, p, lf);
	}
	return 0;
}

/* The same where an LF inside quotes belongs to its record. */
static int
cut_quoted_lines(struct payloads *ps, struct buf *why)
{
	const char *p = ps->payload.body.p, *end = p + ps->payload.body.n,
		   *line;
	struct scan scan = { .csv = true, .keep = true };
	enum scan_problem problem = SCAN_FINE;
	uint32_t ends[256];
	size_t i, count, used, step;

	for (line = p; p < end && problem == SCAN_FINE; p += used) {
		step = (size_t)(end - p) < AHEAD ? (size_t)(end - p) : AHEAD;
		problem = scan_index(&scan, p, step, ends,
		    sizeof ends / sizeof ends[0], &count, &used);
		for (i = 0; i < count; line = p + ends[i++])
			add_line(ps, line, p + ends[i]);
	}
	if (problem == SCAN_FINE)
		problem = scan_finish(&scan);
	scan_free(&scan);
	if (problem == SCAN_FINE && line < end)
		add_line(ps, line, end);
	if (problem != SCAN_FINE)
		buf_adds(why, scan_says(problem));
	return problem == SCAN_FINE ? 0 : -1;
}

static uint64_t
little_endian(const char *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | (unsigned char)p[n];
	return v;
}

static int
cut_tfrecord(struct payloads *ps, struct buf *why)
{
	struct span s = ps->payload.body;
	size_t at = 0;
	uint64_t n;

	while (at < s.n) {
		n = s.n - at >= 12 ? little_endian(s.p + at, 8) : UINT64_MAX;
		if (s.n - at < 16 || n > s.n - at - 16) {
			buf_addf(why,
			    "a TFRecord at byte %" PRIu64 " is cut short",
			    ps->payload.ref.offset + at);
			return -1;
		}
		add_record(ps, s.p + at + 12, (size_t)n);
		at += (size_t)n + 16;
	}
	return 0;
}

/* A RecordIO part: its flag (0 whole, 1 first, 2 middle, 3 last) and data. */
struct part_of {
	unsigned flag;
	struct span data;
	size_t size; /* with its head and padding */
};

static int
next_part(struct span s, size_t at, struct part_of *part)
{
	uint64_t word;

	if (s.n - at < 8 || little_endian(s.p + at, 4) != recordio_magic)
		return -1;
	word = little_endian(s.p + at + 4, 4);
	part->flag = (unsigned)(word >> 29);
	part->data.p = s.p + at + 8;
	part->data.n = (size_t)(word & ((1u << 29) - 1));
	part->size = 8 + ((part->data.n + 3) & ~(size_t)3);
	return part->size <= s.n - at ? 0 : -1;
}

static int
bad_recordio(const struct payloads *ps, size_t at, struct buf *why)
{
	buf_addf(why, "no whole RecordIO record at byte %" PRIu64,
	    ps->payload.ref.offset + at);
	return -1;
}

/*
 * Puts a record's parts together in ps->joined: the magic stood between them.
 * Its place is its offset + 1 until joined stops moving.
 */
static int
join_parts(struct payloads *ps, size_t *at, struct buf *why)
{
	static const char magic[] = { 0x0a, 0x23, (char)0xd7, (char)0xce };
	struct span s = ps->payload.body;
	struct part_of part = { 0 };
	size_t from = ps->joined.n, first = *at;

	for (; part.flag != 3; *at += part.size) {
		if (*at > first)
			buf_add(&ps->joined, magic, sizeof magic);
		if (next_part(s, *at, &part) == -1 ||
		    part.flag != (*at == first ? 1u : part.flag | 2u))
			return bad_recordio(ps, *at, why);
		buf_add(&ps->joined, part.data.p, part.data.n);
	}
	buf_add(&ps->places, &ps->payload.count, sizeof ps->payload.count);
	buf_add(&ps->places, &from, sizeof from);
	add_record(ps, NULL, ps->joined.n - from);
	return 0;
}

/* joined moves no more: its records get their places. */
static void
place_joined(struct payloads *ps)
{
	size_t place[2], i;

	for (i = 0; i < ps->places.n; i += sizeof place) {
		memcpy(place, ps->places.p + i, sizeof place);
		ps->payload.records[place[0]].p = ps->joined.p + place[1];
	}
}

static int
cut_recordio(struct payloads *ps, struct buf *why)
{
	struct payload *pl = &ps->payload;
	struct part_of part;
	size_t at = 0;

	ps->joined.n = ps->places.n = 0;
	while (at < pl->body.n) {
		if (next_part(pl->body, at, &part) == -1)
			return bad_recordio(ps, at, why);
		if (part.flag == 0) {
			add_record(ps, part.data.p, part.data.n);
			at += part.size;
		} else if (join_parts(ps, &at, why) == -1)
			return -1;
	}
	place_joined(ps);
	return 0;
}

static int
cut_whole(struct payloads *ps, struct buf *why)
{
	struct payload *pl = &ps->payload;

	(void)why;
	if (pl->ref.count > 0 || pl->body.n > 0)
		add_record(ps, pl->body.p, pl->body.n);
	return 0;
}

static int
cut_records(struct payloads *ps, struct buf *why)
{
	struct payload *pl = &ps->payload;

	if (pl->ref.bare)
		return cut_whole(ps, why);
	switch (pl->ref.split) {
	case REF_RECORDIO:
		return cut_recordio(ps, why);
	case REF_TFRECORD:
		return cut_tfrecord(ps, why);
	case REF_NONE:
		return cut_whole(ps, why);
	case REF_LINE:
		break;
	}
	return pl->ref.keeps_newlines ? cut_quoted_lines(ps, why)
				      : cut_lines(ps, why);
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

/* A RecordIO record in parts that goes alone is posted as its payload. */
static void
unframe(struct payloads *ps)
{
	struct payload *pl = &ps->payload;

	if (pl->ref.split == REF_RECORDIO && pl->count == 1 &&
	    ps->places.n > 0 && !pl->ref.bare) {
		pl->body.p = pl->records[0].p;
		pl->body.n = pl->records[0].n;
	}
}

const struct payload *
payload_load(struct payloads *ps, const struct ref *r, struct buf *why)
{
	struct payload *pl = &ps->payload;

	pl->ref = *r;
	pl->count = 0;
	ps->places.n = 0;
	if (r->length > SIZE_MAX / 4 || r->header_length > SIZE_MAX / 4) {
		buf_adds(why, "its range does not fit in memory");
		return NULL;
	}
	if (open_object(ps, r, why) == -1 || load_range(ps, r, why) == -1 ||
	    check_crc32c(pl, why) == -1 || load_header(ps, r, why) == -1)
		return NULL;
	pl->object = ps->object.p;
	take_type(ps);
	skip_bom(pl);
	if (cut_records(ps, why) == -1)
		return NULL;
	if (pl->count != r->count) {
		buf_addf(why,
		    "%zu records in the range, the reference says %" PRIu64,
		    pl->count, r->count);
		return NULL;
	}
	unframe(ps);
	return pl;
}

static uint64_t
recordio_start(const struct payload *p, size_t i)
{
	struct part_of part;
	size_t at = 0;

	/* Checked when it was cut. */
	for (; next_part(p->body, at, &part) == 0; at += part.size)
		if (part.flag <= 1 && i-- == 0)
			break;
	return at;
}

uint64_t
payload_start(const struct payload *p, size_t i)
{
	if (i == 0)
		return 0;
	if (i == p->count)
		return p->ref.length;
	if (p->ref.split == REF_RECORDIO)
		return recordio_start(p, i);
	return p->ref.length - p->body.n +
	       (uint64_t)(p->records[i].p - p->body.p) -
	       (p->ref.split == REF_TFRECORD ? 12 : 0);
}
