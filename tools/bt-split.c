/*
 * bt-split cuts objects into mini-batches and prints a reference to each.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "format/defaults.h"
#include "format/type.h"
#include "io/remote.h"
#include "split/names.h"
#include "split/split.h"

static const char usage[] =
    "usage: bt-split [-t split_type] [-b strategy] [-p mb] [-n records]\n"
    "                [-c content_type] [-o spool] [--compression-type type]\n"
    "                [--header[=keep|skip|send]] [--embedded-newlines policy]\n"
    "                [--strict] [--check] [--check-json] [--overwrite]\n"
    "                [--input-prefix prefix] [--files0-from file] [object ...]\n"
    "       bt-split -o file [option ...] -- command [argument ...]\n";

enum {
	COMPRESSION = 256,
	HEADER,
	NEWLINES,
	STRICT,
	CHECK,
	CHECK_JSON,
	PREFIX,
	FILES0,
	OVERWRITE
};

/* More than the length of any name. */
enum { NAME_MOST = 64 << 10 };

/* The file with the names of the objects; NULL: the command line has them. */
static const char *files0;

static const struct option options[] = {
	{ "split-type", required_argument, NULL, 't' },
	{ "batch-strategy", required_argument, NULL, 'b' },
	{ "max-payload-in-mb", required_argument, NULL, 'p' },
	{ "max-records", required_argument, NULL, 'n' },
	{ "content-type", required_argument, NULL, 'c' },
	{ "spool", required_argument, NULL, 'o' },
	{ "compression-type", required_argument, NULL, COMPRESSION },
	{ "header", optional_argument, NULL, HEADER },
	{ "embedded-newlines", required_argument, NULL, NEWLINES },
	{ "strict", no_argument, NULL, STRICT },
	{ "check", no_argument, NULL, CHECK },
	{ "check-json", no_argument, NULL, CHECK_JSON },
	{ "input-prefix", required_argument, NULL, PREFIX },
	{ "files0-from", required_argument, NULL, FILES0 },
	{ "overwrite", no_argument, NULL, OVERWRITE },
	OPTIONS_END,
};

static void
set_option(struct split *sp, int option)
{
	/* In the order of enum ref_split. */
	static const char *const types[] = { "Line", "RecordIO", "TFRecord",
		"None", NULL };
	static const char *const strategies[] = { "MultiRecord", "SingleRecord",
		NULL };
	static const char *const compressions[] = { "None", "Gzip", NULL };
	static const char *const policies[] = { "refuse", "keep", NULL };
	/* From HEADER_KEEP on. */
	static const char *const headers[] = { "keep", "skip", "send", NULL };

	switch (option) {
	case 't':
		sp->type = (enum ref_split)option_choice(
		    "--split-type", optarg, types);
		break;
	case 'b':
		sp->single =
		    option_choice("--batch-strategy", optarg, strategies);
		break;
	case 'p':
		sp->payload =
		    option_number("--max-payload-in-mb", optarg, 0, 100) << 20;
		break;
	case 'n':
		sp->max_records =
		    option_number("--max-records", optarg, 1, UINT64_MAX);
		break;
	case 'c':
		sp->content_type = optarg;
		break;
	case 'o':
		sp->spool = optarg;
		break;
	case COMPRESSION:
		sp->compression =
		    option_choice("--compression-type", optarg, compressions)
			? SPLIT_GZIP
			: SPLIT_PLAIN;
		break;
	case HEADER:
		sp->header = HEADER_KEEP;
		if (optarg != NULL)
			sp->header += (enum split_header)option_choice(
			    "--header", optarg, headers);
		break;
	case NEWLINES:
		sp->keep =
		    option_choice("--embedded-newlines", optarg, policies);
		break;
	case STRICT:
		sp->strict = true;
		break;
	case CHECK:
		sp->check = true;
		break;
	case CHECK_JSON:
		sp->json = true;
		break;
	case PREFIX:
		sp->prefix = optarg;
		break;
	case FILES0:
		files0 = optarg;
		break;
	case OVERWRITE:
		sp->overwrite = true;
		break;
	default:
		option_other(option, usage);
	}
}

static void
check_options(const struct split *sp)
{
	if (sp->header != HEADER_NONE && sp->type != REF_LINE)
		say_exit(2, "--header: only lines have a header row");
	if (sp->content_type != NULL && *sp->content_type == '\0')
		say_exit(2, "--content-type: empty");
	if (sp->content_type != NULL &&
	    strchr(type_full(sp->content_type), '/') == NULL)
		say_exit(2, "--content-type %s: not like text/csv",
		    sp->content_type);
	if (sp->spool != NULL && *sp->spool == '\0')
		say_exit(2, "-o: empty");
	if (sp->spool != NULL && remote_is(sp->spool))
		say_exit(
		    2, "-o %s: a spool is a file of this machine", sp->spool);
}

