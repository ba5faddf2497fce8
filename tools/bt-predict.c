/*
 * bt-predict - run a model over mini-batches
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/say.h"
#include "base/start.h"
#include "format/defaults.h"
#include "predict/supervisor.h"

static const char usage_text[] =
    "usage: bt-predict -m model [-d model_dir] [-m model [-d model_dir]] ...\n"
    "           -o dir [--content-type type] [--accept type]\n"
    "           [--input-filter jsonpath] [--jsonpath sagemaker|rfc9535]\n"
    "           [--strict] [--invocations-timeout-in-seconds n]\n"
    "           [--start-timeout n] [--invocations-max-retries n] [--isolate]\n"
    "           [--max-memory-in-mb n] [-E key=value]\n"
    "           [--max-payload-in-mb n] [--batch-strategy strategy]\n"
    "           [--max-concurrent-transforms n] [--max-model-in-mb n]\n"
    "           [ref ...]\n"
    "       bt-predict --probe -m model [-d model_dir]\n"
    "           [-m model [-d model_dir]] ... [-E key=value] [--strict]\n"
    "           [--content-type type] [--accept type]\n"
    "           [--start-timeout n] [--max-memory-in-mb n]\n"
    "           [--max-model-in-mb n]\n"
    "       bt-predict --unpack folder -m model -d archive\n"
    "           [-m model [-d archive]] ... [--start-timeout n]\n"
    "           [--max-model-in-mb n]\n";

enum option_key {
	OPT_CONTENT_TYPE = 256,
	OPT_ACCEPT,
	OPT_FILTER,
	OPT_JSONPATH,
	OPT_STRICT,
	OPT_TIMEOUT,
	OPT_START_TIMEOUT,
	OPT_RETRIES,
	OPT_ISOLATE,
	OPT_MEMORY,
	OPT_PAYLOAD,
	OPT_STRATEGY,
	OPT_CONCURRENT,
	OPT_MODEL_SIZE,
	OPT_PROBE,
	OPT_UNPACK,
	OPT_HELP,
	OPT_VERSION
};

static const struct option options[] = {
	{ "model", required_argument, NULL, 'm' },
	{ "model-dir", required_argument, NULL, 'd' },
	{ "environment", required_argument, NULL, 'E' },
	{ "content-type", required_argument, NULL, OPT_CONTENT_TYPE },
	{ "accept", required_argument, NULL, OPT_ACCEPT },
	{ "input-filter", required_argument, NULL, OPT_FILTER },
	{ "jsonpath", required_argument, NULL, OPT_JSONPATH },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "invocations-timeout-in-seconds", required_argument, NULL,
	    OPT_TIMEOUT },
	{ "start-timeout", required_argument, NULL, OPT_START_TIMEOUT },
	{ "invocations-max-retries", required_argument, NULL, OPT_RETRIES },
	{ "isolate", no_argument, NULL, OPT_ISOLATE },
	{ "max-memory-in-mb", required_argument, NULL, OPT_MEMORY },
	{ "max-payload-in-mb", required_argument, NULL, OPT_PAYLOAD },
	{ "batch-strategy", required_argument, NULL, OPT_STRATEGY },
	{ "max-concurrent-transforms", required_argument, NULL,
	    OPT_CONCURRENT },
	{ "max-model-in-mb", required_argument, NULL, OPT_MODEL_SIZE },
	{ "probe", no_argument, NULL, OPT_PROBE },
	{ "unpack", required_argument, NULL, OPT_UNPACK },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

struct filter_options {
	const char *text;
	bool strict, rfc9535;
};

static _Noreturn void
usage(void)
{
	fputs(usage_text, stderr);
	exit(2);
}

static uint64_t
number(const char *option, uint64_t min, uint64_t max)
{
	struct span s = { optarg, strlen(optarg) };
	const char *why;
	uint64_t v = num_parse(s, min, max, &why);

	if (why != NULL)
		say_exit(2, "%s %s: %s", option, optarg, why);
	return v;
}

static void
add_model(struct predict *pr)
{
	if (*optarg == '\0')
		say_exit(2, "-m: empty");
	pr->models =
	    mem_resize(pr->models, pr->model_count + 1, sizeof *pr->models);
	pr->models[pr->model_count++] =
	    (struct predict_model){ .name = optarg };
}

static void
add_model_dir(struct predict *pr)
{
	if (pr->model_count == 0)
		say_exit(2, "-d %s: no -m before it", optarg);
	if (pr->models[pr->model_count - 1].dir != NULL)
		say_exit(2, "-d %s: a second one for -m %s", optarg,
		    pr->models[pr->model_count - 1].name);
	pr->models[pr->model_count - 1].dir = optarg;
}

static void
add_environment(struct predict *pr, const char *setting)
{
	static const char name[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	size_t n = strspn(setting, name);
	struct bt_parameter *p;

	if (n == 0 || setting[n] != '=' ||
	    (setting[0] >= '0' && setting[0] <= '9'))
		say_exit(2, "-E %s: not KEY=VALUE", setting);
	pr->environment =
	    mem_resize(pr->environment, pr->environment_count + 1, sizeof *p);
	p = &pr->environment[pr->environment_count++];
	p->key = mem_dup(setting, n);
	p->value = setting + n + 1;
}

/* What a model is told of --strict, unless -E tells it otherwise. */
static void
add_strict(struct predict *pr)
{
	size_t i;

	for (i = 0; i < pr->environment_count; i++)
		if (strcmp(pr->environment[i].key, "BT_STRICT") == 0)
			return;
	add_environment(pr, "BT_STRICT=1");
}

