/*
 * CSV fields from the command line:
 *
 *	csv fields	a line for each record in standard input: its fields,
 *		each in brackets
 *	csv index	the separators of all of standard input, "|" for an end
 *	csv unquote, csv quote	of all of standard input
 *	csv random SEED COUNT	index and fields agree, every body's index too
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "format/csv.h"
#include "format/scan/kernel.h"

enum { FIELDS = 8, TEXT_MAX = 600 };

static struct buf
read_all(void)
{
	struct buf b = { 0 };
	size_t n;

	while ((n = fread(buf_room(&b, 4096), 1, 4096, stdin)) > 0)
		b.n += n;
	return b;
}

static void
show_fields(struct span record)
{
	struct span fields[FIELDS];
	size_t n = csv_fields(record, fields, FIELDS), i;

	printf("%zu", n);
	for (i = 0; i < n && i < FIELDS; i++)
		printf(" [%.*s]", (int)fields[i].n, fields[i].p);
	puts("");
}

static void
fields_of_lines(struct span text)
{
	const char *p = text.p, *end = p + text.n, *lf;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		show_fields((struct span){ p, (size_t)(lf - p) });
	}
}

static void
show_index(struct span text)
{
	uint32_t *at = mem_resize(NULL, text.n + 1, sizeof *at);
	size_t n = csv_index(text.p, text.n, at), i;

	for (i = 0; i < n; i++)
		printf("%s%u%s", i > 0 ? " " : "", at[i] & ~CSV_RECORD_END,
		    at[i] & CSV_RECORD_END ? "|" : "");
	puts("");
	free(at);
}

static uint64_t seed;

static unsigned
chance(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static size_t
make_text(char *p)
{
	static const char *const bits[] = { "\"", ",", "\n", "\r\n", "a",
		"\"a,b\",", ",\"\",", "5\" disk,", "1,2\n", "\"\"",
		"\"c\"\"d\"\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,",
		",,,,,,,,,,,,,,,,,,,,,,", "\n\n\n\n\n\n\n\n\n\n" };
	unsigned from = chance(2) ? 0 : 4;
	size_t n = 0, length;
	const char *bit;

	while (n < TEXT_MAX - 50 && chance(60) != 0) {
		bit = bits[from + chance(14 - from)];
		length = strlen(bit);
		memcpy(p + n, bit, length);
		n += length;
	}
	return n;
}

/* The fields of each record that the index tells of end where it says. */
static void
check_records(const char *p, const uint32_t *at, size_t n)
{
	static struct span fields[TEXT_MAX + 1];
	struct span record = { p, 0 };
	size_t i, first = 0, k, count, end;

	for (i = 0; i < n; i++) {
		if (!(at[i] & CSV_RECORD_END))
			continue;
		end = at[i] & ~CSV_RECORD_END;
		record.n = (size_t)(p + end - record.p);
		if (record.n > 0 && record.p[record.n - 1] == '\r')
			record.n--;
		count = csv_fields(record, fields, TEXT_MAX + 1);
		if (count != i - first + 1)
			errx(1, "%zu fields, %zu separators", count, i - first);
		for (k = 0; k + 1 < count; k++)
			if (fields[k].p + fields[k].n != p + at[first + k])
				errx(1, "field %zu ends elsewhere", k);
		record.p = p + end + 1;
		first = i + 1;
	}
}

static void
random_texts(unsigned long count)
{
	static uint32_t want[TEXT_MAX], *at;
	const struct cpu_body *const *b;
	char text[TEXT_MAX], *copy;
	size_t n, wanted, got;

	for (; count > 0; count--) {
		n = make_text(text);
		copy = mem_dup(text, n);
		at = mem_resize(NULL, n + 1, sizeof *at);
		scan_kernel_use(&scan_plain.cpu);
		wanted = csv_index(copy, n, want);
		check_records(copy, want, wanted);
		for (b = scan_kernels; *b != NULL; b++) {
			if (!(*b)->usable())
				continue;
			scan_kernel_use(*b);
			got = csv_index(copy, n, at);
			if (got != wanted ||
			    memcmp(at, want, got * sizeof *at) != 0)
				errx(1, "%s: another index: %.*s", (*b)->name,
				    (int)n, text);
		}
		free(at);
		free(copy);
	}
	puts("agree");
}

int
main(int argc, char *argv[])
{
	struct buf in, out = { 0 };
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 4 && strcmp(what, "random") == 0) {
		seed = strtoull(argv[2], NULL, 10);
		random_texts(strtoul(argv[3], NULL, 10));
		return 0;
	}
	in = read_all();
	if (strcmp(what, "fields") == 0)
		fields_of_lines(buf_span(&in));
	else if (strcmp(what, "index") == 0)
		show_index(buf_span(&in));
	else if (strcmp(what, "unquote") == 0)
		csv_unquote(&out, buf_span(&in));
	else if (strcmp(what, "quote") == 0)
		csv_quote(&out, buf_span(&in));
	else
		errx(2, "usage: csv fields | index | unquote | quote | "
			"random SEED COUNT");
	if (out.n > 0)
		fwrite(out.p, 1, out.n, stdout);
	buf_free(&in);
	buf_free(&out);
	return 0;
}
