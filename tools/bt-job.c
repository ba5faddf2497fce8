/*
 * bt-job - check a transform job's request, and keep what its folder says.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/say.h"
#include "io/out.h"
#include "stage/job_assign.h"
#include "stage/job_describe.h"
#include "stage/job_request.h"
#include "stage/job_rules.h"
#include "stage/job_status.h"
#include "stage/job_value.h"

enum { INDENT = 4 };

static const char usage_text[] =
    "usage: bt-job [--check | --json] [--strict] [--model file]\n"
    "           [--batch-strategy MultiRecord|SingleRecord]\n"
    "           [--cli-input-json json] [--data-capture-config value]\n"
    "           [--data-processing value] [--environment value]\n"
    "           [--experiment-config value] [--max-concurrent-transforms n]\n"
    "           [--max-payload-in-mb n] [--model-client-config value]\n"
    "           [--model-name name] [--tags value ...]\n"
    "           [--transform-input value] [--transform-job-name name]\n"
    "           [--transform-output value] [--transform-resources value]\n"
    "           [request]\n"
    "       bt-job --set-status status [--failure-reason text]\n"
    "           [--object-prefix from=to] job_dir\n"
    "       bt-job --describe [--object-prefix from=to] job_dir\n";

static void
usage(FILE *f, int status)
{
	fputs(usage_text, f);
	exit(status);
}

/* What is done; the options of one are none of another's. */
enum mode { REQUEST, SET_STATUS, DESCRIBE, MODES };

struct options {
	unsigned given[MODES]; /* options of each */
	struct job_request request;
	const char *model, *document, *operand;
	bool strict, check, json;
	const char *status, *reason;
	struct job_prefix prefix;
};

static void
put(struct buf *b)
{
	struct out *o = out_stdout();

	if (out_write(o, b->p, b->n) == -1 || out_commit(o) == -1)
		say_errno_exit(1, "standard output");
	buf_free(b);
}

/* Adds a value in the AWS CLI's manner. */
static void
add_json(struct buf *b, const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(INDENT));

	buf_adds(b, text);
	buf_addc(b, '\n');
	free(text);
}

/* Checks it all before it ends, so that all that is wrong is told at once. */
static void
check(const struct options *o, const json_t *model)
{
	struct job_check transform = { .strict = o->strict,
		.file = o->request.name,
		.given = o->request.given };
	struct job_check other = { .strict = o->strict, .file = o->model };

	job_check_request(&transform, o->request.value);
	if (model != NULL) {
		job_check_model(&other, model, &transform, o->request.value);
		/* The service runs images; --json does not say what. */
		if (other.wrong == 0 && (!o->strict || !(o->check || o->json)))
			job_check_runs(&other, model);
	}
	if (transform.wrong + other.wrong > 0)
		exit(1);
}

static void
request(struct options *o)
{
	json_t *model = NULL, *whole;
	struct buf b = { 0 };

	if (o->document != NULL && o->operand != NULL)
		say_exit(2, "%s: --cli-input-json is given too", o->operand);
	if (o->check && o->json)
		usage(stderr, 2);
	if (o->document != NULL)
		job_request_cli(&o->request, o->document);
	else if (o->operand != NULL)
		job_request_file(&o->request, o->operand);
	else if (o->request.set == NULL)
		usage(stderr, 2);
	job_request_merge(&o->request);
	if (o->model != NULL)
		model = job_load(o->model, o->model);
	check(o, model);
	if (o->json) {
		whole = job_in_order(&job_transform_shape, o->request.value);
		add_json(&b, whole);
		json_decref(whole);
	} else if (!o->check) {
		job_assign(&b, o->request.value, model);
	}
	put(&b);
	json_decref(model);
	job_request_free(&o->request);
}

static void
describe(const struct options *o)
{
	json_t *answer = job_describe(o->operand);
	struct buf b = { 0 };

	add_json(&b, answer);
	put(&b);
	json_decref(answer);
}

static void
set_status(const struct options *o)
{
	if (!job_is_status(o->status))
		say_exit(2,
		    "--set-status %s: not InProgress, Completed, Failed, "
		    "Stopping or Stopped",
		    o->status);
	if (o->reason != NULL && strcmp(o->status, "Failed") != 0)
		say_exit(2, "--failure-reason: the status is not Failed");
	job_set_status(o->operand, o->status, o->reason, &o->prefix);
}

static void
set_prefix(struct options *o, char *pair)
{
	char *equals = strchr(pair, '=');

	if (equals == NULL)
		say_exit(2, "--object-prefix %s: not FROM=TO", pair);
	*equals = '\0';
	o->prefix.from = pair;
	o->prefix.to = equals + 1;
}

