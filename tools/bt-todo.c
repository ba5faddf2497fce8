/*
 * bt-todo - print references that have no result yet
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/fd.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "io/lines.h"
#include "io/remote.h"
#include "io/window.h"
#include "todo/todo.h"

/* Ignored lines: how many, and the error of the first. */
struct tally {
	uint64_t n;
	struct buf first;
};

/* References that have no result, or not for all their records. */
struct gaps {
	uint64_t batches, records;
	struct buf first;
	uint64_t ends; /* references that end an object */
};

struct reading {
	struct todo *t;
	bool answered, failed, check;
	const char *objects; /* the file of their names, for --missing */
	struct gaps gaps;
	struct buf out; /* not written yet */
	FILE *aside;	/* lines of failures, which may be answered later */
	struct windows parts;
	struct tally odd, lost;
	uint64_t ignored;
};

static const char usage[] =
    "usage: bt-todo [--check] [--failed] results ...\n"
    "       bt-todo --answered [--check] [--failed] results ...\n"
    "       bt-todo --missing objects results ...\n";

static void
flush(struct buf *out)
{
	if (fd_write(STDOUT_FILENO, out->p, out->n) == -1)
		say_errno_exit(1, "standard output");
	out->n = 0;
}

/* Adds a line with its newline.  Each write is of whole lines, and at most as
 * long as a pipe keeps together. */
static void
put(struct buf *out, struct span line)
{
	if (out->n + line.n > REF_MAX)
		flush(out);
	buf_add(out, line.p, line.n);
}

static void __attribute__((format(printf, 4, 5))) leave_out(
    struct tally *t, const char *name, uint64_t number, const char *fmt, ...)
{
	char text[8192];
	va_list ap;

	if (t->n++ > 0)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_addf(&t->first, "%s: line %" PRIu64 ": %s", name, number, text);
}

static void
tell(struct tally *t)
{
	if (t->n == 1)
		say("%s; it is left out", buf_str(&t->first));
	else if (t->n > 1)
		say("%s; it and %" PRIu64 " more are left out",
		    buf_str(&t->first), t->n - 1);
	buf_free(&t->first);
}

/* Keeps a failure until all answers are known. */
static void
put_aside(struct reading *in, struct span line)
{
	if (in->aside == NULL && (in->aside = tmpfile()) == NULL)
		say_errno_exit(1, "a temporary file");
	if (fwrite(line.p, 1, line.n, in->aside) != line.n)
		say_errno_exit(1, "a temporary file");
}

/* Prints a line that counts. */
static void
pass_result(struct reading *in, const struct result *res, struct span line)
{
	enum todo_line what;

	if (!res->answered) {
		if (!in->failed)
			put_aside(in, line);
		return;
	}
	what = todo_settle(in->t, res);
	if (what == TODO_FIRST)
		put(&in->out, line);
	in->ignored += what == TODO_OTHER;
}

/* Notes a result line for the references that are to come. */
static void
note_result(struct reading *in, const struct result *res, const char *name,
    uint64_t number)
{
	struct buf wrong = { 0 };
	enum todo_line what;

	if (todo_result(in->t, res, &what, &wrong) == -1)
		say_exit(1, "%s: line %" PRIu64 ": %s", name, number,
		    buf_str(&wrong));
	in->ignored += what == TODO_OTHER;
}

static void
pass_failures(struct reading *in)
{
	enum line_event got;
	struct line_reader lines;
	struct result res;
	struct span line;
	const char *why;

	if (in->aside == NULL)
		return;
	if (fflush(in->aside) == EOF ||
	    lseek(fileno(in->aside), 0, SEEK_SET) == -1)
		say_errno_exit(1, "a temporary file");
	line_reader_open(&lines, fileno(in->aside));
	while ((got = line_reader_next(&lines, &line)) < LINE_END)
		if (got != LINE_READ || result_read(&res, line, &why) == -1)
			continue;
		else if (in->objects != NULL)
			note_result(in, &res, "the failures", lines.lines);
		else if (todo_settle(in->t, &res) == TODO_FIRST) {
			line.n++;
			put(&in->out, line);
		}
	if (got == LINE_ERROR)
		say_errno_exit(1, "a temporary file");
	buf_free(&lines.held);
	fclose(in->aside);
}

