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

/* node2 comes before node10. */
static int
compare_machines(const struct report_machine *a, const struct report_machine *b)
{
	const char *x = a->entry.key.p, *y = b->entry.key.p;
	size_t m = a->entry.key.n, n = b->entry.key.n;

	return m != n ? (m < n ? -1 : 1) : strcmp(x, y);
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
by_machine(const void *a, const void *b)
{
	const struct report_worker *v = *(struct report_worker *const *)a;
	const struct report_worker *w = *(struct report_worker *const *)b;

	if (v->machine != w->machine)
		return compare_machines(v->machine, w->machine);
	return by_start(a, b);
}

static int
by_place(const void *a, const void *b)
{
	const struct report_attempt *x = *(struct report_attempt *const *)a;
	const struct report_attempt *y = *(struct report_attempt *const *)b;

	if (x->machine != y->machine)
		return compare_machines(x->machine, y->machine);
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->entry.key.p, y->entry.key.p);
}

static int
by_name(const void *a, const void *b)
{
	return compare_machines(*(struct report_machine *const *)a,
	    *(struct report_machine *const *)b);
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

/* The machine of a worker named HOST-PID. */
static struct report_machine *
machine_of(struct report *r, struct span worker)
{
	while (worker.n > 0 && worker.p[worker.n - 1] != '-')
		worker.n--;
	worker.n -= worker.n > 0;
	return table_get(&r->machines, worker, sizeof(struct report_machine));
}

/* How many of n from i on are of the machine of the first. */
static size_t
count_of_machine(struct report_worker *const *worker, size_t n)
{
	size_t i = 1;

	while (i < n && worker[i]->machine == worker[0]->machine)
		i++;
	return i;
}

/* Gives each of a machine's workers the first free lane, and notes the gap
 * before it, in which it loaded its model, most often.  We search only the
 * lanes that are drawn, because there may be as many workers as result lines.
 */
static void
find_free_lanes(struct report *r, struct report_worker *const *worker, size_t n)
{
	const struct report_machine *m = worker[0]->machine;
	double until[REPORT_LANES]; /* when a lane's last worker ended */
	double least = (r->end - r->start) / 1e3; /* that is seen */
	unsigned lane, first = m->row + m->shares;
	size_t i;

	for (lane = 0; lane < REPORT_LANES; lane++)
		until[lane] = worker[0]->first;
	for (i = 0; i < n; i++) {
		worker[i]->lane = r->folded ? m->row : REPORT_LANES;
		if (r->folded)
			continue;
		for (lane = 0; first + lane < REPORT_LANES; lane++)
			if (until[lane] <= worker[i]->first)
				break;
		if (first + lane >= REPORT_LANES)
			continue;
		worker[i]->lane = first + lane;
		if (worker[i]->first - until[lane] > least &&
		    r->gaps < REPORT_GAPS)
			r->gap[r->gaps++] = (struct report_gap){ until[lane],
				worker[i]->first, first + lane };
		until[lane] = worker[i]->last;
	}
}

/* Gives each attempt the first free row of its machine, counted from 0. */
static void
place_attempts(struct report *r)
{
	size_t n = r->attempts.n, i;
	struct report_attempt **attempt, *a;
	double until[REPORT_LANES];
	unsigned row;

	if (n == 0)
		return;
	attempt = mem_resize(NULL, n, sizeof *attempt);
	memcpy(attempt, r->attempt, n * sizeof *attempt);
	qsort(attempt, n, sizeof *attempt, by_place);
	for (i = 0; i < n; i++) {
		a = attempt[i];
		if (i == 0 || a->machine != attempt[i - 1]->machine)
			for (row = 0; row < REPORT_LANES; row++)
				until[row] = 0;
		for (row = 0; row < REPORT_LANES - 1; row++)
			if (until[row] <= a->start)
				break;
		a->lane = row;
		until[row] = a->until;
		if (a->machine->shares <= row)
			a->machine->shares = row + 1;
	}
	free(attempt);
}

/* Gives each machine its rows. */
static void
place_machines(struct report *r)
{
	size_t n = r->machines.n, i = 0;
	struct report_machine *m = NULL;
	unsigned row = 0;

	r->machine = mem_resize(NULL, n, sizeof *r->machine);
	while ((m = table_next(&r->machines, m)) != NULL) {
		r->machine[i++] = m;
		row += m->shares + m->lanes;
	}
	qsort(r->machine, n, sizeof *r->machine, by_name);
	r->folded = n > 1 && row > REPORT_LANES;
	row = 0;
	for (i = 0; i < n; i++) {
		r->machine[i]->row = row;
		row += r->folded ? 1
				 : r->machine[i]->shares + r->machine[i]->lanes;
	}
	r->rows = row;
	r->lanes = row < REPORT_LANES ? row : REPORT_LANES;
}

void
lanes_assign(struct report *r)
{
	size_t i = 0, n = r->workers.n, m;
	struct report_worker **worker, *w = NULL;

	place_attempts(r);
	worker = mem_resize(NULL, n, sizeof *worker);
	while ((w = table_next(&r->workers, w)) != NULL) {
		w->machine = machine_of(r, w->entry.key);
		worker[i++] = w;
	}
	if (n > 0) {
		qsort(worker, n, sizeof *worker, by_start);
		find_stops(r, worker, n);
		r->workers_at_once = most_at_once(worker, n);
		qsort(worker, n, sizeof *worker, by_machine);
	}
	for (i = 0; i < n; i += m) {
		m = count_of_machine(worker + i, n - i);
		worker[i]->machine->lanes = most_at_once(worker + i, m);
	}
	place_machines(r);
	for (i = 0; i < n; i += m) {
		m = count_of_machine(worker + i, n - i);
		find_free_lanes(r, worker + i, m);
	}
	free(worker);
}

const struct report_worker *
lanes_find(struct report *r, struct span worker)
{
	return table_find(&r->workers, worker);
}