static void
worse(int *status, int bad)
{
	if (bad > *status)
		*status = bad;
}

/* Adds the next bytes of the list to names: whether there were any. */
static bool
read_names(int fd, struct buf *names, const char *list)
{
	ssize_t got;

	do
		got = fd_read(fd, buf_room(names, 65536), 65536);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		say_errno_exit(1, "%s", list);
	names->n += (size_t)got;
	return got > 0;
}

/* The next name of the list, without the NUL that ends it, if it has one; NULL
 * at the end.  names holds what was read, of which *at bytes have been used. */
static const char *
next_name(int fd, struct buf *names, size_t *at, const char *list)
{
	const char *name;
	bool more = true;
	size_t searched = *at;

	while (names->n == searched ||
	       memchr(names->p + searched, '\0', names->n - searched) == NULL) {
		names->n -= *at;
		if (names->n > 0)
			memmove(names->p, names->p + *at, names->n);
		*at = 0;
		searched = names->n;
		if (searched > NAME_MOST)
			say_exit(1,
			    "%s: no NUL in %d bytes: each name must end with "
			    "one",
			    list, NAME_MOST);
		more = read_names(fd, names, list);
		if (!more)
			break;
	}
	if (*at == names->n)
		return NULL;
	name = buf_str(names) + *at;
	*at += strlen(name) + more;
	return name;
}

/* The objects whose names, each ended by a NUL, are in the file. */
static int
split_listed(const struct split *sp, const char *list)
{
	int fd = strcmp(list, "-") == 0 ? STDIN_FILENO
					: open(list, O_RDONLY | O_CLOEXEC);
	struct buf names = { 0 };
	const char *name;
	size_t at = 0;
	uint64_t n;
	int status = 0;

	if (fd == -1)
		say_errno_exit(1, "%s", list);
	if (fd == STDIN_FILENO && isatty(fd))
		say("reading names from the terminal, a NUL after each");
	if (sp->overwrite) {
		/* All of it, so that no spool overwrites a later object. */
		names_input(fd == STDIN_FILENO ? NULL : list);
		while (read_names(fd, &names, list))
			continue;
		for (name = buf_str(&names); name < names.p + names.n;
		     name += strlen(name) + 1)
			names_input(name);
	}
	for (n = 0; (name = next_name(fd, &names, &at, list)) != NULL; n++)
		if (*name == '\0') {
			say("%s: name %" PRIu64 ": empty", list, n);
			worse(&status, 1);
		} else {
			worse(&status, split_object(sp, name));
		}
	close(fd);
	buf_free(&names);
	return status;
}

/* The command that the operands are: with -o, those after "--".  given has all
 * words in their first order, value is the last option's. */
static char *const *
command_words(char **given, char *argv[], const char *value)
{
	char *const *dashes = argv + optind - 1;

	if (*dashes == value || strcmp(*dashes, "--") != 0)
		return NULL;
	/* getopt_long(3) moves objects behind it. */
	if (given[optind - 1] != *dashes)
		say_exit(2, "%s: an object besides a command", argv[optind]);
	if (argv[optind] == NULL)
		option_misuse(usage);
	return argv + optind;
}

int
main(int argc, char *argv[])
{
	struct split sp = { .payload = DEFAULT_PAYLOAD << 20,
		.step = 128 << 10 };
	size_t size = (size_t)(argc + 1) * sizeof *argv;
	const char *value = NULL;
	static char **given; /* kept to the end */
	int option, i, status = 0;

	start_tool();
	given = memcpy(mem_alloc(size), argv, size);
	while ((option = getopt_long(
		    argc, argv, "b:c:n:o:p:t:h", options, NULL)) != -1) {
		value = optarg;
		set_option(&sp, option);
	}
	check_options(&sp);
	if (files0 != NULL && optind < argc)
		say_exit(
		    2, "%s: an object besides --files0-from", argv[optind]);
	if (sp.spool != NULL)
		sp.command = command_words(given, argv, value);
	/* A list comes from a program, which knows about headers. */
	sp.guess = files0 == NULL;
	if (files0 != NULL)
		status = split_listed(&sp, files0);
	else if (optind == argc || sp.command != NULL)
		status = split_object(&sp, "-");
	if (sp.command != NULL)
		optind = argc;
	for (i = optind; sp.overwrite && i < argc; i++)
		names_input(argv[i]);
	for (i = optind; i < argc; i++)
		worse(&status, split_object(&sp, argv[i]));
	if (fclose(stdout) == EOF)
		say_errno_exit(1, "standard output");
	return status;
}
