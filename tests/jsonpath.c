/*
 * jsonpath [-r | -s] nodes PATH JSON	the nodes, one a line
 * jsonpath [-r | -s] filter PATH JSON	what a filter makes of the value
 * jsonpath [-r | -s] columns PATH WIDTH ...	columns of rows of these widths
 * jsonpath suite FILE	the cases of the RFC 9535 compliance suite
 *
 * -r is the standard, -s Batch Transform's dialect with its limits.
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/json.h"
#include "format/jsonpath.h"

static enum jsonpath_dialect dialect = JSONPATH_SAGEMAKER;

static struct span
span_of(const char *s)
{
	return (struct span){ s, strlen(s) };
}

static void
put(struct span s)
{
	fwrite(s.p, 1, s.n, stdout);
	putchar('\n');
}

static struct jsonpath *
path_of(const char *text)
{
	struct buf why = { 0 };
	struct jsonpath *path;
	size_t at;

	path = jsonpath_new(span_of(text), dialect, &why, &at);
	if (path != NULL)
		return path;
	printf("byte %zu: ", at);
	put(buf_span(&why));
	buf_free(&why);
	exit(1);
}

static struct span
checked(const char *text)
{
	struct span value;
	const char *why;
	size_t at;

	if (json_check(span_of(text), &value, &why, &at) == -1)
		errx(1, "%s: byte %zu: %s", text, at, why);
	return value;
}

static void
nodes(struct jsonpath *path, const char *text)
{
	const struct span *node;
	size_t i, n;

	node = jsonpath_nodes(path, checked(text), &n);
	if (node == NULL)
		errx(1, "too many nodes");
	for (i = 0; i < n; i++)
		put(node[i]);
}

static void
filter(struct jsonpath *path, const char *text)
{
	struct buf out = { 0 }, why = { 0 };

	if (jsonpath_filter(path, checked(text), &out, &why) == -1) {
		printf("wrong: ");
		put(buf_span(&why));
	} else
		put(buf_span(&out));
	buf_free(&out);
	buf_free(&why);
}

static void
columns(struct jsonpath *path, const char *width)
{
	struct buf why = { 0 };
	const size_t *column;
	size_t i, n;

	column = jsonpath_columns(path, (size_t)atol(width), &n, &why);
	if (column == NULL)
		put(buf_span(&why));
	else {
		for (i = 0; i < n; i++)
			printf("%s%zu", i > 0 ? " " : "", column[i]);
		putchar('\n');
	}
	buf_free(&why);
}

static const char *
text_at(json_t *test, const char *key)
{
	return json_string_value(json_object_get(test, key));
}

/* The nodes that a path selects, as an array. */
static json_t *
selected(struct jsonpath *path, const char *document)
{
	json_t *all = json_array();
	const struct span *node;
	size_t i, n;

	node = jsonpath_nodes(path, checked(document), &n);
	for (i = 0; node != NULL && i < n; i++)
		json_array_append_new(
		    all, json_loadb(node[i].p, node[i].n,
			     JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
	return all;
}

static int
test(json_t *t)
{
	json_t *selector = json_object_get(t, "selector"), *got, *want, *any;
	struct buf why = { 0 };
	struct jsonpath *path;
	char *document;
	size_t at, i;
	int fine = 0;

	path = jsonpath_new((struct span){ json_string_value(selector),
				json_string_length(selector) },
	    JSONPATH_RFC9535, &why, &at);
	if (json_is_true(json_object_get(t, "invalid_selector")))
		fine = path == NULL && why.n > 0 &&
		       at <= json_string_length(selector);
	else if (path != NULL) {
		document = json_dumps(json_object_get(t, "document"),
		    JSON_ENCODE_ANY | JSON_COMPACT);
		got = selected(path, document);
		want = json_object_get(t, "result");
		fine = want != NULL && json_equal(got, want);
		any = json_object_get(t, "results");
		for (i = 0; i < json_array_size(any); i++)
			fine |= json_equal(got, json_array_get(any, i));
		json_decref(got);
		free(document);
	}
	if (!fine)
		printf("%s: %s: %s\n", text_at(t, "name"),
		    text_at(t, "selector"),
		    path == NULL ? buf_str(&why) : "other nodes");
	jsonpath_free(path);
	buf_free(&why);
	return fine;
}

static void
suite(const char *file)
{
	json_error_t e;
	json_t *all = json_load_file(file, JSON_ALLOW_NUL, &e), *tests;
	size_t i, n, fine = 0;

	if (all == NULL)
		errx(1, "%s: %s", file, e.text);
	tests = json_object_get(all, "tests");
	n = json_array_size(tests);
	for (i = 0; i < n; i++)
		fine += (size_t)test(json_array_get(tests, i));
	printf("%zu of %zu\n", fine, n);
	json_decref(all);
	exit(fine < n);
}

int
main(int argc, char *argv[])
{
	void (*work)(struct jsonpath * path, const char *arg) = NULL;
	struct jsonpath *path;
	int ch;

	while ((ch = getopt(argc, argv, "rs")) != -1)
		dialect =
		    ch == 'r' ? JSONPATH_RFC9535 : JSONPATH_SAGEMAKER_STRICT;
	argv += optind;
	argc -= optind;
	if (argc == 2 && strcmp(argv[0], "suite") == 0)
		suite(argv[1]);
	if (argc < 3)
		errx(2, "nodes, filter or columns, a path, a value");
	if (strcmp(argv[0], "nodes") == 0)
		work = nodes;
	else if (strcmp(argv[0], "filter") == 0)
		work = filter;
	else if (strcmp(argv[0], "columns") == 0)
		work = columns;
	else
		errx(2, "%s is not known", argv[0]);
	path = path_of(argv[1]);
	for (argv += 2; *argv != NULL; argv++)
		work(path, *argv);
	jsonpath_free(path);
	return 0;
}
