/*
 * bt-job - check a transform job's request, and manage its folder.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/isotime.h"
#include "base/load.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "io/out.h"
#include "job/assign.h"
#include "job/describe.h"
#include "job/list.h"
#include "job/request.h"
#include "job/rules.h"
#include "job/skeleton.h"
#include "job/status.h"
#include "job/table.h"
#include "job/value.h"

enum { INDENT = 4 };

/* Adds a member's option: MaxPayloadInMB's is max-payload-in-mb. */
static void
add_option_name(struct buf *b, const char *member)
{
	const char *p;

	for (p = member; *p != '\0'; p++) {
		if (p > member && isupper((unsigned char)*p) &&
		    islower((unsigned char)p[-1]))
			buf_addc(b, '-');
		buf_addc(b, (char)tolower((unsigned char)*p));
	}
}

/* Adds the options of the request's members, in lines of at most 79. */
static void
add_member_usage(struct buf *b)
{
	const struct member *m;
	const struct shape *s;
	const char *const *v;
	size_t column = 79;
	struct buf word = { 0 };

	for (m = job_transform_shape.members; m->name != NULL; m++) {
		word.n = 0;
		buf_adds(&word, "[--");
		add_option_name(&word, m->name);
		buf_addc(&word, ' ');
		s = m->shape;
		if (s->kind == JOB_INTEGER)
			buf_adds(&word, "n");
		else if (s->kind == JOB_LIST)
			buf_adds(&word, "value ...");
		else if (s->kind != JOB_STRING)
			buf_adds(&word, "value");
		else if (s->values == NULL)
			buf_adds(&word, "name");
		for (v = s->values; v != NULL && *v != NULL; v++)
			buf_addf(&word, "%s%s", v > s->values ? "|" : "", *v);
		buf_addc(&word, ']');
		if (column + 1 + word.n > 79) {
			buf_adds(b, "\n          ");
			column = 10;
		}
		buf_addf(b, " %s", buf_str(&word));
		column += 1 + word.n;
	}
	buf_free(&word);
}

static const char *
usage(void)
{
	static struct buf text;

	buf_adds(&text,
	    "usage: bt-job [--check | --json | --keep dir] [--strict]\n"
	    "           [--model file | --models dir] [--cli-input-json "
	    "json]");
	add_member_usage(&text);
	buf_adds(&text,
	    "\n           [request]\n"
	    "       bt-job --generate-cli-skeleton [input]\n"
	    "       bt-job --set-status status [--failure-reason text]\n"
	    "           [--object-prefix from=to] [--rename dir] job_dir\n"
	    "       bt-job --describe [--output json|table] [--queue file] "
	    "job_dir\n"
	    "       bt-job --list [--output json|table] [--queue file]\n"
	    "           [--creation-time-after time]\n"
	    "           [--creation-time-before time] "
	    "[--last-modified-time-after time]\n"
	    "           [--last-modified-time-before time] [--max-results n]\n"
	    "           [--name-contains text] "
	    "[--sort-by Name|CreationTime|Status]\n"
	    "           [--sort-order Ascending|Descending] "
	    "[--status-equals status]\n"
	    "           jobs_dir\n");
	return buf_str(&text);
}

/* Each has options of its own. */
enum mode { REQUEST, SET_STATUS, DESCRIBE, LIST, MODES };

struct options {
	unsigned given[MODES]; /* the number of options of each */
	struct request request;
	const char *model, *models, *keep, *document, *operand;
	bool strict, check, json, list, skeleton;
	const char *status, *reason, *rename;
	struct prefix prefix;
	struct query query;
	bool output, table; /* --output is given; what to print */
	const char *queue;  /* NULL: not given */
};

static void
put(struct buf *b)
{
	struct out *o = out_stdout();

	if (out_write(o, b->p, b->n) == -1 || out_commit(o) == -1)
		say_errno_exit(1, "standard output");
	buf_free(b);
}

/* Prints a value as the AWS CLI does.  Steals it. */
static void
put_json(json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(INDENT));
	struct buf b = { 0 };

	buf_adds(&b, text);
	buf_addc(&b, '\n');
	put(&b);
	free(text);
	json_decref(value);
}

/* Prints an answer, as a table or as JSON.  Steals it. */
static void
put_answer(
    json_t *answer, bool table, void (*add)(struct buf *, const json_t *answer))
{
	struct buf b = { 0 };

	if (!table) {
		put_json(answer);
		return;
	}
	add(&b, answer);
	put(&b);
	json_decref(answer);
}