static bool
is_rfc9535(void)
{
	if (strcmp(optarg, "rfc9535") != 0 && strcmp(optarg, "sagemaker") != 0)
		say_exit(2, "--jsonpath %s: not sagemaker or rfc9535", optarg);
	return strcmp(optarg, "rfc9535") == 0;
}

/* What the model's environment has where it was set. */
static void
set_strategy(void)
{
	static const char *const strategies[][2] = {
		{ "MultiRecord", "MULTI_RECORD" },
		{ "SingleRecord", "SINGLE_RECORD" },
	};
	size_t i;

	for (i = 0; i < 2; i++)
		if (strcmp(optarg, strategies[i][0]) == 0 ||
		    strcmp(optarg, strategies[i][1]) == 0) {
			setenv("SAGEMAKER_BATCH_STRATEGY", strategies[i][1], 1);
			return;
		}
	say_exit(
	    2, "--batch-strategy %s: not MultiRecord or SingleRecord", optarg);
}

static void
set_number(const char *option, const char *variable)
{
	number(option, 0, 1u << 30);
	setenv(variable, optarg, 1);
}

static void
take_option(struct predict *pr, struct filter_options *f, int ch)
{
	switch (ch) {
	case 'm':
		add_model(pr);
		break;
	case 'd':
		add_model_dir(pr);
		break;
	case 'o':
		pr->out = optarg;
		break;
	case 'E':
		add_environment(pr, optarg);
		break;
	case OPT_CONTENT_TYPE:
		pr->content_type = *optarg != '\0' ? optarg : NULL;
		break;
	case OPT_ACCEPT:
		pr->accept = *optarg != '\0' ? optarg : NULL;
		break;
	case OPT_FILTER:
		f->text = optarg;
		break;
	case OPT_JSONPATH:
		f->rfc9535 = is_rfc9535();
		break;
	case OPT_STRICT:
		f->strict = true;
		break;
	case OPT_TIMEOUT:
		pr->timeout = (unsigned)number(
		    "--invocations-timeout-in-seconds", 1, 3600);
		break;
	case OPT_START_TIMEOUT:
		pr->start_timeout =
		    (unsigned)number("--start-timeout", 1, 86400);
		break;
	case OPT_RETRIES:
		pr->retries =
		    (unsigned)number("--invocations-max-retries", 0, 3);
		break;
	case OPT_ISOLATE:
		pr->isolate = true;
		break;
	case OPT_MEMORY:
#ifndef __linux__
		say_exit(2, "--max-memory-in-mb: not on this system");
#endif
		pr->max_memory = number("--max-memory-in-mb", 1, 1u << 30)
				 << 20;
		break;
	case OPT_PAYLOAD:
		set_number(
		    "--max-payload-in-mb", "SAGEMAKER_MAX_PAYLOAD_IN_MB");
		break;
	case OPT_STRATEGY:
		set_strategy();
		break;
	case OPT_CONCURRENT:
		set_number("--max-concurrent-transforms",
		    "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS");
		break;
	case OPT_MODEL_SIZE:
		pr->max_model = number("--max-model-in-mb", 1, 1u << 30) << 20;
		break;
	case OPT_PROBE:
		pr->probe = true;
		break;
	case OPT_UNPACK:
		if (*optarg == '\0')
			say_exit(2, "--unpack: empty");
		pr->unpack = optarg;
		break;
	case OPT_HELP:
		fputs(usage_text, stdout);
		exit(fflush(stdout) == EOF);
	case OPT_VERSION:
		puts("bt-predict " BT_VERSION);
		exit(fflush(stdout) == EOF);
	default:
		usage();
	}
}

static struct jsonpath *
read_filter(const struct filter_options *f)
{
	enum jsonpath_dialect dialect = f->rfc9535  ? JSONPATH_RFC9535
					: f->strict ? JSONPATH_SAGEMAKER_STRICT
						    : JSONPATH_SAGEMAKER;
	struct span text = { f->text, f->text != NULL ? strlen(f->text) : 0 };
	struct buf why = { 0 };
	struct jsonpath *path;
	size_t at = 0;

	if (f->text == NULL)
		return NULL;
	path = jsonpath_new(text, dialect, &why, &at);
	if (path == NULL)
		say_exit(2, "--input-filter %s: column %zu: %s", f->text,
		    at + 1, buf_str(&why));
	if (!jsonpath_is_all(path))
		return path;
	jsonpath_free(path);
	return NULL;
}

static void
free_options(struct predict *pr)
{
	size_t i;

	for (i = 0; i < pr->environment_count; i++)
		free((char *)pr->environment[i].key);
	free(pr->environment);
	for (i = 0; i < pr->model_count; i++)
		free(pr->models[i].unpacked);
	free(pr->models);
	if (pr->filter != NULL)
		jsonpath_free(pr->filter);
}

int
main(int argc, char *argv[])
{
	struct predict pr = { .timeout = DEFAULT_TIMEOUT,
		.start_timeout = 1800,
		.retries = DEFAULT_RETRIES,
		.max_model = (uint64_t)16384 << 20 };
	struct filter_options f = { 0 };
	bool batches;
	int ch, status;

	start_tool();
	while ((ch = getopt_long(argc, argv, "m:d:o:E:", options, NULL)) != -1)
		take_option(&pr, &f, ch);
	batches = !pr.probe && pr.unpack == NULL;
	if (pr.model_count == 0 || (pr.probe && pr.unpack != NULL) ||
	    (!batches && argv[optind] != NULL) ||
	    (batches && (pr.out == NULL || *pr.out == '\0')))
		usage();
	if (f.strict)
		add_strict(&pr);
	pr.filter = read_filter(&f);
	pr.refs = argv + optind;
	status = supervisor_run(&pr);
	free_options(&pr);
	return status;
}
