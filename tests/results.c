/*
 * results - prints what results_next returns of standard input: each line
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
	enum results_event got;
	struct results r;
	struct span line;

	(void)argv;
	results_open(&r, STDIN_FILENO);
	r.stop = &stop;
	r.waited = true; /* as after a moment without lines */
	while ((got = results_next(&r, &line)) == RESULTS_LINE) {
		if (line.n > 40)
			printf("%zu\n", line.n);
		else
			printf("<%.*s>\n", (int)line.n, line.p);
		fflush(stdout);
		r.waited = argc > 1;
		stop = argc > 1 && r.lines == 2;
	}
	printf("%s after %d\n",
	    got == RESULTS_IDLE	 ? "idle"
	    : got == RESULTS_END ? "end"
				 : "error",
	    (int)r.lines);
	results_close(&r);
	return 0;
}