/* Reports all faults before it ends the process. */
static void
check(const struct options *o, const json_t *model)
{
	/* What runs here may have its files here. */
	struct check transform = { .strict = o->strict,
		.uris = o->strict && o->check,
		.file = o->request.name,
		.given = o->request.given };
	struct check other = { .strict = o->strict,
		.uris = o->strict && o->check,
		.file = o->model };

	job_check_request(&transform, o->request.value);
	if (model != NULL) {
		job_check_model(&other, model, &transform, o->request.value);
		/* The service runs images, whatever plugins are here. */
		if (other.wrong == 0 && (!o->strict || !(o->check || o->json)))
			job_check_runs(&other, model);
	}
	if (transform.wrong + other.wrong > 0)
		exit(1);
}

/* The model in the folder of models; the request may not be checked yet. */
static const char *
model_in(const char *dir, const json_t *request)
{
	static struct buf path;
	const char *name = job_text(request, "ModelName", "");

	buf_addf(&path, "%s/%s.json", dir, name);
	if (access(buf_str(&path), F_OK) == -1)
		say_exit(1, "model %s: no --model, and no file %s", name,
		    buf_str(&path));
	return buf_str(&path);
}

static void
keep_file(const char *dir, const char *name, struct span text)
{
	struct buf path = { 0 };
	int fd;

	buf_addf(&path, "%s/%s", dir, name);
	fd = open(
	    buf_str(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd == -1 || fd_write(fd, text.p, text.n) == -1 || close(fd) == -1)
		say_errno_exit(1, "%s", buf_str(&path));
	buf_free(&path);
}

/* Writes the request and the model into the folder of their job. */
static void
keep(const struct options *o)
{
	json_t *request = job_in_order(&job_transform_shape, o->request.value);
	char *text = json_dumps(request, JSON_INDENT(INDENT));
	struct buf b = { 0 };

	buf_adds(&b, text);
	buf_addc(&b, '\n');
	keep_file(o->keep, "request.json", buf_span(&b));
	b.n = 0;
	if (o->model != NULL) {
		if (load_whole(o->model, &b) == -1)
			say_errno_exit(1, "%s", o->model);
		keep_file(o->keep, "model.json", buf_span(&b));
	}
	buf_free(&b);
	free(text);
	json_decref(request);
}

static void
request(struct options *o)
{
	json_t *model = NULL;
	struct buf b = { 0 };

	if (o->skeleton) {
		put_json(job_skeleton(&job_transform_shape));
		job_request_free(&o->request);
		return;
	}
	if (o->document != NULL && o->operand != NULL)
		say_exit(2, "%s: --cli-input-json is given too", o->operand);
	if (o->check + o->json + (o->keep != NULL) > 1 ||
	    (o->model != NULL && o->models != NULL))
		option_misuse(usage());
	if (o->document != NULL)
		job_request_cli(&o->request, o->document);
	else if (o->operand != NULL)
		job_request_file(&o->request, o->operand);
	else if (o->request.set == NULL)
		option_misuse(usage());
	job_request_merge(&o->request);
	if (o->models != NULL) {
		check(o, NULL);
		o->model = model_in(o->models, o->request.value);
	}
	if (o->model != NULL)
		model = job_load(o->model, o->model);
	check(o, model);
	if (o->keep != NULL)
		keep(o);
	if (o->json) {
		put_json(job_in_order(&job_transform_shape, o->request.value));
	} else {
		if (!o->check)
			job_assign(&b, o->request.value, model);
		put(&b);
	}
	json_decref(model);
	job_request_free(&o->request);
}

static const char *
status_name(const char *option, const char *text)
{
	return job_statuses[option_choice(option, text, job_statuses)];
}

static int64_t
moment(const char *option, const char *text)
{
	int64_t ms;

	if (isotime_read_loose(text, &ms) == -1)
		say_exit(2,
		    "--%s %s: not an ISO 8601 time, nor seconds since the "
		    "Epoch",
		    option, text);
	return ms;
}

static const char *
part_of_name(const char *text)
{
	size_t n = strlen(text);

	if (n > 63 ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != n)
		say_exit(2,
		    "--name-contains %s: not at most 63 letters, digits and "
		    "hyphens",
		    text);
	return text;
}

/* The word after the option is its value if it can be. */
static void
set_skeleton(struct options *o, int argc, char *argv[])
{
	static const char *const kinds[] = { "input", NULL };

	if (optarg == NULL && optind < argc && argv[optind][0] != '-')
		optarg = argv[optind++];
	if (optarg != NULL)
		option_choice("--generate-cli-skeleton", optarg, kinds);
	o->skeleton = true;
}

/* A member's option; --tags has all words up to the next option. */
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
	MEMBER = 256,
	CLI_JSON,
	SKELETON,
	CHECK,
	JSON,
	KEEP,
	MODEL,
	FOLDER_OF_MODELS,
	STRICT,
	SET,
	REASON,
	PREFIX,
	RENAME,
	DESCRIBED,
	LISTED,
	OUTPUT,
	QUEUE,
	/* The options of --list. */
	CREATED_AFTER,
	CREATED_BEFORE,
	MODIFIED_AFTER,
	MODIFIED_BEFORE,
	NAME_CONTAINS,
	STATUS_EQUALS,
	SORT_BY,
	SORT_ORDER,
	MAX_RESULTS,
	NEXT_TOKEN
};

