#include "report/lanes.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* The slot that has the name, or is free for it. */
static size_t
slot_find(const struct report *r, struct span name)
{
	size_t i = hash_span(name) & (r->slots - 1);

	while (
	    r->slot[i] != 0 && !span_is(name, r->worker[r->slot[i] - 1].name))
		i = (i + 1) & (r->slots - 1);
	return i;
}

static void
slots_fill(struct report *r)
{
	struct span name;
	size_t i;

	memset(r->slot, 0, r->slots * sizeof *r->slot);
	for (i = 0; i < r->workers; i++) {
		name.p = r->worker[i].name;
		name.n = strlen(name.p);
		r->slot[slot_find(r, name)] = (uint32_t)(i + 1);
	}
}

static void
slots_grow(struct report *r)
{
	r->slots = r->slots == 0 ? 64 : 2 * r->slots;
	r->slot = mem_resize(r->slot, r->slots, sizeof *r->slot);
	r->worker = mem_resize(r->worker, r->slots / 2, sizeof *r->worker);
	slots_fill(r);
}

void
lanes_see(struct report *r, struct span worker, double start, double end)
{
	struct report_worker *w;
	size_t i;

	if (2 * (r->workers + 1) > r->slots)
		slots_grow(r);
	i = slot_find(r, worker);
	if (r->slot[i] == 0) {
		w = &r->worker[r->workers++];
		r->slot[i] = (uint32_t)r->workers;
		w->name = mem_dup(worker.p, worker.n);
		w->first = start;
		w->last = end;
		return;
	}
	w = &r->worker[r->slot[i] - 1];
	if (start < w->first)
		w->first = start;
	if (end > w->last)
		w->last = end;
}

static int
by_start(const void *a, const void *b)
{
	const struct report_worker *v = a, *w = b;

	if (v->first != w->first)
		return v->first < w->first ? -1 : 1;
	return strcmp(v->name, w->name);
}

static int
by_number(const void *a, const void *b)
{
	double v = *(const double *)a, w = *(const double *)b;

	return v < w ? -1 : v > w;
}

/* How many there are at a time at the most, the workers being in order. */
static unsigned
count_at_once(const struct report *r)
{
	double *last = mem_resize(NULL, r->workers, sizeof *last);
	size_t i, gone = 0, most = 0;

	for (i = 0; i < r->workers; i++)
		last[i] = r->worker[i].last;
	qsort(last, r->workers, sizeof *last, by_number);
	for (i = 0; i < r->workers; i++) {
		while (last[gone] <= r->worker[i].first)
			gone++;
		if (i + 1 - gone > most)
			most = i + 1 - gone;
	}
	free(last);
	return (unsigned)most;
}

/* Each gets the first lane that is free, and no lane is looked for that is not
 * drawn: there may be as many workers as lines. */
void
lanes_lay(struct report *r)
{
	double until[REPORT_LANES]; /* when a lane's last worker ended */
	struct report_worker *w;
	unsigned lane;

	if (r->workers == 0)
		return;
	qsort(r->worker, r->workers, sizeof *r->worker, by_start);
	slots_fill(r);
	for (lane = 0; lane < REPORT_LANES; lane++)
		until[lane] = r->worker[0].first;
	for (w = r->worker; w < r->worker + r->workers; w++) {
		for (lane = 0; lane < REPORT_LANES; lane++)
			if (until[lane] <= w->first)
				break;
		w->lane = lane;
		if (lane < REPORT_LANES)
			until[lane] = w->last;
	}
	r->at_once = count_at_once(r);
	r->lanes = r->at_once < REPORT_LANES ? r->at_once : REPORT_LANES;
}

unsigned
lanes_find(const struct report *r, struct span worker)
{
	size_t i;

	if (r->slots == 0)
		return REPORT_LANES;
	i = slot_find(r, worker);
	return r->slot[i] == 0 ? REPORT_LANES : r->worker[r->slot[i] - 1].lane;
}
