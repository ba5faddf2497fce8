/*
 * bt-s3manifest makes a manifest from a list of names, or changes one.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/load.h"
#include "base/options.h"
#include "base/say.h"
#include "base/start.h"
#include "s3/manifest.h"
#include "s3/uri.h"

static const char usage[] =
    "usage: bt-s3manifest [-0] prefix\n"
    "       bt-s3manifest --below folder [--strict] manifest\n"
    "       bt-s3manifest --outputs prefix manifest\n"
    "       bt-s3manifest --prefix manifest\n";

/* The whole output, so that nothing is written if something is wrong. */
static struct buf out;

static void
finish(void)
{
	if (fd_write(STDOUT_FILENO, out.p, out.n) == -1)
		say_errno_exit(1, "standard output");
	buf_free(&out);
}

/* Text as a JSON string; place is what has it. */
static void
put_string(const char *place, uint64_t n, const char *text)
{
	json_t *string = json_string(text);
	char *json;

	if (string == NULL)
		say_exit(1, "%s %" PRIu64 ": not UTF-8: %s", place, n, text);
	json = json_dumps(string, JSON_ENCODE_ANY);
	buf_adds(&out, json);
	free(json);
	json_decref(string);
}

static void
begin(const char *prefix)
{
	buf_adds(&out, "[\n    {\"prefix\": ");
	put_string("prefix", 0, prefix);
	buf_addc(&out, '}');
}

static void
end(void)
{
	buf_adds(&out, "\n]\n");
	finish();
}

/* The names so far, each with its number. */
static json_t *seen;

static void
add(uint64_t n, const char *name, const char *prefix)
{
	const json_t *before = json_object_get(seen, name);
	size_t length = strlen(prefix);

	if (strncmp(name, prefix, length) != 0)
		say_exit(
		    1, "name %" PRIu64 ": %s: not below %s", n, name, prefix);
	if (!s3_uri_has_scheme(prefix) && s3_uri_has_scheme(name))
		say_exit(1,
		    "name %" PRIu64 ": %s: s3://BUCKET/ belongs in the "
		    "prefix",
		    n, name);
	if (*name != '\0' && name[strlen(name) - 1] == '/')
		return;
	if (name[length] == '\0')
		say_exit(1, "name %" PRIu64 ": nothing after %s", n, prefix);
	buf_adds(&out, ",\n    ");
	put_string("name", n, name + length);
	if (before != NULL)
		say_exit(1,
		    "name %" PRIu64 ": %s: the same as name "
		    "%" JSON_INTEGER_FORMAT,
		    n, name, json_integer_value(before));
	json_object_set_new(seen, name, json_integer((json_int_t)n));
}

/* Names on standard input, all below the prefix. */
static void
make(const char *prefix, int delimiter)
{
	struct buf names = { 0 };
	char *name, *stop;
	uint64_t n = 0;

	if (s3_uri_is_other(prefix))
		say_exit(1, "%s: neither s3://BUCKET/... nor a path", prefix);
	if (load_whole("-", &names) == -1)
		say_errno_exit(1, "standard input");
	seen = json_object();
	begin(prefix);
	buf_str(&names);
	for (name = names.p; (size_t)(name - names.p) < names.n;
	     name = stop + 1, n++) {
		stop =
		    memchr(name, delimiter, names.n - (size_t)(name - names.p));
		if (stop == NULL)
			stop = names.p + names.n;
		*stop = '\0';
		if (strlen(name) < (size_t)(stop - name))
			say_exit(1,
			    "name %" PRIu64 ": a NUL in it: %s: names that end "
			    "with one need -0",
			    n, name);
		add(n, name, prefix);
	}
	buf_free(&names);
	json_decref(seen);
	end();
}

static struct s3_manifest *
read_manifest(const char *path)
{
	struct buf text = { 0 }, why = { 0 };
	struct s3_manifest *m;

	if (load_whole(path, &text) == -1)
		say_errno_exit(1, "%s", path);
	m = s3_manifest_read(text.p, text.n, &why);
	if (m == NULL)
		say_exit(1, "%s: %s", path, buf_str(&why));
	buf_free(&text);
	return m;
}

