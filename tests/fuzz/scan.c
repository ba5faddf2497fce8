/*
 * The scan against libcsv itself, every body, blocks cut as the input says;
 * and the fields and separators of any text against libcsv's fields.
 *
 * libcsv gets the text with the CR of each CR LF left out: it knows no other
 * way to let a CR end a row only there.
 */
#include <csv.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "format/csv.h"
#include "format/scan.h"
#include "format/scan/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPTIONS = CSV_STRICT_FINI | CSV_REPALL_NL };

struct found {
	enum scan_problem problem;
	size_t at;
	size_t ends[4096], count;
};

struct text {
	char p[4096];
	size_t place[4096]; /* in the text that it was made of */
	size_t n;
};

struct fields {
	struct buf bytes; /* each field with a NUL after it, each row with LF */
	size_t rows;
};

static void
want(int is)
{
	if (!is)
		abort();
}

static int
is_lf(unsigned char c)
{
	return c == '\n';
}

static int
is_nothing(unsigned char c)
{
	(void)c;
	return 0;
}

static void
on_field(void *p, size_t n, void *data)
{
	struct fields *f = data;

	buf_add(&f->bytes, p, n);
	buf_addc(&f->bytes, '\0');
}

static void
on_row(int c, void *data)
{
	struct fields *f = data;

	(void)c;
	buf_addc(&f->bytes, '\n');
	f->rows++;
}

static void
parser_new(struct csv_parser *csv, unsigned char options)
{
	csv_init(csv, options);
	csv_set_term_func(csv, is_lf);
	csv_set_space_func(csv, is_nothing);
}

/* A CR at the text's end counts as half a line end. */
static void
without_crs(struct text *t, const char *p, size_t n)
{
	size_t i;

	t->n = 0;
	for (i = 0; i < n; i++)
		if (p[i] != '\r' || (i + 1 < n && p[i + 1] != '\n')) {
			t->place[t->n] = i;
			t->p[t->n++] = p[i];
		}
}

/* What one byte more tells; false where libcsv refuses it. */
static bool
oracle_byte(struct csv_parser *csv, struct found *f, const struct text *t,
    size_t i, const struct scan *how)
{
	struct fields seen = { .rows = 0 };

	if (csv_parse(csv, t->p + i, 1, NULL, on_row, &seen) == 0) {
		f->at = t->place[i] + (t->p[i] == '\r');
		f->problem = csv->quoted ? SCAN_AFTER_QUOTE : SCAN_BARE_QUOTE;
		if (csv->quoted || how->strict)
			return false;
		f->problem = SCAN_FINE;
		csv_set_opts(csv, OPTIONS);
		csv_parse(csv, t->p + i, 1, NULL, on_row, &seen);
		csv_set_opts(csv, OPTIONS | CSV_STRICT);
	}
	buf_free(&seen.bytes);
	if (t->p[i] != '\n')
		return true;
	if (seen.rows > 0) {
		f->ends[f->count++] = t->place[i] + 1;
	} else if (!how->keep) {
		f->problem = SCAN_EMBEDDED_NEWLINE;
		f->at = t->place[i];
		return false;
	}
	return true;
}

/* The same in one call, strictly: it must find the same rows. */
static void
oracle_whole(const struct found *f, const struct text *t)
{
	struct fields seen = { .rows = 0 };
	struct csv_parser csv;
	size_t n;

	parser_new(&csv, OPTIONS | CSV_STRICT);
	n = csv_parse(&csv, t->p, t->n, NULL, on_row, &seen);
	want(seen.rows == f->count);
	if (n < t->n)
		want(f->problem != SCAN_FINE &&
		     f->at == t->place[n] + (t->p[n] == '\r'));
	else
		want(f->problem == SCAN_FINE ||
		     f->problem == SCAN_UNTERMINATED_QUOTE);
	csv_free(&csv);
	buf_free(&seen.bytes);
}

static void
oracle(struct found *f, const char *p, size_t n, const struct scan *how)
{
	static struct text t;
	struct csv_parser csv;
	size_t i;

	without_crs(&t, p, n);
	f->problem = SCAN_FINE;
	f->count = 0;
	parser_new(&csv, OPTIONS | CSV_STRICT);
	for (i = 0; i < t.n; i++)
		if (!oracle_byte(&csv, f, &t, i, how))
			break;
	if (f->problem == SCAN_FINE) {
		f->at = n;
		if (csv_fini(&csv, NULL, NULL, NULL) != 0)
			f->problem = SCAN_UNTERMINATED_QUOTE;
	}
	csv_free(&csv);
	if (how->strict && how->keep)
		oracle_whole(f, &t);
}

static size_t
cut(uint32_t *seed, size_t left)
{
	size_t n;

	*seed = *seed * 1664525 + 1013904223;
	n = 1 + (*seed >> 16) % (*seed >> 30 ? 200 : 5);
	return n < left ? n : left;
}

