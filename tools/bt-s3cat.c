/*
 * bt-s3cat writes S3 objects and files to standard output, or into a folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "s3/cat.h"
#include "s3/creds.h"
#include "s3/ending.h"
#include "s3/options.h"

#define SYNOPSIS                                                                    \
	"usage: bt-s3cat [--prefix | --manifest]\n"                                 \
	"                [-o folder [--overwrite | --no-clobber] [--names [-0]]]\n" \
	"                [s3-option ...] object ...\n"                              \
	"       bt-s3cat -l [-0] [--manifest] [s3-option ...] prefix ...\n"

static const char usage[] = SYNOPSIS, help[] = SYNOPSIS S3_HELP;

enum {
	PREFIX = 256,
	MANIFEST,
	OVERWRITE,
	NO_CLOBBER,
	NAMES,
	NO_GUNZIP,
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
	/* These options are gone, but scripts may still have them. */
	{ "gunzip", no_argument, NULL, NO_GUNZIP },
	{ "long", no_argument, NULL, NO_LONG },
	{ "progress", no_argument, NULL, NO_PROGRESS },
	{ "range", required_argument, NULL, NO_RANGE },
	OPTIONS_END,
};

struct command {
	struct s3_options s3;
	struct s3_cat_options cat;
	bool list;
};

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
	case NO_GUNZIP:
		option_gone("--gunzip", "pipe into gunzip(1)");
	case NO_LONG:
		option_gone("--long",
		    "bt-s3cat -l | xargs -d '\\n' bt-split -t None lists sizes "
		    "and ETags");
	case NO_PROGRESS:
		option_gone("--progress", "see bt-progress(1)");
	case NO_RANGE:
		option_gone("--range",
		    "pipe into tail(1) or head(1), or cut with bt-split(1)");
	default:
		if (optopt == 'z')
			option_gone("-z", "pipe into gunzip(1)");
		option_other(option, option == OPTION_HELP ? help : usage);
	}
}

static void
check_options(struct command *c, size_t operands)
{
	if (operands == 0)
		option_misuse(usage);
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
	while ((option = getopt_long(argc, argv, "0lo:h", options, NULL)) != -1)
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
