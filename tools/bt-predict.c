/*
 * bt-predict - run a model over mini-batches
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "format/defaults.h"
#include "predict/predict.h"

static const char usage[] =
    "usage: bt-predict -m model [-d model_dir] [-m model [-d model_dir]] ...\n"
    "           -o dir [--content-type type] [--accept type]\n"
    "           [--input-filter jsonpath] [--jsonpath sagemaker|rfc9535]\n"
    "           [--strict] [--invocations-timeout-in-seconds n]\n"
    "           [--start-timeout n] [--invocations-max-retries n] [--isolate]\n"
    "           [--no-count] [--max-memory-in-mb n] [-E key=value]\n"
    "           [ref ...]\n"
    "       bt-predict --probe -m model [-d model_dir]\n"
    "           [-m model [-d model_dir]] ... [-E key=value] [--strict]\n"
    "           [--content-type type] [--accept type]\n"
    "           [--start-timeout n] [--max-memory-in-mb n]\n";

struct arguments {
	struct predict pr;
	const char *filter;
	bool strict, rfc9535;
	bool after_model; /* the last options are a model's: -m, -d and -E */
};

/* An option: set is called each time it is given. */
struct setting {
	const char *name; /* "--name"; NULL: it has none but the letter */
	int has_arg, letter;
	void (*set)(struct arguments *, const struct setting *);
	size_t at; /* the member of struct arguments to set */
	uint64_t min, max;
	const char *instead; /* for one that is gone: what replaces it */
};

static void *
member(struct arguments *a, const struct setting *s)
{
	return (char *)a + s->at;
}

static void
set_number(struct arguments *a, const struct setting *s)
{
	*(unsigned *)member(a, s) =
	    (unsigned)option_number(s->name, optarg, s->min, s->max);
}

static void
set_memory(struct arguments *a, const struct setting *s)
{
#ifndef __linux__
	say_exit(2, "%s: not on this system", s->name);
#endif
	*(uint64_t *)member(a, s) =
	    option_number(s->name, optarg, s->min, s->max) << 20;
}

static void
set_text(struct arguments *a, const struct setting *s)
{
	*(const char **)member(a, s) = optarg;
}

/* An empty type counts as none. */
static void
set_type(struct arguments *a, const struct setting *s)
{
	*(const char **)member(a, s) = *optarg != '\0' ? optarg : NULL;
}

static void
set_flag(struct arguments *a, const struct setting *s)
{
	*(bool *)member(a, s) = true;
}

static void
add_model(struct arguments *a, const struct setting *s)
{
	struct predict *pr = &a->pr;

	(void)s;
	if (*optarg == '\0')
		say_exit(2, "-m: empty");
	pr->models =
	    mem_resize(pr->models, pr->model_count + 1, sizeof *pr->models);
	pr->models[pr->model_count++] =
	    (struct predict_model){ .name = optarg };
}

static void
add_model_dir(struct arguments *a, const struct setting *s)
{
	struct predict *pr = &a->pr;

	(void)s;
	if (pr->model_count == 0)
		say_exit(2, "-d %s: no -m before it", optarg);
	if (pr->models[pr->model_count - 1].dir != NULL)
		say_exit(2, "-d %s: -m %s already has one", optarg,
		    pr->models[pr->model_count - 1].name);
	pr->models[pr->model_count - 1].dir = optarg;
}

