/*
 * bt-join - reassemble predictions in input order, optionally joined to their
 * records
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/options.h"
#include "base/say.h"
#include "base/signals.h"
#include "base/start.h"
#include "format/type.h"
#include "io/lines.h"
#include "io/out.h"
#include "io/remote.h"
#include "join/join.h"

static volatile sig_atomic_t stopped;

static const char usage[] =
    "usage: bt-join [-f JSONPATH] [-j Input|None] [-o DIR] [--accept TYPE]\n"
    "               [--assemble-with Line|None] [--content-type TYPE]\n"
    "               [--errors FILE] [--inference-id[=SEED]]\n"
    "               [--inference-time TIME] [--input-prefix PREFIX]\n"
    "               [--jsonpath sagemaker|rfc9535]\n"
    "               [--max-errors N|N%] [--names]\n"
    "               [--on-error fail|skip|placeholder=TEXT]\n"
    "               [--strict] [RESULTS ...]\n";

static void
on_signal(int signal)
{
	stopped = signal;
	remote_stop();
}

/* Ends as the signal would have, with no temporary file left. */
static void
stop(void)
{
	out_abort_all();
	signal(stopped, SIG_DFL);
	raise(stopped);
}

/* A signal may be why something failed. */
static void
at_exit(void)
{
	if (stopped)
		stop();
}