/* Writes the manifest with another prefix, and a suffix after each name. */
static void
put_again(const struct s3_manifest *m, const char *prefix, const char *suffix)
{
	struct buf name = { 0 };
	size_t i;

	begin(prefix);
	for (i = 0; i < s3_manifest_count(m); i++) {
		name.n = 0;
		buf_adds(&name, s3_manifest_name(m, i));
		buf_adds(&name, suffix);
		buf_adds(&out, ",\n    ");
		put_string("entry", i + 1, buf_str(&name));
	}
	buf_free(&name);
	end();
}

/* The outputs of a job over the manifest's objects.  Like S3OutputPath, the
 * prefix ends in a slash. */
static void
make_outputs(const char *prefix, const char *path)
{
	struct s3_manifest *m = read_manifest(path);
	struct buf below = { 0 };

	buf_adds(&below, prefix);
	if (below.n > 0 && below.p[below.n - 1] != '/')
		buf_addc(&below, '/');
	put_again(m, buf_str(&below), ".out");
	buf_free(&below);
	s3_manifest_free(m);
}

/* The same objects, if a relative prefix is a path below the folder. */
static void
make_below(const char *folder, bool strict, const char *path)
{
	struct s3_manifest *m = read_manifest(path);
	const char *own = s3_manifest_prefix(m);
	size_t bucket = s3_uri_is(own) ? strcspn(own + 5, "/") : 0;
	struct buf prefix = { 0 };

	/* The author of a manifest decides by its prefix what is read: an
	 * object, or a local file. */
	if (strict && (bucket == 0 || own[5 + bucket] != '/'))
		say_exit(1,
		    "%s: entry 0 of the manifest: %s: not s3://BUCKET/...",
		    path, own);
	if (*own != '/' && strstr(own, "://") == NULL) {
		buf_adds(&prefix, folder);
		buf_adds(&prefix, "/");
	}
	buf_adds(&prefix, own);
	put_again(m, buf_str(&prefix), "");
	buf_free(&prefix);
	s3_manifest_free(m);
}

static void
put_prefix(const char *path)
{
	struct s3_manifest *m = read_manifest(path);

	buf_addf(&out, "%s\n", s3_manifest_prefix(m));
	s3_manifest_free(m);
	finish();
}

enum { BELOW = 256, OUTPUTS, PREFIX, STRICT };

static const struct option long_options[] = {
	{ "null", no_argument, NULL, '0' },
	{ "below", required_argument, NULL, BELOW },
	{ "outputs", required_argument, NULL, OUTPUTS },
	{ "prefix", no_argument, NULL, PREFIX },
	{ "strict", no_argument, NULL, STRICT },
	OPTIONS_END,
};

int
main(int argc, char *argv[])
{
	const char *below = NULL, *outputs = NULL;
	int ch, delimiter = '\n', prefix = 0;
	bool strict = false;

	start_tool();
	while ((ch = getopt_long(argc, argv, "0h", long_options, NULL)) != -1)
		switch (ch) {
		case '0':
			delimiter = '\0';
			break;
		case BELOW:
			below = optarg;
			break;
		case OUTPUTS:
			outputs = optarg;
			break;
		case PREFIX:
			prefix = 1;
			break;
		case STRICT:
			strict = true;
			break;
		default:
			option_other(ch, usage);
		}
	if (optind + 1 != argc ||
	    (below != NULL) + (outputs != NULL) + prefix + (delimiter == '\0') >
		1 ||
	    (strict && below == NULL))
		option_misuse(usage);
	if (below != NULL)
		make_below(below, strict, argv[optind]);
	else if (prefix)
		put_prefix(argv[optind]);
	else if (outputs != NULL)
		make_outputs(outputs, argv[optind]);
	else
		make(argv[optind], delimiter);
	return 0;
}
