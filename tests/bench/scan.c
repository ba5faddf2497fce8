/*
 * How fast the scan goes on a file in the page cache: GB (10^9 bytes) per
 * second of processor time, the best of ROUNDS.
 *
 *	scan [FILE [STEP]]
 *
 * Without FILE, the name of the scan's body is printed.
 *
 * First reading in steps of STEP bytes, then with CRC-32C, with the scan, with
 * both; then each part alone, in memory.  BT_CPU chooses the body.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "format/csv.h"
#include "format/scan.h"
#include "clock.h"

enum { ROUNDS = 5, CRC = 1, SCAN = 2 };

static size_t step = 256 << 10;
static volatile uint64_t sink;

static size_t
by_read(int fd, char *p, int what)
{
	struct scan s = { .csv = true };
	uint32_t crc = 0;
	size_t all = 0;
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, p, step)) > 0) {
		if (what & SCAN && scan_block(&s, p, (size_t)n) != SCAN_FINE)
			errx(1, "refused");
		if (what & CRC)
			crc = crc32c(crc, p, (size_t)n);
		all += (size_t)n;
	}
	sink = s.ends + crc;
	scan_free(&s);
	return all;
}

/* In memory: the same block again and again. */
static size_t
in_memory(char *p, size_t n, int what)
{
	enum { TIMES = 200 };
	uint32_t *at = mem_alloc(n * sizeof *at);
	size_t i, used, count = 0;

	for (i = 0; i < TIMES; i++) {
		struct scan s = { .csv = what != 1 };

		if (what < 2)
			scan_block(&s, p, n);
		else if (what == 2)
			scan_index(&s, p, n, at, n, &count, &used);
		else if (what == 3)
			count = csv_index(p, n, at);
		else
			count = crc32c(0, p, n);
		scan_free(&s);
		sink = s.ends + count;
	}
	free(at);
	return n * TIMES;
}

static void
report(const char *what, size_t bytes, double seconds)
{
	printf(" %s %.2f", what, (double)bytes / seconds / 1e9);
}

int
main(int argc, char *argv[])
{
	static const char *const names[] = { "read", "read+crc", "read+scan",
		"read+scan+crc" };
	static const char *const memory[] = { "scan", "lines", "index",
		"separators", "crc" };
	double best, t;
	size_t n = 0;
	char *p;
	int fd, what, i;

	if (argc < 2) {
		puts(scan_kernel_name());
		return 0;
	}
	if ((fd = open(argv[1], O_RDONLY)) == -1)
		err(2, "usage: scan [FILE [STEP]]");
	if (argc > 2)
		step = strtoul(argv[2], NULL, 10);
	p = mem_alloc(step);
	printf("%s %s %zu:", argv[1], scan_kernel_name(), step);
	for (what = 0; what < 4; what++) {
		for (best = 1e9, i = 0; i < ROUNDS; i++) {
			t = now();
			n = by_read(fd, p, what);
			t = now() - t;
			best = t < best ? t : best;
		}
		report(names[what], n, best);
	}
	lseek(fd, 0, SEEK_SET);
	if (read(fd, p, step) != (ssize_t)step)
		err(1, "%s", argv[1]);
	while (p[step - 1] != '\n')
		step--;
	printf(";");
	for (what = 0; what < 5; what++) {
		for (best = 1e9, i = 0; i < ROUNDS; i++) {
			t = now();
			n = in_memory(p, step, what);
			t = now() - t;
			best = t < best ? t : best;
		}
		report(memory[what], n, best);
	}
	puts("");
	return 0;
}
