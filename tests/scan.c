/*
 * The scan against a machine of one byte at a time: random short texts of the
 * bytes that matter, every body, blocks cut anywhere.
 *
 *	scan random SEED COUNT	compare; say where they differ
 *	scan bodies	name those that this machine has
 *	scan file csv|strict|keep|lines [BLOCK]	what is found in standard input
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "format/scan.h"
#include "format/scan/kernel.h"

enum { TEXT_MAX = 8000 }; /* more than two runs that are summed */

/* What a scan of a whole object finds. */
struct found {
	enum scan_problem problem;
	uint64_t at; /* of the problem */
	uint64_t lines, ends, blank;
	uint64_t place[TEXT_MAX + 1]; /* of each end */
	uint64_t last;		      /* end */
};

struct mode {
	const char *name;
	bool csv, strict, keep;
};

static const struct mode modes[] = {
	{ "csv", true, false, false },
	{ "strict", true, true, false },
	{ "keep", true, false, true },
	{ "keep-strict", true, true, true },
	{ "lines", false, false, false },
};

static uint64_t seed;

static unsigned
chance(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void
line_end(struct found *f, const char *p, uint64_t at)
{
	uint64_t begin = f->last;

	if (at == begin || (at == begin + 1 && p[begin] == '\r'))
		f->blank++;
	f->lines++;
	f->last = f->place[f->ends++] = at + 1;
}

/* The rules as format/scan.h says them. */
static struct found
machine(const char *p, size_t n, const struct mode *m)
{
	enum { START, BARE, QUOTED, CLOSED, CLOSED_CR } state = START;
	struct found f = { .problem = SCAN_FINE };
	size_t i;

	for (i = 0; i < n; i++) {
		f.at = i;
		if (p[i] == '\n' && (!m->csv || state != QUOTED)) {
			line_end(&f, p, i);
			state = START;
		} else if (!m->csv) {
			continue;
		} else if (state == QUOTED) {
			if (p[i] == '"')
				state = CLOSED;
			else if (p[i] == '\n') {
				f.lines++;
				f.problem = SCAN_EMBEDDED_NEWLINE;
				if (!m->keep) {
					f.lines--;
					return f;
				}
				f.problem = SCAN_FINE;
			}
		} else if (p[i] == '"') {
			if (state == CLOSED_CR) {
				f.problem = SCAN_AFTER_QUOTE;
				return f;
			}
			if (state == BARE && m->strict) {
				f.problem = SCAN_BARE_QUOTE;
				return f;
			}
			if (state != BARE)
				state = QUOTED;
		} else if (p[i] == ',' && state != CLOSED_CR) {
			state = START;
		} else if (p[i] == '\r' && state == CLOSED) {
			state = CLOSED_CR;
		} else if (state == CLOSED || state == CLOSED_CR) {
			f.problem = SCAN_AFTER_QUOTE;
			return f;
		} else {
			state = BARE;
		}
	}
	f.at = n;
	if (m->csv && state == QUOTED)
		f.problem = SCAN_UNTERMINATED_QUOTE;
	return f;
}

static size_t
cut(size_t left)
{
	size_t n = chance(3) == 0 ? 1 + chance(8) : 1 + chance(TEXT_MAX);

	return n < left ? n : left;
}

/* Totals and places must agree whatever the cuts: each is taken at its call. */
static struct found
by_blocks(const char *p, size_t n, const struct mode *m)
{
	struct scan s = { .csv = m->csv, .strict = m->strict, .keep = m->keep };
	struct found f = { .problem = SCAN_FINE };
	size_t at = 0, piece;
	uint32_t sum = 0;
	char *copy;

	while (at < n) {
		piece = cut(n - at);
		copy = malloc(piece);
		memcpy(copy, p + at, piece);
		if (chance(4) > 0) {
			f.problem = scan_block_summed(&s, copy, piece, &sum);
		} else {
			f.problem = scan_block(&s, copy, piece);
			sum = crc32c(sum, copy, piece);
		}
		free(copy);
		if (sum != crc32c(0, p, at + piece))
			errx(1, "%zu bytes are not summed well", at + piece);
		if (s.end != 0)
			f.last = at + s.end;
		if (f.problem != SCAN_FINE) {
			f.at = at + s.bad;
			break;
		}
		at += piece;
		if (s.bytes != at)
			errx(1, "%" PRIu64 " bytes scanned, not %zu", s.bytes,
			    at);
	}
	if (f.problem == SCAN_FINE) {
		f.at = n;
		f.problem = scan_finish(&s);
	}
	f.lines = s.lines;
	f.ends = s.ends;
	f.blank = s.blank;
	scan_free(&s);
	return f;
}

static struct found
by_index(const char *p, size_t n, const struct mode *m)
{
	struct scan s = { .csv = m->csv, .strict = m->strict, .keep = m->keep };
	struct found f = { .problem = SCAN_FINE };
	uint32_t ends[TEXT_MAX];
	size_t at = 0, piece, max, count, used, i;

	while (at < n && f.problem == SCAN_FINE) {
		piece = cut(n - at);
		max = 1 + chance(chance(2) ? 3 : TEXT_MAX);
		f.problem =
		    scan_index(&s, p + at, piece, ends, max, &count, &used);
		for (i = 0; i < count; i++)
			f.place[f.ends++] = at + ends[i];
		if (s.end != (count > 0 ? ends[count - 1] : 0))
			errx(1, "end is %zu", s.end);
		if (f.problem == SCAN_FINE && used < piece &&
		    (count < max || used != ends[max - 1]))
			errx(1, "%zu bytes of %zu used for %zu ends of %zu",
			    used, piece, count, max);
		f.at = at + s.bad;
		at += used;
	}
	if (f.ends > 0)
		f.last = f.place[f.ends - 1];
	if (f.problem == SCAN_FINE) {
		f.at = n;
		f.problem = scan_finish(&s);
	}
	f.lines = s.lines;
	f.blank = s.blank;
	if (s.ends != f.ends)
		errx(1, "%" PRIu64 " ends listed of %" PRIu64, f.ends, s.ends);
	scan_free(&s);
	return f;
}

static void
show(const char *title, const struct found *f)
{
	printf("%s: %s at %" PRIu64 ", %" PRIu64 " lines, %" PRIu64
	       " ends, %" PRIu64 " blank, last end %" PRIu64 "\n",
	    title, scan_says(f->problem), f->at, f->lines, f->ends, f->blank,
	    f->last);
}

static void
compare(const char *how, const struct found *want, const struct found *got,
    bool places, const char *p, size_t n, const struct mode *m)
{
	if (got->problem == want->problem && got->at == want->at &&
	    got->lines == want->lines && got->ends == want->ends &&
	    got->blank == want->blank && got->last == want->last &&
	    (!places || memcmp(got->place, want->place,
			    want->ends * sizeof want->place[0]) == 0))
		return;
	fwrite(p, 1, n, stdout);
	printf("\n--- %s, %s, %s\n", scan_kernel_name(), m->name, how);
	show("wanted", want);
	show("got", got);
	exit(1);
}

/*
 * Any of the bytes that matter, well-formed records with now and then one of
 * those bytes, or something between.
 */
static const char *
make_bit(unsigned kind, unsigned rare, bool separator)
{
	static const char *const bits[] = { "\"", ",", "\n", "\r", " ", "a" };
	static const char *const fields[] = { "", "\"\"", "\"a,b\"", "12",
		"\"c\"\"d\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaa,aaaaaaaaaaaaaaa,a\"",
		"\"\"\"\"" };
	static const char *const separators[] = { ",", ",", "\n", "\r\n" };

	if (kind == 0 || chance(rare) == 0)
		return bits[chance(6)];
	if (kind == 1)
		separator = chance(2);
	return separator ? separators[chance(4)] : fields[chance(8)];
}

static size_t
make_text(char *p)
{
	unsigned kind = chance(4), rare = 10 + chance(chance(2) ? 50 : 2000);
	size_t n = 0, room = chance(kind > 1 ? TEXT_MAX : 300) + 1, length, i;
	const char *bit;

	for (i = 0; n < room; i++) {
		bit = make_bit(kind, rare, i % 2);
		length = strlen(bit);
		length = length < room - n ? length : room - n;
		memcpy(p + n, bit, length);
		n += length;
	}
	return n;
}

static void
random_texts(unsigned long count)
{
	char text[TEXT_MAX];
	const struct mode *m;
	struct found want, got;
	size_t n;

	for (; count > 0; count--) {
		n = make_text(text);
		for (m = modes; m < modes + sizeof modes / sizeof *modes; m++) {
			want = machine(text, n, m);
			got = by_blocks(text, n, m);
			compare("blocks", &want, &got, false, text, n, m);
			got = by_index(text, n, m);
			compare("index", &want, &got, true, text, n, m);
		}
	}
	printf("%s\n", scan_kernel_name());
}

static void
scan_file(const struct mode *m, size_t block)
{
	struct scan s = { .csv = m->csv, .strict = m->strict, .keep = m->keep };
	struct found f = { .problem = SCAN_FINE };
	char *p = malloc(block);
	size_t n;

	while (f.problem == SCAN_FINE && (n = fread(p, 1, block, stdin)) > 0) {
		f.at = s.bytes;
		f.problem = scan_block(&s, p, n);
		if (s.end != 0)
			f.last = f.at + s.end;
		f.at += f.problem == SCAN_FINE ? n : s.bad;
	}
	if (f.problem == SCAN_FINE)
		f.problem = scan_finish(&s);
	f.lines = s.lines;
	f.ends = s.ends;
	f.blank = s.blank;
	show(m->name, &f);
	scan_free(&s);
	free(p);
}

static const struct mode *
find_mode(const char *name)
{
	const struct mode *m;

	for (m = modes; m < modes + sizeof modes / sizeof *modes; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	errx(2, "no mode %s", name);
}

int
main(int argc, char *argv[])
{
	const struct cpu_body *const *b;

	if (argc == 4 && strcmp(argv[1], "random") == 0) {
		seed = strtoull(argv[2], NULL, 10);
		random_texts(strtoul(argv[3], NULL, 10));
	} else if (argc == 2 && strcmp(argv[1], "bodies") == 0) {
		for (b = scan_kernels; *b != NULL; b++)
			if ((*b)->usable())
				puts((*b)->name);
	} else if (argc >= 3 && strcmp(argv[1], "file") == 0) {
		scan_file(find_mode(argv[2]),
		    argc > 3 ? strtoul(argv[3], NULL, 10) : 65536);
	} else
		errx(2,
		    "usage: scan random SEED COUNT | bodies | file MODE [BLOCK]");
	return 0;
}