static void
scan_once(const struct found *f, const char *p, size_t n, struct scan s,
    uint32_t seed)
{
	uint32_t ends[300];
	size_t at = 0, count, used, i, listed = 0;
	enum scan_problem problem = SCAN_FINE;

	while (at < n && problem == SCAN_FINE) {
		problem = scan_index(&s, p + at, cut(&seed, n - at), ends,
		    cut(&seed, 300), &count, &used);
		for (i = 0; i < count; i++, listed++)
			want(listed < f->count &&
			     at + ends[i] == f->ends[listed]);
		if (problem != SCAN_FINE)
			want(at + s.bad == f->at);
		at += used;
	}
	if (problem == SCAN_FINE)
		problem = scan_finish(&s);
	want(problem == f->problem && listed == f->count && s.ends == f->count);
	scan_free(&s);
}

static void
scan_blocks(const struct found *f, const char *p, size_t n, struct scan s,
    uint32_t seed)
{
	enum scan_problem problem = SCAN_FINE;
	size_t at = 0, piece, end = 0;
	uint32_t sum = 0;

	for (; at < n && problem == SCAN_FINE; at += piece) {
		piece = cut(&seed, n - at);
		if (seed & 1)
			piece = n - at;
		problem = scan_block_summed(&s, p + at, piece, &sum);
		want(sum == crc32c(0, p, at + piece));
		if (s.end != 0)
			end = at + s.end;
		if (problem != SCAN_FINE)
			want(at + s.bad == f->at);
	}
	if (problem == SCAN_FINE)
		problem = scan_finish(&s);
	want(problem == f->problem && s.ends == f->count);
	want(end == (f->count > 0 ? f->ends[f->count - 1] : 0));
	scan_free(&s);
}

static void
add_field(struct buf *b, const char *p, size_t n)
{
	struct span field = { p, n };

	csv_unquote(b, field);
	buf_addc(b, '\0');
}

/* A record as libcsv would tell it, its line end left out. */
static void
add_record(struct buf *whole, const char *p, size_t n)
{
	static struct span fields[4097];
	struct span record = { p, n };
	size_t count, i;

	if (n > 0 && p[n - 1] == '\r')
		record.n--;
	if (record.n == 0)
		return;
	count = csv_fields(record, fields, 4097);
	for (i = 0; i < count; i++)
		add_field(whole, fields[i].p, fields[i].n);
}

static void
drop_crs(struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->n; i++)
		if (b->p[i] != '\r')
			b->p[n++] = b->p[i];
	b->n = n;
}

/* Cuts the text at its separators and at its records; both must give what
 * libcsv gives without its strict mode. */
static void
check_fields(const char *p, size_t n)
{
	static struct text t;
	static uint32_t at[4096];
	struct fields f = { .rows = 0 };
	struct buf got = { 0 }, by_index = { 0 };
	struct csv_parser csv;
	size_t count, i, from = 0, field = 0, end, bare;

	without_crs(&t, p, n);
	parser_new(&csv, CSV_REPALL_NL);
	csv_parse(&csv, t.p, t.n, on_field, on_row, &f);
	csv_fini(&csv, on_field, NULL, &f);
	csv_free(&csv);
	count = csv_index(p, n, at);
	for (i = 0; i < count; i++) {
		end = at[i] & ~CSV_RECORD_END;
		bare = end;
		if (at[i] & CSV_RECORD_END && bare > field &&
		    p[bare - 1] == '\r')
			bare--;
		if (!(at[i] & CSV_RECORD_END) || bare > from)
			add_field(&by_index, p + field, bare - field);
		field = end + 1;
		if (at[i] & CSV_RECORD_END) {
			add_record(&got, p + from, end - from);
			buf_addc(&got, '\n');
			buf_addc(&by_index, '\n');
			from = field;
		}
	}
	bare = n - (n > field && p[n - 1] == '\r');
	if (bare > from)
		add_field(&by_index, p + field, bare - field);
	add_record(&got, p + from, n - from);
	/* A CR LF inside quotes is one byte less on libcsv's side. */
	drop_crs(&f.bytes);
	drop_crs(&got);
	drop_crs(&by_index);
	want(got.n == f.bytes.n && by_index.n == f.bytes.n);
	if (got.n > 0)
		want(memcmp(got.p, f.bytes.p, got.n) == 0 &&
		     memcmp(by_index.p, f.bytes.p, got.n) == 0);
	buf_free(&f.bytes);
	buf_free(&got);
	buf_free(&by_index);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct found f;
	const struct cpu_body *const *b;
	struct scan how = { .csv = true };
	const char *p = (const char *)data + 2;
	size_t n = size - 2;

	if (size < 2 || n > 4096)
		return 0;
	how.strict = data[0] & 1;
	how.keep = data[0] & 2;
	oracle(&f, p, n, &how);
	for (b = scan_kernels; *b != NULL; b++)
		if ((*b)->usable()) {
			scan_kernel_use(*b);
			scan_once(&f, p, n, how, data[1]);
			scan_blocks(&f, p, n, how, data[1]);
			check_fields(p, n);
		}
	return 0;
}
