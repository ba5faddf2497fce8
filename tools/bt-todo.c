/*
 * bt-todo - pass the references that have no answer yet
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/say.h"
#include "base/start.h"
#include "stage/join_results.h"
#include "stage/todo.h"

static void
usage(FILE *f, int status)
{
	fprintf(f, "usage: bt-todo [-f] results ...\n"
		   "       bt-todo --answered [-f] results ...\n");
	exit(status);
}

static void
flush(struct buf *out)
{
	ssize_t wrote;
	size_t done;

	for (done = 0; done < out->n; done += (size_t)wrote) {
		wrote = write(STDOUT_FILENO, out->p + done, out->n - done);
		if (wrote == -1 && errno != EINTR)
			say_errno_exit(1, "standard output");
		if (wrote == -1)
			wrote = 0;
	}
	out->n = 0;
}

/* A line with its newline; what is written at once is whole lines, and no more
 * than a pipe keeps together. */
static void
put(struct buf *out, struct span line)
{
	if (out->n + line.n > REF_MAX)
		flush(out);
	buf_add(out, line.p, line.n);
}

static void
put_lines(struct buf *out, const struct buf *lines)
{
	const char *p = lines->p, *end = p + lines->n;
	struct span line;

	for (; p < end; p += line.n) {
		line.p = p;
		line.n =
		    (size_t)((const char *)memchr(p, '\n', (size_t)(end - p)) +
			     1 - p);
		put(out, line);
	}
}

static void
take_result(
    struct todo *t, const struct result *res, const char *name, uint64_t number)
{
	struct buf why = { 0 };

	if (todo_result(t, res, &why) == -1)
		say_exit(
		    1, "%s: line %" PRIu64 ": %s", name, number, buf_str(&why));
}

/* Notes the results in a file; without t, writes those that count to out. */
static void
read_results(struct todo *t, bool failed, const char *name, struct buf *out)
{
	enum results_event got;
	struct results in;
	struct result res;
	struct span line;
	const char *why;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		say_errno_exit(1, "%s", name);
	results_open(&in, fd);
	while ((got = results_next(&in, &line)) < RESULTS_END) {
		if (got == RESULTS_IDLE)
			continue;
		if (result_parse(&res, line, &why) == -1)
			say_exit(
			    1, "%s: line %" PRIu64 ": %s", name, in.lines, why);
		line.n++;
		if (t != NULL)
			take_result(t, &res, name, in.lines);
		else if (res.answered || !failed)
			put(out, line);
	}
	if (got == RESULTS_ERROR)
		say_errno_exit(1, "%s", name);
	results_close(&in);
}

static void
take_ref(struct todo *t, struct span line, uint64_t number, struct buf *out)
{
	static struct buf lines, why;
	const char *wrong;
	struct ref r;

	lines.n = 0;
	if (ref_parse(&r, line, &wrong) == -1)
		buf_adds(&why, wrong);
	else if (todo_ref(t, &r, line, &lines, &why) == 0) {
		put_lines(out, &lines);
		return;
	}
	flush(out);
	say_exit(
	    1, "standard input: line %" PRIu64 ": %s", number, buf_str(&why));
}

static void
pass_refs(struct todo *t, struct buf *out)
{
	struct results in;
	struct span line;
	enum results_event got;

	results_open(&in, STDIN_FILENO);
	while ((got = results_next(&in, &line)) < RESULTS_END)
		if (got == RESULTS_LINE)
			take_ref(t, line, in.lines, out);
		else
			flush(out);
	flush(out);
	if (got == RESULTS_ERROR)
		say_errno_exit(1, "standard input");
	if (in.held.n > in.at)
		say_exit(1,
		    "standard input: line %" PRIu64
		    ": the last line has no newline",
		    in.lines + 1);
	results_close(&in);
}

enum { OPT_ANSWERED = 256 };

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "answered", no_argument, NULL, OPT_ANSWERED },
	{ "failed", no_argument, NULL, 'f' },
	{ NULL, 0, NULL, 0 },
};

int
main(int argc, char *argv[])
{
	bool answered = false, failed = false;
	struct todo *t = NULL;
	struct buf out = { 0 };
	int ch;

	start_tool();
	while ((ch = getopt_long(argc, argv, "f", long_options, NULL)) != -1)
		switch (ch) {
		case 'h':
			usage(stdout, 0);
			break;
		case 'V':
			puts("bt-todo " BT_VERSION);
			return fclose(stdout) == 0 ? 0 : 1;
		case 'f':
			failed = true;
			break;
		case OPT_ANSWERED:
			answered = true;
			break;
		default:
			usage(stderr, 2);
		}
	if (optind == argc)
		usage(stderr, 2);
	if (!answered)
		t = todo_new(failed);
	for (; optind < argc; optind++)
		read_results(t, failed, argv[optind], &out);
	if (t != NULL) {
		pass_refs(t, &out);
		todo_free(t);
	}
	flush(&out);
	buf_free(&out);
	if (close(STDOUT_FILENO) == -1)
		say_errno_exit(1, "standard output");
	return 0;
}
