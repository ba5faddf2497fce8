#include "report/lanes.h"

#include <stdlib.h>

#include "base/mem.h"

enum { STOP_LEAST = 10 }; /* s, if the time of loading is not known */

void
lanes_add_call(struct report *r, struct span worker, double start, double end)
{
	size_t before = r->workers.n;
	struct report_worker *w = table_get(&r->workers, worker, sizeof *w);

	if (r->workers.n > before || start < w->first)
		w->first = start;
	if (r->workers.n > before || end > w->last)
		w->last = end;
}

static int
by_start(const void *a, const void *b)
{
	const struct report_worker *v = *(struct report_worker *const *)a;
	const struct report_worker *w = *(struct report_worker *const *)b;

	if (v->first != w->first)
		return v->first < w->first ? -1 : 1;
	return strcmp(v->entry.key.p, w->entry.key.p);
}

static int
by_number(const void *a, const void *b)
{
	double v = *(const double *)a, w = *(const double *)b;

	return v < w ? -1 : v > w;
}

/* The most workers at any one time, of n in order of their start. */
static unsigned
most_at_once(struct report_worker *const *worker, size_t n)
{
	double *last = mem_resize(NULL, n, sizeof *last);
	size_t i, ended = 0, most = 0;

	for (i = 0; i < n; i++)
		last[i] = worker[i]->last;
	qsort(last, n, sizeof *last, by_number);
	for (i = 0; i < n; i++) {
		while (last[ended] <= worker[i]->first)
			ended++;
		if (i + 1 - ended > most)
			most = i + 1 - ended;
	}
	free(last);
	return (unsigned)most;
}

/* Adds the times without any worker that are too long for loading a model: we
 * know only how long the first call was in coming. */
static void
find_stops(struct report *r, struct report_worker *const *worker, size_t n)
{
	double last = worker[0]->last, least = STOP_LEAST;
	size_t i;

	if (r->created > 0 && r->created < r->start)
		least = 2 * (r->start - r->created) + 1;
	for (i = 1; i < n; i++) {
		if (worker[i]->first - last >= least && r->stops < REPORT_STOPS)
			r->stop[r->stops++] =
			    (struct report_gap){ last, worker[i]->first, 0 };
		if (worker[i]->last > last)
			last = worker[i]->last;
	}
}

/* Gives each worker the first free lane, and notes the gap before it, in which
 * it loaded its model, most often.  We search only the lanes that are drawn,
 * because there may be as many workers as result lines. */
static void
find_free_lanes(struct report *r, struct report_worker *const *worker, size_t n)
{
	double until[REPORT_LANES]; /* when a lane's last worker ended */
	double least = (r->end - r->start) / 1e3; /* that is seen */
	unsigned lane;
	size_t i;

	for (lane = 0; lane < REPORT_LANES; lane++)
		until[lane] = worker[0]->first;
	for (i = 0; i < n; i++) {
		for (lane = 0; lane < REPORT_LANES; lane++)
			if (until[lane] <= worker[i]->first)
				break;
		worker[i]->lane = lane;
		if (lane == REPORT_LANES)
			continue;
		if (worker[i]->first - until[lane] > least &&
		    r->gaps < REPORT_GAPS)
			r->gap[r->gaps++] = (struct report_gap){ until[lane],
				worker[i]->first, lane };
		until[lane] = worker[i]->last;
	}
}

void
lanes_assign(struct report *r)
{
	size_t i = 0, n = r->workers.n;
	struct report_worker **worker, *w = NULL;

	if (n == 0)
		return;
	worker = mem_resize(NULL, n, sizeof *worker);
	while ((w = table_next(&r->workers, w)) != NULL)
		worker[i++] = w;
	qsort(worker, n, sizeof *worker, by_start);
	find_free_lanes(r, worker, n);
	find_stops(r, worker, n);
	r->workers_at_once = most_at_once(worker, n);
	r->lanes = r->workers_at_once < REPORT_LANES ? r->workers_at_once
						     : REPORT_LANES;
	free(worker);
}

unsigned
lanes_find(struct report *r, struct span worker)
{
	const struct report_worker *w = table_find(&r->workers, worker);

	return w != NULL ? w->lane : REPORT_LANES;
}
