/*
 * bt-s3put stores standard input, the output of a command or a folder's files
 * in S3.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "s3/creds.h"
#include "s3/ending.h"
#include "s3/feed.h"
#include "s3/options.h"
#include "s3/upload.h"

#define SYNOPSIS                                                                   \
	"usage: bt-s3put [--if-none-match | --look-first] [--content-type type]\n" \
	"                [--kms-key-id id] [--part-size bytes] [s3-option ...]\n"  \
	"                uri [-- command ...]\n"                                   \
	"       bt-s3put --recursive [--if-none-match | --look-first]\n"           \
	"                [--content-type type] [--kms-key-id id]\n"                \
	"                [--part-size bytes] [s3-option ...] folder uri\n"

static const char usage[] = SYNOPSIS, help[] = SYNOPSIS S3_HELP;

enum {
	RECURSIVE = 256,
	IF_NONE_MATCH,
	LOOK_FIRST,
	CONTENT_TYPE,
	KMS_KEY_ID,
	PART_SIZE
};

static const struct option options[] = {
	{ "recursive", no_argument, NULL, RECURSIVE },
	{ "if-none-match", no_argument, NULL, IF_NONE_MATCH },
	{ "look-first", no_argument, NULL, LOOK_FIRST },
	{ "content-type", required_argument, NULL, CONTENT_TYPE },
	{ "kms-key-id", required_argument, NULL, KMS_KEY_ID },
	{ "part-size", required_argument, NULL, PART_SIZE },
	S3_LONG_OPTIONS,
	OPTIONS_END,
};

struct command {
	struct s3_options s3;
	struct s3_put_options put;
	bool recursive;
	const char *folder;
	char **child; /* NULL: standard input */
	const char *uri;
};

/* docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
static uint64_t
part_size(const char *arg)
{
	const char *why;
	struct span s = { arg, strlen(arg) };
	uint64_t n = num_parse(s, S3_PUT_PART_MIN, UINT64_C(5) << 30, &why);

	if (why != NULL)
		say_exit(2, "--part-size %s: %s", arg, why);
	return n;
}

static void
set_option(struct command *c, int option)
{
	if (s3_option(&c->s3, option, optarg))
		return;
	switch (option) {
	case RECURSIVE:
		c->recursive = true;
		break;
	case IF_NONE_MATCH:
		c->put.if_none_match = true;
		break;
	case LOOK_FIRST:
		c->put.if_none_match = c->put.look_is_enough = true;
		break;
	case CONTENT_TYPE:
		c->put.content_type = optarg;
		break;
	case KMS_KEY_ID:
		c->put.kms_key_id = optarg;
		break;
	case PART_SIZE:
		c->put.part_size = part_size(optarg);
		break;
	default:
		option_other(option, option == OPTION_HELP ? help : usage);
	}
}

/* getopt_long(3) would find options among the command's words. */
static void
set_operands(struct command *c, int argc, char *argv[])
{
	int n = argc - optind;

	if (n < 1 || (c->recursive && n != 2))
		option_misuse(usage);
	if (c->recursive)
		c->folder = argv[optind++];
	c->uri = argv[optind++];
	if (optind == argc)
		return;
	if (strcmp(argv[optind], "--") == 0)
		optind++;
	if (optind == argc)
		option_misuse(usage);
	c->child = argv + optind;
}

int
main(int argc, char *argv[])
{
	struct command c = { 0 };
	struct s3_settings *settings;
	struct s3_client *client;
	struct s3_uri uri;
	const char *invalid;
	char *why;
	int option, status;

	start_tool();
	s3_creds_guard();
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1)
		set_option(&c, option);
	set_operands(&c, argc, argv);
	invalid = s3_uri_parse(c.uri, &uri);
	if (invalid == NULL && uri.key[0] == '\0' && !c.recursive)
		invalid = "no key";
	if (invalid != NULL)
		say_exit(2, "%s: %s", c.uri, invalid);
	if ((why = s3_settings_load(&c.s3, &settings)) != NULL)
		say_exit(1, "%s", why);
	c.put.connections = settings->connections;
	client = s3_client_new(settings);
	s3_ending_catch(client);
	status = c.recursive
		     ? s3_upload(client, &c.put, c.folder, uri.bucket, uri.key)
		     : s3_feed(client, &c.put, &uri, c.child);
	s3_client_free(client);
	s3_uri_free(&uri);
	s3_ending_end();
	return status;
}