static const struct option own_options[] = {
	{ "check", no_argument, NULL, CHECK },
	{ "json", no_argument, NULL, JSON },
	{ "keep", required_argument, NULL, KEEP },
	{ "model", required_argument, NULL, MODEL },
	{ "models", required_argument, NULL, FOLDER_OF_MODELS },
	{ "strict", no_argument, NULL, STRICT },
	{ "cli-input-json", required_argument, NULL, CLI_JSON },
	{ "generate-cli-skeleton", optional_argument, NULL, SKELETON },
	{ "set-status", required_argument, NULL, SET },
	{ "failure-reason", required_argument, NULL, REASON },
	{ "object-prefix", required_argument, NULL, PREFIX },
	{ "rename", required_argument, NULL, RENAME },
	{ "describe", no_argument, NULL, DESCRIBED },
	{ "list", no_argument, NULL, LISTED },
	{ "output", required_argument, NULL, OUTPUT },
	{ "queue", required_argument, NULL, QUEUE },
	{ "creation-time-after", required_argument, NULL, CREATED_AFTER },
	{ "creation-time-before", required_argument, NULL, CREATED_BEFORE },
	{ "last-modified-time-after", required_argument, NULL, MODIFIED_AFTER },
	{ "last-modified-time-before", required_argument, NULL,
	    MODIFIED_BEFORE },
	{ "name-contains", required_argument, NULL, NAME_CONTAINS },
	{ "status-equals", required_argument, NULL, STATUS_EQUALS },
	{ "sort-by", required_argument, NULL, SORT_BY },
	{ "sort-order", required_argument, NULL, SORT_ORDER },
	{ "max-results", required_argument, NULL, MAX_RESULTS },
	{ "next-token", required_argument, NULL, NEXT_TOKEN },
};

/* The own options, and one for each member of a request. */
static struct option *
all_options(void)
{
	static const struct option end[] = { OPTIONS_END };
	const struct member *m = job_transform_shape.members;
	size_t n = sizeof own_options / sizeof own_options[0], members = 0;
	static struct option *all; /* never freed */

	while (m[members].name != NULL)
		members++;
	all = mem_resize(NULL, n + members + 3, sizeof *all);
	memcpy(all, own_options, sizeof own_options);
	for (; m->name != NULL; m++) {
		struct buf name = { 0 };

		add_option_name(&name, m->name);
		all[n++] = (struct option){ buf_take(&name), required_argument,
			NULL, MEMBER };
	}
	memcpy(&all[n], end, sizeof end);
	return all;
}

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
	case KEEP:
		o->keep = optarg;
		break;
	case MODEL:
		o->model = optarg;
		break;
	case FOLDER_OF_MODELS:
		o->models = optarg;
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
set_query(struct options *o, int ch, const char *name)
{
	static const char *const orders[] = { "Ascending", "Descending", NULL };
	struct query *q = &o->query;

	o->given[LIST]++;
	switch (ch) {
	case CREATED_AFTER:
		q->created_after = moment(name, optarg);
		break;
	case CREATED_BEFORE:
		q->created_before = moment(name, optarg);
		break;
	case MODIFIED_AFTER:
		q->modified_after = moment(name, optarg);
		break;
	case MODIFIED_BEFORE:
		q->modified_before = moment(name, optarg);
		break;
	case NAME_CONTAINS:
		q->name_contains = part_of_name(optarg);
		break;
	case STATUS_EQUALS:
		q->status = status_name("--status-equals", optarg);
		break;
	case SORT_BY:
		q->sort = (enum job_sort)option_choice(
		    "--sort-by", optarg, job_sorts);
		break;
	case SORT_ORDER:
		q->ascending =
		    option_choice("--sort-order", optarg, orders) == 0;
		break;
	case MAX_RESULTS:
		q->most = option_number("--max-results", optarg, 1, SIZE_MAX);
		break;
	case NEXT_TOKEN:
		option_gone("--next-token", "--list prints all jobs");
	}
}

