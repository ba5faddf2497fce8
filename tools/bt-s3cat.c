/*
 * bt-s3cat writes S3 objects and files to standard output, or into a folder.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/say.h"
#include "base/start.h"
#include "s3/cat.h"
#include "s3/creds.h"
#include "s3/ending.h"
#include "s3/options.h"

static const char synopsis[] =
    "usage: bt-s3cat [--prefix | --manifest]\n"
    "                [-o folder [--overwrite | --no-clobber] [--names [-0]]]\n"
    "                [s3-option ...] object ...\n"
    "       bt-s3cat -l [-0] [--manifest] [s3-option ...] prefix ...\n";

enum {
	PREFIX = 256,
	MANIFEST,
	OVERWRITE,
	NO_CLOBBER,
	NAMES,
	HELP,
	VERSION,
	NO_LONG,
	NO_RANGE,
	NO_PROGRESS
};

static const struct option options[] = {
	{ "list", no_argument, NULL, 'l' },
	{ "null", no_argument, NULL, '0' },
	{ "prefix", no_argument, NULL, PREFIX },
	{ "manifest", no_argument, NULL, MANIFEST },
	{ "output", required_argument, NULL, 'o' },
	{ "overwrite", no_argument, NULL, OVERWRITE },
	{ "no-clobber", no_argument, NULL, NO_CLOBBER },
	{ "names", no_argument, NULL, NAMES },
	S3_LONG_OPTIONS,
	{ "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION },
	/* These options are gone, but scripts may still have them. */
	{ "gunzip", no_argument, NULL, 'z' },
	{ "long", no_argument, NULL, NO_LONG },
	{ "progress", no_argument, NULL, NO_PROGRESS },
	{ "range", required_argument, NULL, NO_RANGE },
	{ NULL, 0, NULL, 0 },
};

struct command {
	struct s3_options s3;
	struct s3_cat_options cat;
	bool list;
};

_Noreturn static void
usage(FILE *f, int status)
{
	fputs(synopsis, f);
	if (status == 0)
		fputs(S3_HELP, f);
	exit(fflush(f) == EOF ? 1 : status);
}

static void
set_option(struct command *c, int option)
{
	if (s3_option(&c->s3, option, optarg))
		return;
	switch (option) {
	case 'l':
		c->list = true;
		break;
	case '0':
		c->cat.end = '\0';
		break;
	case PREFIX:
		c->cat.kind = S3_PLAN_PREFIXES;
		break;
	case MANIFEST:
		c->cat.kind = S3_PLAN_MANIFESTS;
		break;
	case 'o':
		c->cat.folder = optarg;
		break;
	case OVERWRITE:
		c->cat.overwrite = true;
		break;
	case NO_CLOBBER:
		c->cat.no_clobber = true;
		break;
	case NAMES:
		c->cat.names = true;
		break;
	case HELP:
		usage(stdout, 0);
	case VERSION:
		puts("bt-s3cat " BT_VERSION);
		exit(fflush(stdout) == EOF);
	case 'z':
		say_exit(2, "-z: no longer an option: pipe into gunzip(1)");
	case NO_LONG:
		say_exit(2, "--long: no longer an option: "
			    "bt-s3cat -l | xargs -d '\\n' bt-split -t None "
			    "lists sizes and ETags");
	case NO_PROGRESS:
		say_exit(
		    2, "--progress: no longer an option: see bt-progress(1)");
	case NO_RANGE:
		say_exit(2, "--range: no longer an option: pipe into tail(1) "
			    "or head(1), or cut with bt-split(1)");
	default:
		usage(stderr, 2);
	}
}

static void
check_options(struct command *c, size_t operands)
{
	if (operands == 0)
		usage(stderr, 2);
	if (!c->list && !c->cat.names && c->cat.end == '\0')
		say_exit(2, "-0: only with -l or --names");
	if (c->list && c->cat.folder != NULL)
		say_exit(2, "-l: not with -o");
	if (c->cat.folder == NULL &&
	    (c->cat.overwrite || c->cat.no_clobber || c->cat.names))
		say_exit(2, "%s: only with -o",
		    c->cat.overwrite	? "--overwrite"
		    : c->cat.no_clobber ? "--no-clobber"
					: "--names");
	if (c->cat.overwrite && c->cat.no_clobber)
		say_exit(2, "--no-clobber: not with --overwrite");
	if (c->list && c->cat.kind == S3_PLAN_OBJECTS)
		c->cat.kind = S3_PLAN_PREFIXES;
}

int
main(int argc, char *argv[])
{
	struct command c = { .cat.end = '\n' };
	struct s3_settings *settings;
	struct s3_client *client;
	char *why;
	size_t n;
	int option, status;

	start_tool();
	s3_creds_guard();
	while ((option = getopt_long(argc, argv, "0lo:z", options, NULL)) != -1)
		set_option(&c, option);
	argv += optind;
	n = (size_t)(argc - optind);
	check_options(&c, n);
	if ((why = s3_settings_load(&c.s3, &settings)) != NULL)
		say_exit(1, "%s", why);
	client = s3_client_new(settings);
	if (c.cat.folder != NULL)
		s3_ending_catch(client);
	status = c.list ? s3_cat_list(client, &c.cat, argv, n)
			: s3_cat(client, &c.cat, argv, n);
	s3_client_free(client);
	if (close(STDOUT_FILENO) == -1)
		say_errno_exit(1, "standard output");
	return status;
}
