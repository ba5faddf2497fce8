/*
 * A model that misbehaves as its records tell it.  A record is the word for
 * what to do, and its prediction is the record; any other word does nothing.
 * once:FILE:WORD does WORD if FILE is not there, and makes FILE.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "through.h"

static int
is(const char *word, const char *text)
{
	return strcmp(word, text) == 0;
}

static void
leak(void)
{
	char *p;

	for (;;) {
		p = malloc(1 << 20);
		if (p != NULL)
			memset(p, 1, 1 << 20);
		usleep(1000);
	}
}

static int
obey(const struct bt_host *host, long i, const char *word)
{
	if (is(word, "segv")) {
		signal(SIGSEGV, SIG_DFL); /* a sanitizer's, perhaps */
		raise(SIGSEGV);
	} else if (is(word, "abort"))
		abort();
	else if (is(word, "exit"))
		exit(0);
	else if (is(word, "kill"))
		raise(SIGKILL);
	else if (is(word, "kill-parent"))
		kill(getppid(), SIGKILL);
	else if (is(word, "hang"))
		for (;;)
			pause();
	else if (is(word, "chdir"))
		return chdir("/") == 0 ? BT_OK : BT_MODEL_ERROR;
	else if (is(word, "leak"))
		leak();
	else if (is(word, "print")) {
		puts("printed by the model");
		fflush(stdout);
	} else if (is(word, "log"))
		host->log(
		    host, BT_LOG_WARNING, "logged by the model\nsecond line");
	else if (is(word, "environment"))
		printf("%s %s\n", getenv("OMP_NUM_THREADS"), getenv("KEY"));
	else if (is(word, "batch-400"))
		return host->fail(host, BT_BAD_INPUT, -1, "bad batch");
	else if (is(word, "silent-500"))
		return BT_MODEL_ERROR;
	else if (is(word, "7"))
		return 7;
	else if (word[0] >= '4' && word[0] <= '5')
		return host->fail(host, atoi(word), i, "record says %s", word);
	return BT_OK;
}

static const char *
once(char *word)
{
	char *file = word + strlen("once:"), *colon;
	int fd;

	if (strncmp(word, "once:", 5) != 0 ||
	    (colon = strchr(file, ':')) == NULL)
		return word;
	*colon = '\0';
	fd = open(file, O_CREAT | O_EXCL | O_WRONLY, 0666);
	if (fd == -1)
		return "";
	close(fd);
	return colon + 1;
}

static int
model_fn(const struct bt_host *host, const struct bt_load *load, void **model)
{
	size_t i;

	*model = NULL;
	for (i = 0; i < load->parameter_count; i++)
		if (is(load->parameters[i].key, "LOAD"))
			return obey(host, -1, load->parameters[i].value);
	return BT_OK;
}

static int
input_fn(const struct bt_host *host, void *model,
    const struct bt_request *request, void **input)
{
	const char *most = getenv("MOST");
	char word[256];
	size_t i, n;
	int status;

	(void)model;
	*input = (void *)request;
	if (most != NULL && request->record_count > (size_t)atoi(most))
		return host->fail(host, BT_TOO_LARGE, -1, "more than %s", most);
	for (i = 0; i < request->record_count; i++) {
		n = request->records[i].n < sizeof word - 1
			? request->records[i].n
			: sizeof word - 1;
		memcpy(word, request->records[i].p, n);
		word[n] = '\0';
		status = obey(host, (long)i, once(word));
		if (status != BT_OK)
			return status;
	}
	return BT_OK;
}

static int
output_fn(const struct bt_host *host, void *model, void *prediction,
    const char *accept)
{
	const struct bt_request *request = prediction;
	const struct bt_span *r = request->records;
	size_t i;

	(void)model;
	(void)accept;
	for (i = 0; i < request->record_count; i++) {
		if (r[i].n == 4 && memcmp(r[i].p, "none", 4) == 0)
			continue;
		host->write(host, r[i].p, r[i].n);
		host->end_record(host);
		if (r[i].n == 4 && memcmp(r[i].p, "more", 4) == 0)
			host->write(host, "after the last", 14);
		if (r[i].n == 5 && memcmp(r[i].p, "twice", 5) == 0) {
			host->write(host, r[i].p, r[i].n);
			host->end_record(host);
		}
	}
	return BT_OK;
}

static const struct bt_plugin plugin = { BT_PLUGIN_HEAD, .name = "as_told",
	.version = "1.0", .model_fn = model_fn, .input_fn = input_fn,
	.predict_fn = through_predict_fn, .output_fn = output_fn };
BT_PLUGIN(plugin)