static bool
reply_is_there(struct reading *in, const struct result *res, const char *name,
    uint64_t number)
{
	static struct buf path;
	const struct ref *r = &res->reply;
	uint64_t at = r->offset, end = r->offset + r->length;
	struct span s = { NULL, 0 };
	struct window *w;
	const char *why;
	uint32_t crc = 0;

	path.n = 0;
	ref_decode(&path, r->path);
	if (remote_is(buf_str(&path)))
		return true;
	w = windows_get(&in->parts, path.p, r->etag, &why);
	for (; w != NULL && at < end; at += s.n) {
		s = window_fill(w, at, 1, end - at);
		if (s.p == NULL || s.n == 0)
			break;
		if (s.n > end - at)
			s.n = (size_t)(end - at);
		crc = crc32c(crc, s.p, s.n);
	}
	if (w == NULL || (at < end && s.p == NULL)) {
		/* Other errors do not mean that the reply is lost. */
		if (errno != ENOENT && errno != ENOTDIR && errno != EISDIR &&
		    errno != EIO)
			say_errno_exit(1, "%s", path.p);
		leave_out(&in->lost, name, number, "%s: %s", path.p,
		    w == NULL ? why : strerror(errno));
		return false;
	}
	if (at == end && (!r->has_crc32c || r->crc32c == crc))
		return true;
	if (at < end)
		leave_out(&in->lost, name, number,
		    "%s ends at byte %" PRIu64 ", not %" PRIu64, path.p, at,
		    end);
	else
		leave_out(&in->lost, name, number,
		    "%s: bytes %" PRIu64 " to %" PRIu64
		    " have crc32c %08" PRIx32 ", not %08" PRIx32,
		    path.p, r->offset, end, crc, r->crc32c);
	return false;
}

static void
read_results(struct reading *in, const char *name)
{
	enum line_event got;
	struct line_reader lines;
	struct result res;
	struct ref ref;
	struct span line;
	const char *why, *other;
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		say_errno_exit(1, "%s", name);
	line_reader_open(&lines, fd);
	while ((got = line_reader_next(&lines, &line)) < LINE_END) {
		if (got == LINE_IDLE)
			continue;
		if (result_read(&res, line, &why) == -1) {
			if (lines.lines == 1 &&
			    ref_parse(&ref, line, &other) == 0)
				say_exit(1,
				    "%s: line 1: this is a reference: bt-predict "
				    "comes between",
				    name);
			leave_out(&in->odd, name, lines.lines, "%s", why);
			continue;
		}
		if (in->check && res.answered &&
		    !reply_is_there(in, &res, name, lines.lines))
			continue;
		line.n++;
		if (in->answered)
			pass_result(in, &res, line);
		else if (in->objects != NULL && !res.answered)
			put_aside(in, line);
		else
			note_result(in, &res, name, lines.lines);
	}
	if (got == LINE_ERROR)
		say_errno_exit(1, "%s", name);
	line_reader_close(&lines);
}

/* Counts the parts of a reference that have no result. */
static void
count_gaps(struct gaps *g, const struct ref *r, struct span lines)
{
	const char *end;
	struct ref part;
	const char *why;

	g->ends += r->last;
	if (lines.n == 0)
		return;
	if (g->batches++ == 0)
		buf_add(&g->first, lines.p,
		    (size_t)((char *)memchr(lines.p, '\n', lines.n) - lines.p));
	while (lines.n > 0) {
		end = memchr(lines.p, '\n', lines.n);
		if (ref_parse(&part,
			(struct span){ lines.p, (size_t)(end - lines.p) },
			&why) == 0)
			g->records += part.count;
		lines.n -= (size_t)(end + 1 - lines.p);
		lines.p = end + 1;
	}
}