/* A member's option; of tags all words up to the next option. */
static void
set_member(struct options *o, const char *name, int argc, char *argv[])
{
	struct buf option = { 0 };
	int from = optind - 1;

	buf_addf(&option, "--%s", name);
	argv[from] = optarg;
	if (strcmp(name, "tags") == 0)
		while (optind < argc && argv[optind][0] != '-')
			optind++;
	job_request_option(&o->request, buf_str(&option), argv + from,
	    (size_t)(optind - from));
	buf_free(&option);
}

enum {
	MEMBER = 1000,
	CLI_JSON,
	CHECK,
	JSON,
	MODEL,
	STRICT,
	SET,
	REASON,
	PREFIX,
	DESCRIBED
};

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "check", no_argument, NULL, CHECK },
	{ "json", no_argument, NULL, JSON },
	{ "model", required_argument, NULL, MODEL },
	{ "strict", no_argument, NULL, STRICT },
	{ "cli-input-json", required_argument, NULL, CLI_JSON },
	{ "batch-strategy", required_argument, NULL, MEMBER },
	{ "data-capture-config", required_argument, NULL, MEMBER },
	{ "data-processing", required_argument, NULL, MEMBER },
	{ "environment", required_argument, NULL, MEMBER },
	{ "experiment-config", required_argument, NULL, MEMBER },
	{ "max-concurrent-transforms", required_argument, NULL, MEMBER },
	{ "max-payload-in-mb", required_argument, NULL, MEMBER },
	{ "model-client-config", required_argument, NULL, MEMBER },
	{ "model-name", required_argument, NULL, MEMBER },
	{ "tags", required_argument, NULL, MEMBER },
	{ "transform-input", required_argument, NULL, MEMBER },
	{ "transform-job-name", required_argument, NULL, MEMBER },
	{ "transform-output", required_argument, NULL, MEMBER },
	{ "transform-resources", required_argument, NULL, MEMBER },
	{ "set-status", required_argument, NULL, SET },
	{ "failure-reason", required_argument, NULL, REASON },
	{ "object-prefix", required_argument, NULL, PREFIX },
	{ "describe", no_argument, NULL, DESCRIBED },
	{ NULL, 0, NULL, 0 },
};

/* An option of a request. */
static void
set_request(struct options *o, int ch)
{
	o->given[REQUEST]++;
	switch (ch) {
	case CHECK:
		o->check = true;
		break;
	case JSON:
		o->json = true;
		break;
	case MODEL:
		o->model = optarg;
		break;
	case STRICT:
		o->strict = true;
		break;
	case CLI_JSON:
		o->document = optarg;
		break;
	}
}

static void
set(struct options *o, int ch, const char *name, int argc, char *argv[])
{
	switch (ch) {
	case 'h':
		usage(stdout, 0);
		break;
	case 'V':
		puts("bt-job " BT_VERSION);
		exit(fclose(stdout) == 0 ? 0 : 1);
	case MEMBER:
		o->given[REQUEST]++;
		set_member(o, name, argc, argv);
		break;
	case SET:
		o->given[SET_STATUS]++;
		o->status = optarg;
		break;
	case REASON:
		o->reason = optarg;
		break;
	case PREFIX:
		set_prefix(o, optarg);
		break;
	case DESCRIBED:
		o->given[DESCRIBE]++;
		break;
	case '?':
		usage(stderr, 2);
		break;
	default:
		set_request(o, ch);
	}
}

static enum mode
mode_of(const struct options *o)
{
	enum mode mode = REQUEST, m;
	unsigned n = 0;

	for (m = REQUEST; m < MODES; m++)
		if (o->given[m] > 0) {
			mode = m;
			n++;
		}
	if (n > 1 || (mode != REQUEST && o->operand == NULL) ||
	    (o->reason != NULL && mode != SET_STATUS) ||
	    (o->prefix.from != NULL && mode == REQUEST))
		usage(stderr, 2);
	return mode;
}

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	int ch, index = 0;

	/* With +, so that words which follow --tags stay behind it. */
	while (optind < argc) {
		ch = getopt_long(argc, argv, "+", long_options, &index);
		if (ch != -1) {
			set(&o, ch, long_options[index].name, argc, argv);
			continue;
		}
		if (optind == argc)
			break;
		if (o.operand != NULL)
			usage(stderr, 2);
		o.operand = argv[optind++];
	}
	switch (mode_of(&o)) {
	case SET_STATUS:
		set_status(&o);
		break;
	case DESCRIBE:
		describe(&o);
		break;
	default:
		request(&o);
	}
	return 0;
}
