/*
 * records [-q] [-b] [STEP]: the lines of standard input in brackets, where STEP
 * bytes more are there at each call (all at once if not given), -q with quotes,
 * -b without blank lines; then their number, or what is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/records.h"

int
main(int argc, char *argv[])
{
	struct records rs = { 0 };
	struct buf in = { 0 }, why = { 0 };
	struct span body;
	bool quotes = false, skips_blank = false;
	size_t i, n, step;
	int ch, got = 0;

	while ((ch = getopt(argc, argv, "qb")) != -1) {
		quotes |= ch == 'q';
		skips_blank |= ch == 'b';
	}
	while ((n = fread(buf_room(&in, 4096), 1, 4096, stdin)) > 0)
		in.n += n;
	step = argv[optind] != NULL ? strtoul(argv[optind], NULL, 10) : in.n;
	body = (struct span){ in.p, 0 };
	records_begin(&rs, quotes, skips_blank);
	do {
		body.n = in.n - body.n < step ? in.n : body.n + step;
		got = records_lines(&rs, body, body.n == in.n, &why);
	} while (got == 0 && body.n < in.n);
	for (i = 0; i < rs.n; i++)
		printf("[%.*s]", (int)rs.list[i].n, rs.list[i].p);
	printf(" %zu%s%s\n", rs.n, got == -1 ? ": " : "", buf_str(&why));
	records_free(&rs);
	buf_free(&in);
	buf_free(&why);
	return fclose(stdout) == 0 ? 0 : 1;
}