/* Prints the parts of a reference that have no result, or counts them. */
static void
pass_ref(struct reading *in, struct span line, uint64_t number)
{
	struct buf *out = &in->out;
	static struct buf lines, why, path;
	const char *wrong, *other, *p, *end, *next;
	struct result res;
	struct ref r;

	lines.n = path.n = 0;
	if (ref_parse(&r, line, &wrong) == -1)
		buf_adds(&why, result_parse(&res, line, &other) == 0
				   ? "this is a result line: references come "
				     "from bt-split"
				   : wrong);
	else if (ref_decode(&path, r.path) == -1)
		buf_adds(&why, "bad percent encoding in its path");
	else if (todo_ref(in->t, &r, line, &lines, &why) == 0) {
		if (in->objects != NULL) {
			count_gaps(&in->gaps, &r, buf_span(&lines));
			return;
		}
		end = lines.p + lines.n;
		for (p = lines.p; p < end; p = next) {
			next = memchr(p, '\n', (size_t)(end - p));
			next++;
			put(out, (struct span){ p, (size_t)(next - p) });
		}
		return;
	}
	flush(out);
	say_exit(
	    1, "standard input: line %" PRIu64 ": %s", number, buf_str(&why));
}

static void
pass_refs(struct reading *in)
{
	struct line_reader lines;
	struct span line;
	enum line_event got;

	if (isatty(STDIN_FILENO))
		say("reading references from the terminal");
	line_reader_open(&lines, STDIN_FILENO);
	while ((got = line_reader_next(&lines, &line)) < LINE_END)
		if (got == LINE_READ)
			pass_ref(in, line, lines.lines);
		else
			flush(&in->out);
	flush(&in->out);
	if (got == LINE_ERROR)
		say_errno_exit(1, "standard input");
	if (lines.held.n > lines.at || lines.passing)
		say_exit(1,
		    "standard input: line %" PRIu64
		    ": the last line has no newline",
		    lines.lines + 1);
	line_reader_close(&lines);
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Says in a line on standard output what is missing, if anything is. */
static void
tell_gaps(struct reading *in)
{
	struct gaps *g = &in->gaps;
	uint64_t objects;
	int fd = open(in->objects, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || fd_count(fd, '\0', &objects) == -1)
		say_errno_exit(1, "%s", in->objects);
	close(fd);
	if (g->batches > 0)
		buf_addf(&in->out,
		    "no result for %" PRIu64 " record%s in %" PRIu64
		    " mini-batch%s, first those of %s\n",
		    g->records, plural(g->records), g->batches,
		    g->batches == 1 ? "" : "es", buf_str(&g->first));
	else if (g->ends != objects)
		buf_addf(&in->out,
		    "%" PRIu64 " object%s, but %" PRIu64
		    " end%s in the references\n",
		    objects, plural(objects), g->ends, g->ends == 1 ? "s" : "");
	buf_free(&g->first);
}

enum { OPT_ANSWERED = 256, OPT_CHECK, OPT_FAILED, OPT_MISSING };

static const struct option long_options[] = { { "answered", no_argument, NULL,
						  OPT_ANSWERED },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "failed", no_argument, NULL, OPT_FAILED },
	{ "missing", required_argument, NULL, OPT_MISSING }, OPTIONS_END };

int
main(int argc, char *argv[])
{
	struct reading in = { 0 };
	int ch;

	start_tool();
	while ((ch = getopt_long(argc, argv, "h", long_options, NULL)) != -1)
		switch (ch) {
		case OPT_CHECK:
			in.check = true;
			break;
		case OPT_FAILED:
			in.failed = true;
			break;
		case OPT_ANSWERED:
			in.answered = true;
			break;
		case OPT_MISSING:
			in.objects = optarg;
			break;
		default:
			if (optopt == 'f')
				option_gone("-f", "use --failed");
			option_other(ch, usage);
		}
	if (optind == argc ||
	    (in.objects != NULL && (in.answered || in.check || in.failed)))
		option_misuse(usage);
	in.t = todo_new(in.failed);
	for (; optind < argc; optind++)
		read_results(&in, argv[optind]);
	pass_failures(&in);
	tell(&in.odd);
	tell(&in.lost);
	if (in.ignored > 0)
		say("%" PRIu64 " result line%s left out: only the first line "
		    "for each record is used",
		    in.ignored, in.ignored == 1 ? " is" : "s are");
	if (!in.answered)
		pass_refs(&in);
	if (in.objects != NULL)
		tell_gaps(&in);
	flush(&in.out);
	todo_free(in.t);
	windows_free(&in.parts);
	buf_free(&in.out);
	if (close(STDOUT_FILENO) == -1)
		say_errno_exit(1, "standard output");
	return 0;
}