static void
add_variable(struct bt_parameter **list, size_t *count, const char *setting)
{
	static const char name[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	size_t n = strspn(setting, name);
	struct bt_parameter *p;

	if (n == 0 || setting[n] != '=' ||
	    (setting[0] >= '0' && setting[0] <= '9'))
		say_exit(2, "-E %s: not KEY=VALUE", setting);
	*list = mem_resize(*list, *count + 1, sizeof *p);
	p = &(*list)[(*count)++];
	p->key = mem_dup(setting, n);
	p->value = setting + n + 1;
}

static void
add_environment(struct arguments *a, const struct setting *s)
{
	struct predict *pr = &a->pr;
	struct predict_model *pm = pr->models;
	const struct bt_parameter *p;
	size_t i;

	(void)s;
	if (a->after_model) {
		pm += pr->model_count - 1;
		add_variable(&pm->environment, &pm->environment_count, optarg);
		return;
	}
	add_variable(&pr->environment, &pr->environment_count, optarg);
	/* The last one given counts. */
	p = &pr->environment[pr->environment_count - 1];
	for (; pm < pr->models + pr->model_count; pm++)
		for (i = 0; i < pm->environment_count; i++)
			if (strcmp(pm->environment[i].key, p->key) == 0)
				pm->environment[i].value = p->value;
}

static void
set_dialect(struct arguments *a, const struct setting *s)
{
	static const char *const dialects[] = { "sagemaker", "rfc9535", NULL };

	a->rfc9535 = option_choice(s->name, optarg, dialects) == 1;
}

#define AT(member) offsetof(struct arguments, member)
#define ARG required_argument
#define GONE(name, text)                                                       \
	{                                                                      \
		name, optional_argument, 0, NULL, 0, 0, 0, text                \
	}

static const struct setting settings[] = {
	{ "--model", ARG, 'm', add_model, 0, 0, 0, NULL },
	{ "--model-dir", ARG, 'd', add_model_dir, 0, 0, 0, NULL },
	{ "--output", ARG, 'o', set_text, AT(pr.out), 0, 0, NULL },
	{ "--environment", ARG, 'E', add_environment, 0, 0, 0, NULL },
	{ "--content-type", ARG, 0, set_type, AT(pr.content_type), 0, 0, NULL },
	{ "--accept", ARG, 0, set_type, AT(pr.accept), 0, 0, NULL },
	{ "--input-filter", ARG, 0, set_text, AT(filter), 0, 0, NULL },
	{ "--jsonpath", ARG, 0, set_dialect, 0, 0, 0, NULL },
	{ "--strict", no_argument, 0, set_flag, AT(strict), 0, 0, NULL },
	{ "--invocations-timeout-in-seconds", ARG, 0, set_number,
	    AT(pr.timeout), 1, 3600, NULL },
	{ "--start-timeout", ARG, 0, set_number, AT(pr.start_timeout), 1, 86400,
	    NULL },
	{ "--invocations-max-retries", ARG, 0, set_number, AT(pr.retries), 0, 3,
	    NULL },
	{ "--isolate", no_argument, 0, set_flag, AT(pr.isolate), 0, 0, NULL },
	{ "--no-count", no_argument, 0, set_flag, AT(pr.no_count), 0, 0, NULL },
	{ "--max-memory-in-mb", ARG, 0, set_memory, AT(pr.max_memory), 1,
	    1u << 30, NULL },
	{ "--probe", no_argument, 0, set_flag, AT(pr.probe), 0, 0, NULL },
	GONE("--unpack", "bt-unpack ARCHIVE FOLDER"),
	GONE("--max-model-in-mb",
	    "bt-unpack --max-model-in-mb N ARCHIVE FOLDER, and -d FOLDER"),
	GONE("--max-payload-in-mb", "-E SAGEMAKER_MAX_PAYLOAD_IN_MB=N"),
	GONE("--batch-strategy",
	    "-E SAGEMAKER_BATCH_STRATEGY=MULTI_RECORD, or =SINGLE_RECORD"),
	GONE("--max-concurrent-transforms",
	    "-E SAGEMAKER_MAX_CONCURRENT_TRANSFORMS=N"),
};

enum { SETTINGS = sizeof settings / sizeof settings[0], LONG = 256 };

static void
read_options(struct arguments *a, int argc, char *argv[])
{
	static const struct option last[] = { OPTIONS_END };
	struct option options[SETTINGS + sizeof last / sizeof last[0]], *o;
	const struct setting *s;
	int ch;

	for (o = options, s = settings; s < settings + SETTINGS; s++)
		if (s->name != NULL)
			*o++ = (struct option){ s->name + 2, s->has_arg, NULL,
				LONG + (int)(s - settings) };
	memcpy(o, last, sizeof last);
	while (
	    (ch = getopt_long(argc, argv, "m:d:o:E:h", options, NULL)) != -1) {
		if (ch == '?' || ch == OPTION_HELP || ch == OPTION_VERSION)
			option_other(ch, usage);
		s = ch >= LONG ? &settings[ch - LONG] : settings;
		while (ch < LONG && s->letter != ch)
			s++;
		if (s->instead != NULL)
			option_gone(s->name, s->instead);
		s->set(a, s);
		a->after_model = s->letter == 'm' || s->letter == 'd' ||
				 (s->letter == 'E' && a->after_model);
	}
}

/* Sets BT_STRICT for the model, unless -E does. */
static void
add_strict(struct predict *pr)
{
	size_t i;

	for (i = 0; i < pr->environment_count; i++)
		if (strcmp(pr->environment[i].key, "BT_STRICT") == 0)
			return;
	add_variable(&pr->environment, &pr->environment_count, "BT_STRICT=1");
}

static struct jsonpath *
read_filter(const struct arguments *a)
{
	enum jsonpath_dialect dialect = a->rfc9535  ? JSONPATH_RFC9535
					: a->strict ? JSONPATH_SAGEMAKER_STRICT
						    : JSONPATH_SAGEMAKER;
	struct span text = { a->filter,
		a->filter != NULL ? strlen(a->filter) : 0 };
	struct buf why = { 0 };
	struct jsonpath *path;
	size_t at = 0;

	if (a->filter == NULL)
		return NULL;
	path = jsonpath_new(text, dialect, &why, &at);
	if (path == NULL)
		say_exit(2, "--input-filter %s: character %zu: %s%s", a->filter,
		    at + 1, buf_str(&why),
		    *a->filter != '$' ? "; does it stand in single quotes?"
				      : "");
	if (!jsonpath_is_all(path))
		return path;
	jsonpath_free(path);
	return NULL;
}

static void
free_variables(struct bt_parameter *list, size_t count)
{
	while (count-- > 0)
		free((char *)list[count].key);
	free(list);
}

static void
free_options(struct predict *pr)
{
	struct predict_model *pm = pr->models;

	free_variables(pr->environment, pr->environment_count);
	for (; pm < pr->models + pr->model_count; pm++) {
		free_variables(pm->environment, pm->environment_count);
		free(pm->unpacked);
		free(pm->code);
	}
	free(pr->models);
	if (pr->filter != NULL)
		jsonpath_free(pr->filter);
}

int
main(int argc, char *argv[])
{
	struct arguments a = { .pr = { .timeout = DEFAULT_TIMEOUT,
				   .start_timeout = 1800,
				   .retries = DEFAULT_RETRIES } };
	struct predict *pr = &a.pr;
	int status;

	start_tool();
	read_options(&a, argc, argv);
	if (pr->model_count == 0)
		say_exit(2, "no -m MODEL: the name of a plugin, or its path");
	if (pr->probe && argv[optind] != NULL)
		say_exit(2, "%s: --probe takes no references", argv[optind]);
	if (!pr->probe && (pr->out == NULL || *pr->out == '\0'))
		say_exit(2, "no -o DIR: the folder for the replies");
	if (a.strict)
		add_strict(pr);
	pr->filter = read_filter(&a);
	pr->refs = argv + optind;
	if (!pr->probe && *pr->refs == NULL && isatty(STDIN_FILENO))
		say("waiting for references from the terminal; "
		    "bt-split FILE makes them");
	status = supervisor_run(pr);
	free_options(pr);
	return status;
}
