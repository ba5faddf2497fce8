#include "job/engine.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/load.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/say.h"
#include "job/count.h"

enum { WORDS = 4, ENGINE_MOST = 256, QUEUE_MOST = 64 << 20 };

struct engine {
	struct buf text;
	struct span run;
	uint64_t shares;
};

/* Splits a line into words at blanks; returns how many there are, WORDS at
 * most. */
static size_t
split_words(struct span line, struct span *words)
{
	size_t n = 0, i = 0, from;

	while (n < WORDS) {
		while (i < line.n && line.p[i] == ' ')
			i++;
		for (from = i; i < line.n && line.p[i] != ' '; i++)
			;
		if (i == from)
			break;
		words[n++] = (struct span){ line.p + from, i - from };
	}
	return n;
}

/* The next line of what is left of text; false at the end. */
static bool
next_line(struct span *text, struct span *line)
{
	const char *end;

	if (text->n == 0)
		return false;
	end = memchr(text->p, '\n', text->n);
	line->p = text->p;
	line->n = end != NULL ? (size_t)(end - text->p) : text->n;
	text->p += line->n + (end != NULL);
	text->n -= line->n + (end != NULL);
	return true;
}

/* Adds what the file holds; false if it is not there. */
static bool
add_file(struct buf *b, const char *path, size_t most)
{
	if (load_at_most(path, most, b) == 0)
		return true;
	if (errno != ENOENT)
		say_errno_exit(1, "%s", path);
	return false;
}

/* False if no engine runs the job. */
static bool
read_engine(struct engine *e, const char *dir)
{
	struct buf path = { 0 };
	struct span words[WORDS], text, line;
	const char *why = "", *name = job_path(&path, dir, "engine");
	bool has;

	memset(e, 0, sizeof *e);
	has = add_file(&e->text, name, ENGINE_MOST);
	text = buf_span(&e->text);
	if (has && next_line(&text, &line) && split_words(line, words) == 3) {
		e->run = words[1];
		e->shares = num_parse(words[2], 1, UINT32_MAX, &why);
	}
	if (has && why != NULL)
		say_exit(1, "%s: damaged", name);
	buf_free(&path);
	return has;
}

struct queue *
queue_load(const char *name)
{
	struct queue *q = mem_alloc(sizeof *q);

	memset(q, 0, sizeof *q);
	if (!add_file(&q->lines, name, QUEUE_MOST))
		say_errno_exit(1, "%s", name);
	return q;
}

void
queue_free(struct queue *q)
{
	if (q != NULL)
		buf_free(&q->lines);
	free(q);
}

/* The next task of the run, in words; false at the end. */
static bool
next_task(struct span *text, struct span run, struct span *words, size_t *n)
{
	struct span line;

	while (next_line(text, &line)) {
		*n = split_words(line, words);
		if (*n >= 3 && words[0].n == run.n &&
		    memcmp(words[0].p, run.p, run.n) == 0)
			return true;
	}
	return false;
}

bool
engine_has(const char *dir, const struct queue *queue)
{
	struct span words[WORDS], text;
	struct engine e;
	bool has;
	size_t n;

	if (!read_engine(&e, dir))
		return false;
	has = queue == NULL;
	if (!has) {
		text = buf_span(&queue->lines);
		has = next_task(&text, e.run, words, &n);
	}
	buf_free(&e.text);
	return has;
}

/* Whether name is SHARE.WHAT and more; sets *share. */
static bool
is_of_share(const char *name, const char *what, uint64_t *share)
{
	const char *dot = strchr(name, '.'), *why;

	if (dot == NULL || strncmp(dot + 1, what, strlen(what)) != 0)
		return false;
	*share = num_parse(
	    (struct span){ name, (size_t)(dot - name) }, 0, UINT32_MAX, &why);
	return why == NULL;
}

static DIR *
open_shares(const char *dir)
{
	struct buf path = { 0 };
	const char *name = job_path(&path, dir, "shares");
	DIR *d = opendir(name);

	if (d == NULL && errno != ENOENT)
		say_errno_exit(1, "%s", name);
	buf_free(&path);
	return d;
}

static uint64_t
count_done(DIR *d, uint64_t shares)
{
	const struct dirent *e;
	uint64_t n = 0, share;

	while ((e = readdir(d)) != NULL)
		n += is_of_share(e->d_name, "done", &share) && share < shares;
	return n;
}

static void
add_machine(json_t *machines, struct span name)
{
	size_t i;

	for (i = 0; i < json_array_size(machines); i++)
		if (span_is(
			name, json_string_value(json_array_get(machines, i))))
			return;
	/* NULL if it is not UTF-8. */
	json_array_append_new(machines, json_stringn(name.p, name.n));
}

static void
set_number(json_t *o, const char *name, uint64_t n)
{
	json_object_set_new(o, name, json_integer((json_int_t)n));
}

/* Adds what the queue has of the run. */
static void
add_tasks(json_t *o, const struct engine *e, const struct queue *queue,
    uint64_t completed)
{
	json_t *machines = json_array();
	struct span words[WORDS], text = buf_span(&queue->lines);
	uint64_t running = 0, pending = 0, known;
	const char *why;
	bool runs, share;
	size_t n;

	while (next_task(&text, e->run, words, &n)) {
		num_parse(words[1], 0, UINT32_MAX, &why);
		share = why == NULL;
		runs = span_is(words[2], "R") || span_is(words[2], "CG");
		running += share && runs;
		pending += share && !runs;
		if (runs && n == WORDS)
			add_machine(machines, words[3]);
	}
	known = completed + running + pending;
	set_number(o, "Running", running);
	set_number(o, "Pending", pending);
	set_number(o, "Failed", e->shares > known ? e->shares - known : 0);
	json_object_set_new(o, "Machines", machines);
}

json_t *
engine_shares(const char *dir, const struct queue *queue, bool ended)
{
	static const struct queue empty;
	json_t *o = NULL;
	struct engine e;
	uint64_t completed;
	DIR *d = NULL;

	if (read_engine(&e, dir) && (d = open_shares(dir)) != NULL) {
		o = json_object();
		completed = count_done(d, e.shares);
		set_number(o, "All", e.shares);
		set_number(o, "Completed", completed);
		if (ended)
			queue = &empty;
		if (queue != NULL)
			add_tasks(o, &e, queue, completed);
		closedir(d);
	}
	buf_free(&e.text);
	return o;
}

/* By the share, then by name. */
static int
compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	uint64_t i = 0, k = 0;

	is_of_share(x + sizeof "shares", "", &i);
	is_of_share(y + sizeof "shares", "", &k);
	return i != k ? (i < k ? -1 : 1) : strcmp(x, y);
}

char **
engine_files(const char *dir)
{
	DIR *d = open_shares(dir);
	const struct dirent *e;
	char **files = NULL;
	size_t n = 0, room = 0;
	uint64_t share;
	struct buf name = { 0 };

	while (d != NULL && (e = readdir(d)) != NULL)
		if (is_of_share(e->d_name, "lines.", &share)) {
			buf_addf(&name, "shares/%s", e->d_name);
			files = mem_grow(files, &room, n + 2, sizeof *files);
			files[n++] = buf_take(&name);
		}
	if (d != NULL)
		closedir(d);
	files = mem_grow(files, &room, n + 1, sizeof *files);
	if (n > 0)
		qsort(files, n, sizeof *files, compare);
	files[n] = NULL;
	return files;
}

void
engine_free_files(char **files)
{
	char **f;

	for (f = files; *f != NULL; f++)
		free(*f);
	free(files);
}
