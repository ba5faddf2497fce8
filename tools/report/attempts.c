#include "report/attempts.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/load.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/say.h"
#include "format/result.h"
#include "report/scale.h"

enum { FILE_MOST = 4096, STOPPED = 143 };

/* A time beyond the year 9999 is damage. */
#define TIME_MOST 253402300800.0

static bool
is_time(double t)
{
	return t > 0 && t <= TIME_MOST;
}

/* Adds the attempt of this name, which has these words. */
static void
add_attempt(struct report *r, const char *name, struct span words)
{
	struct result said = { .keys = words };
	struct span key = span_str(name), machine, status;
	struct report_attempt *a;
	const char *dot = strchr(name, '.'), *why = "";
	double start = result_number(&said, "start");
	uint64_t share = 0;

	if (dot != NULL)
		share = num_parse((struct span){ name, (size_t)(dot - name) },
		    0, UINT32_MAX, &why);
	machine = result_key(&said, "machine");
	if (why != NULL || machine.n == 0 || !is_time(start))
		return;
	a = table_get(&r->attempts, key, sizeof *a);
	a->share = share;
	a->machine = table_get(&r->machines, machine, sizeof *a->machine);
	a->start = start;
	a->last = start;
	status = result_key(&said, "status");
	a->end = result_number(&said, "end");
	if (a->end < start || !is_time(a->end) || status.p == NULL)
		a->end = 0;
	a->status = (unsigned)num_parse(status, 0, 255, &why);
}

void
attempts_read(struct report *r, const char *dir)
{
	struct buf path = { 0 }, text = { 0 };
	const struct dirent *e;
	const char *name = job_path(&path, dir, "attempts");
	size_t folder, i;
	DIR *d = opendir(name);

	if (d == NULL && errno != ENOENT)
		say_errno_exit(1, "%s", name);
	folder = path.n;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		path.n = folder;
		buf_addf(&path, "/%s", e->d_name);
		text.n = 0;
		if (load_at_most(buf_str(&path), FILE_MOST, &text) == -1)
			say_errno_exit(1, "%s", buf_str(&path));
		for (i = 0; i < text.n; i++)
			if (text.p[i] == '\n')
				text.p[i] = ' ';
		add_attempt(r, e->d_name, buf_span(&text));
	}
	if (d != NULL)
		closedir(d);
	buf_free(&path);
	buf_free(&text);
}

/* The name of the folder that a part file is in. */
static struct span
folder_of(struct span path)
{
	size_t end = path.n, from;

	while (end > 0 && path.p[end - 1] != '/')
		end--;
	end -= end > 0;
	for (from = end; from > 0 && path.p[from - 1] != '/'; from--)
		;
	return (struct span){ path.p + from, end - from };
}

void
attempts_add_reply(struct report *r, const struct ref *reply, double end)
{
	struct report_attempt *a;

	if (r->attempts.n == 0)
		return;
	a = table_find(&r->attempts, folder_of(reply->path));
	if (a == NULL)
		return;
	a->batches++;
	if (end > a->last)
		a->last = end;
}

static int
by_share(const void *a, const void *b)
{
	const struct report_attempt *x = *(struct report_attempt *const *)a;
	const struct report_attempt *y = *(struct report_attempt *const *)b;

	if (x->share != y->share)
		return x->share < y->share ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->entry.key.p, y->entry.key.p);
}

void
attempts_settle(struct report *r)
{
	struct report_attempt *a = NULL, *next;
	size_t n = r->attempts.n, i = 0;

	r->attempt = mem_resize(NULL, n + 1, sizeof *r->attempt);
	while ((a = table_next(&r->attempts, a)) != NULL)
		r->attempt[i++] = a;
	if (n > 0)
		qsort(r->attempt, n, sizeof *r->attempt, by_share);
	for (i = 0; i < n; i++) {
		a = r->attempt[i];
		next = i + 1 < n ? r->attempt[i + 1] : NULL;
		if (next != NULL && next->share == a->share) {
			a->next = next;
			next->again = true;
		}
		a->killed = a->end == 0 && (a->next != NULL || !r->running);
		a->until = a->end != 0 ? a->end : a->killed ? a->last : r->end;
		if (a->until < a->start)
			a->until = a->start;
	}
}

bool
attempt_is_cut(const struct report_attempt *a)
{
	return a->killed || (a->end != 0 && a->status != 0);
}

bool
attempt_is_told(const struct report_attempt *a)
{
	return a->again || a->next != NULL || attempt_is_cut(a);
}

void
attempt_outcome(const struct report_attempt *a, struct buf *b)
{
	const struct report_attempt *next = a->next;

	buf_adds(b, a->killed		   ? "killed"
		    : a->end == 0	   ? "running"
		    : a->status == 0	   ? "done"
		    : a->status == STOPPED ? "stopped"
					   : "failed");
	buf_adds(b, a->killed || a->end != 0 ? " after " : " for ");
	scale_seconds(b, a->until - a->start);
	buf_adds(b, a->killed ? " or more" : "");
	buf_adds(b, ", ");
	scale_count(b, a->batches, "mini-batch", "mini-batches");
	buf_adds(b, " answered");
	if (next == NULL)
		return;
	buf_adds(b, "; begun again ");
	if (next->start >= a->until) {
		scale_seconds(b, next->start - a->until);
		buf_adds(b, " later ");
	}
	buf_adds(b, "on ");
	buf_adds(b, next->machine->entry.key.p);
}
