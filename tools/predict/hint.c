#include "predict/hint.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "format/ref.h"
#include "io/plugin.h"

enum { NAME_LONGEST = 32, LETTERS_OFF = 2 };

static const char suffix[] = ".so";
enum { SUFFIX = sizeof suffix - 1 };

/* The plugins that need a library, and what it takes to build them. */
static const struct {
	const char *name, *package;
} optional[] = {
	{ "chat", "libcurl4-openssl-dev" },
	{ "http", "libcurl4-openssl-dev" },
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters to insert, leave out, replace or swap with the next one to
 * make b of a.  Neither is longer than NAME_LONGEST. */
static size_t
distance(struct span a, struct span b)
{
	size_t d[NAME_LONGEST + 1][NAME_LONGEST + 1], i, k;

	for (i = 0; i <= a.n; i++)
		for (k = 0; k <= b.n; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			d[i][k] = least(d[i - 1][k], d[i][k - 1]) + 1;
			d[i][k] = least(d[i][k],
			    d[i - 1][k - 1] + (a.p[i - 1] != b.p[k - 1]));
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
			    a.p[i - 2] == b.p[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[a.n][b.n];
}

/* Compares the plugins in the folder at path with name, and replaces nearest
 * by one that is fewer letters off than *off. */
static void
search_folder(
    const char *path, struct span name, struct buf *nearest, size_t *off)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	struct span other;
	size_t n;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		other = span_str(entry->d_name);
		if (other.n <= SUFFIX || other.n - SUFFIX > NAME_LONGEST ||
		    strcmp(other.p + other.n - SUFFIX, suffix) != 0 ||
		    strcmp(other.p, "bt-s3.so") == 0)
			continue;
		other.n -= SUFFIX;
		entry->d_name[other.n] = '\0';
		n = distance(name, other);
		/* Any order of the folder gives the same name. */
		if (n > *off || (n == *off && nearest->n > 0 &&
				    strcmp(buf_str(nearest), other.p) <= 0))
			continue;
		*off = n;
		nearest->n = 0;
		buf_add(nearest, other.p, other.n);
	}
	if (folder != NULL)
		closedir(folder);
}

/* Sets nearest to the plugin there is whose name differs least from this one,
 * by two letters at most and fewer than half of them. */
static void
find_nearest(struct span name, struct buf *nearest)
{
	struct buf places = { 0 }, path = { 0 };
	const char *p;
	size_t n, off = least(LETTERS_OFF, (name.n - 1) / 2);

	plugin_places(&places);
	for (p = buf_str(&places); *p != '\0'; p += n + (p[n] == ':')) {
		n = strcspn(p, ":");
		path.n = 0;
		buf_add(&path, p, n);
		if (n > 0)
			search_folder(buf_str(&path), name, nearest, &off);
	}
	buf_free(&path);
	buf_free(&places);
}

void
hint_plugin(struct buf *why, const char *name)
{
	struct span stem = span_str(name);
	struct buf nearest = { 0 };
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof optional / sizeof optional[0]; i++)
		if (strcmp(name, optional[i].name) == 0) {
			buf_addf(why, ": it is built if %s is installed",
			    optional[i].package);
			return;
		}
	if (stem.n > SUFFIX && strcmp(name + stem.n - SUFFIX, suffix) == 0)
		stem.n -= SUFFIX;
	if (stem.n > 0 && stem.n <= NAME_LONGEST)
		find_nearest(stem, &nearest);
	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		buf_addf(why, "; %s is a folder: is it -d?", name);
	else if (nearest.n > 0)
		buf_addf(why, "; did you mean %s?", buf_str(&nearest));
	else if (name[stem.n] != '\0')
		buf_addf(why, "; ./%s is a path", name);
	buf_free(&nearest);
}

void
hint_reference(struct buf *why, struct span text, const char *reason)
{
	const char *tab = memchr(text.p, '\t', text.n), *ignored;
	struct span first = { text.p,
		tab != NULL ? (size_t)(tab - text.p) : 0 };
	struct buf path = { 0 };
	struct stat st;
	struct ref r;

	buf_add(&path, text.p, text.n);
	if (tab != NULL && ref_parse(&r, first, &ignored) == 0)
		buf_adds(
		    why, "a result line, not a reference: bt-join reads these");
	else if (stat(buf_str(&path), &st) == 0 && S_ISREG(st.st_mode))
		buf_addf(why, "a file, not a reference: bt-split %s makes them",
		    buf_str(&path));
	else
		buf_adds(why, reason);
	buf_free(&path);
}