static void
read_file(struct join *j, const char *name)
{
	bool standard = strcmp(name, "-") == 0;
	struct line_reader r;
	struct span line;
	enum line_event got;
	int fd;

	if (standard)
		name = "standard input";
	if (standard && isatty(STDIN_FILENO))
		say("reading result lines from the terminal");
	/* A copy, which can be closed: standard input may be named again. */
	fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
		      : open(name, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		say_errno_exit(1, "%s", name);
	line_reader_open(&r, fd);
	r.stop = &stopped;
	join_reads(j, fd);
	while ((got = line_reader_next(&r, &line)) < LINE_END) {
		if (stopped)
			stop();
		if (got == LINE_READ)
			join_line(j, line, name, r.lines);
		else
			join_idle(j);
	}
	if (got == LINE_ERROR)
		say_errno_exit(1, "%s", name);
	line_reader_close(&r);
}

static void
set_max_errors(struct join_options *o, const char *text)
{
	struct span s = { text, strlen(text) };
	const char *why;

	o->max_is_percent = s.n > 0 && s.p[s.n - 1] == '%';
	s.n -= o->max_is_percent;
	o->max_errors =
	    num_parse(s, 0, o->max_is_percent ? 100 : UINT64_MAX, &why);
	if (why != NULL)
		say_exit(2, "--max-errors %s: %s", text, why);
}

static void
set_on_error(struct join_options *o, const char *text)
{
	static const char placeholder[] = "placeholder=";

	if (strcmp(text, "fail") == 0) {
		o->on_error = ON_ERROR_FAIL;
	} else if (strcmp(text, "skip") == 0) {
		o->on_error = ON_ERROR_SKIP;
	} else if (strncmp(text, placeholder, sizeof placeholder - 1) == 0) {
		o->on_error = ON_ERROR_PLACEHOLDER;
		o->placeholder.p = text + sizeof placeholder - 1;
		o->placeholder.n = strlen(o->placeholder.p);
	} else {
		say_exit(2, "--on-error %s: not fail, skip or placeholder=TEXT",
		    text);
	}
}

/* It becomes a column, or a JSON string, unchanged. */
static const char *
time_given(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	size_t i = 0;

	while (form[i] != '\0' &&
	       (form[i] == '0' ? text[i] >= '0' && text[i] <= '9'
			       : text[i] == form[i]))
		i++;
	if (form[i] != '\0' || text[i] != '\0')
		say_exit(2,
		    "--inference-time %s: not like 2022-08-30T00:49:15Z", text);
	return text;
}

enum option_letter {
	OPT_ACCEPT = 256,
	OPT_ASSEMBLE,
	OPT_CONTENT_TYPE,
	OPT_ERRORS,
	OPT_ID,
	OPT_TIME,
	OPT_PREFIX,
	OPT_DIALECT,
	OPT_MAX_ERRORS,
	OPT_NAMES,
	OPT_ON_ERROR,
	OPT_STRICT,
	NO_SEED
};

static const struct option long_options[] = {
	{ "output-filter", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "join-source", required_argument, NULL, 'j' },
	{ "accept", required_argument, NULL, OPT_ACCEPT },
	{ "assemble-with", required_argument, NULL, OPT_ASSEMBLE },
	{ "content-type", required_argument, NULL, OPT_CONTENT_TYPE },
	{ "errors", required_argument, NULL, OPT_ERRORS },
	{ "inference-id", optional_argument, NULL, OPT_ID },
	{ "inference-time", required_argument, NULL, OPT_TIME },
	{ "input-prefix", required_argument, NULL, OPT_PREFIX },
	{ "jsonpath", required_argument, NULL, OPT_DIALECT },
	{ "max-errors", required_argument, NULL, OPT_MAX_ERRORS },
	{ "names", no_argument, NULL, OPT_NAMES },
	{ "on-error", required_argument, NULL, OPT_ON_ERROR },
	{ "strict", no_argument, NULL, OPT_STRICT },
	/* This option is gone, but scripts may still have it. */
	{ "inference-seed", optional_argument, NULL, NO_SEED },
	OPTIONS_END,
};

/* The options, and those that depend on others. */
struct options {
	struct join_options join;
	const char *filter;
	enum jsonpath_dialect dialect;
	bool max_given, ids;
};

static void
set_option(struct options *op, int option)
{
	static const char *const sources[] = { "None", "Input", NULL };
	static const char *const assembles[] = { "None", "Line", NULL };
	static const char *const dialects[] = { "sagemaker", "rfc9535", NULL };
	struct join_options *o = &op->join;

	switch (option) {
	case 'f':
		op->filter = optarg;
		break;
	case 'j':
		o->input = option_choice("--join-source", optarg, sources);
		break;
	case 'o':
		if (*optarg == '\0')
			say_exit(2, "-o: empty");
		o->dir = optarg;
		break;
	case OPT_ACCEPT:
		o->accept = optarg;
		break;
	case OPT_ASSEMBLE:
		o->assemble =
		    option_choice("--assemble-with", optarg, assembles)
			? ASSEMBLE_LINE
			: ASSEMBLE_NONE;
		break;
	case OPT_CONTENT_TYPE:
		if (strchr(type_full(optarg), '/') == NULL)
			say_exit(
			    2, "--content-type %s: not like text/csv", optarg);
		o->content_type = optarg;
		break;
	case OPT_ERRORS:
		if (*optarg == '\0')
			say_exit(2, "--errors: empty");
		o->errors = optarg;
		break;
	case OPT_ID:
		if (optarg != NULL && *optarg == '\0')
			say_exit(2, "--inference-id: empty");
		op->ids = true;
		o->inference_seed = optarg;
		break;
	case OPT_TIME:
		o->inference_time = time_given(optarg);
		break;
	case OPT_PREFIX:
		o->prefix = optarg;
		break;
	case OPT_DIALECT:
		op->dialect = option_choice("--jsonpath", optarg, dialects)
				  ? JSONPATH_RFC9535
				  : JSONPATH_SAGEMAKER;
		break;
	case OPT_MAX_ERRORS:
		set_max_errors(o, optarg);
		op->max_given = true;
		break;
	case OPT_NAMES:
		o->names = true;
		break;
	case OPT_ON_ERROR:
		set_on_error(o, optarg);
		break;
	case OPT_STRICT:
		o->strict = true;
		break;
	case NO_SEED:
		option_gone("--inference-seed", "use --inference-id=SEED");
	default:
		option_other(option, usage);
	}
}

/* Checks and combines the options. */
static void
settle(struct options *op)
{
	static char now[sizeof "2022-08-30T00:49:15Z"];
	time_t seconds = time(NULL);
	struct join_options *o = &op->join;
	struct jsonpath *path;
	struct buf why = { 0 };
	size_t at;

	if (o->names && o->dir == NULL)
		say_exit(2, "--names needs -o: standard output is the output");
	if (o->on_error == ON_ERROR_FAIL && o->max_errors > 0)
		say_exit(2,
		    "--max-errors needs --on-error skip or placeholder=TEXT");
	if (o->on_error != ON_ERROR_FAIL && !op->max_given) {
		o->max_errors = 100;
		o->max_is_percent = true;
	}
	if (o->strict && op->dialect == JSONPATH_RFC9535)
		say_exit(2, "--strict is not --jsonpath rfc9535");
	if (o->strict)
		op->dialect = JSONPATH_SAGEMAKER_STRICT;
	if (o->inference_time == NULL && op->ids) {
		strftime(
		    now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
		o->inference_time = now;
	}
	path = jsonpath_new(span_str(op->filter), op->dialect, &why, &at);
	if (path == NULL)
		say_exit(2, "--output-filter %s: character %zu: %s%s",
		    op->filter, at + 1, buf_str(&why),
		    *op->filter != '$' ? "; does it stand in single quotes?"
				       : "");
	if (jsonpath_is_all(path))
		jsonpath_free(path);
	else
		o->filter = path;
}

int
main(int argc, char *argv[])
{
	struct options op = { .filter = "$", .dialect = JSONPATH_SAGEMAKER };
	struct join *j;
	int ch, status;

	start_tool();
	while (
	    (ch = getopt_long(argc, argv, "f:j:o:h", long_options, NULL)) != -1)
		set_option(&op, ch);
	settle(&op);
	/* With standard output alone there is nothing to tidy; caught, a signal
	 * would not end a write to a reader that has stopped. */
	if (op.join.dir != NULL || op.join.errors != NULL) {
		atexit(at_exit);
		signals_catch(SIGHUP, on_signal);
		signals_catch(SIGINT, on_signal);
		signals_catch(SIGTERM, on_signal);
	}
	j = join_new(&op.join);
	if (optind == argc)
		read_file(j, "-");
	for (; optind < argc; optind++)
		read_file(j, argv[optind]);
	status = join_finish(j);
	jsonpath_free(op.join.filter);
	return status;
}
