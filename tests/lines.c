/*
 * lines - prints what line_reader_next returns of standard input: each line
 * between < and >, or its length where it has more than 40 bytes.  With an
 * argument a signal has come after the second line, between two calls.
 */
#include <stdio.h>
#include <unistd.h>

#include "io/lines.h"

static volatile sig_atomic_t stop;

int
main(int argc, char *argv[])
{
	enum line_event got;
	struct line_reader r;
	struct span line;

	(void)argv;
	line_reader_open(&r, STDIN_FILENO);
	r.stop = &stop;
	r.waited = true; /* as after a moment without lines */
	while ((got = line_reader_next(&r, &line)) == LINE_READ) {
		if (line.n > 40)
			printf("%zu\n", line.n);
		else
			printf("<%.*s>\n", (int)line.n, line.p);
		fflush(stdout);
		r.waited = argc > 1;
		stop = argc > 1 && r.lines == 2;
	}
	printf("%s after %d\n",
	    got == LINE_IDLE  ? "idle"
	    : got == LINE_END ? "end"
			      : "error",
	    (int)r.lines);
	line_reader_close(&r);
	return 0;
}