static void
set(struct options *o, int ch, const char *name, int argc, char *argv[])
{
	static const char *const outputs[] = { "json", "table", NULL };
	char *equals;

	switch (ch) {
	case MEMBER:
		o->given[REQUEST]++;
		set_member(o, name, argc, argv);
		break;
	case SKELETON:
		o->given[REQUEST]++;
		set_skeleton(o, argc, argv);
		break;
	case SET:
		o->given[SET_STATUS]++;
		o->status = status_name("--set-status", optarg);
		break;
	case REASON:
		o->reason = optarg;
		break;
	case PREFIX:
		if ((equals = strchr(optarg, '=')) == NULL)
			say_exit(2, "--object-prefix %s: not FROM=TO", optarg);
		*equals = '\0';
		o->prefix.from = optarg;
		o->prefix.to = equals + 1;
		break;
	case RENAME:
		o->rename = optarg;
		break;
	case DESCRIBED:
		o->given[DESCRIBE]++;
		break;
	case LISTED:
		o->list = true;
		break;
	case OUTPUT:
		o->output = true;
		o->table = option_choice("--output", optarg, outputs) == 1;
		break;
	case QUEUE:
		o->queue = optarg;
		break;
	case '?':
	case OPTION_HELP:
	case OPTION_VERSION:
		option_other(ch, usage());
	default:
		if (ch >= CREATED_AFTER)
			set_query(o, ch, name);
		else
			set_request(o, ch);
	}
}

static enum mode
mode_of(const struct options *o)
{
	enum mode mode = o->list ? LIST : REQUEST, m;
	unsigned n = o->list && o->given[LIST] == 0;

	for (m = REQUEST; m < MODES; m++)
		if (o->given[m] > 0) {
			mode = m;
			n++;
		}
	if (mode == DESCRIBE && o->prefix.from != NULL)
		option_gone("--object-prefix of --describe",
		    "--set-status writes the reason");
	if (n > 1 || (mode != REQUEST && o->operand == NULL) ||
	    (o->reason != NULL && mode != SET_STATUS) ||
	    ((o->prefix.from != NULL || o->rename != NULL) &&
		mode != SET_STATUS) ||
	    ((o->output || o->queue != NULL) && mode != DESCRIBE &&
		mode != LIST) ||
	    (mode == LIST && !o->list))
		option_misuse(usage());
	return mode;
}

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	struct option *options;
	struct queue *queue = NULL;
	bool all = true;
	enum mode mode;
	int ch, index = 0;

	start_tool();
	job_query_init(&o.query);
	options = all_options();
	/* With +, so that the words after --tags stay there. */
	while (optind < argc) {
		ch = getopt_long(argc, argv, "+h", options, &index);
		if (ch != -1) {
			set(&o, ch, options[index].name, argc, argv);
			continue;
		}
		if (optind == argc)
			break;
		if (o.operand != NULL)
			option_misuse(usage());
		o.operand = argv[optind++];
	}
	mode = mode_of(&o);
	if (!o.output)
		o.table = isatty(STDOUT_FILENO);
	o.query.counters = o.table;
	if (o.queue != NULL)
		o.query.queue = queue = queue_load(o.queue);
	switch (mode) {
	case SET_STATUS:
		if (o.reason != NULL && strcmp(o.status, "Failed") != 0)
			say_exit(
			    2, "--failure-reason: the status is not Failed");
		job_set_status(o.operand, o.status, o.reason, &o.prefix);
		if (o.rename != NULL)
			job_rename(o.operand, o.rename);
		break;
	case DESCRIBE:
		put_answer(job_describe(o.operand, queue), o.table,
		    job_table_description);
		break;
	case LIST:
		put_answer(job_list(o.operand, &o.query, &all), o.table,
		    job_table_list);
		break;
	default:
		request(&o);
	}
	queue_free(queue);
	return all ? 0 : 1;
}
