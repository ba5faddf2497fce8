/*
 * The rows of the time line: of each machine, those of the shares that it ran,
 * then its lanes, each for workers that ran one after the other.  There are as
 * many lanes as workers at a time on the machine.
 */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "report/run.h"

/* Adds a call of a worker, from start to end. */
void lanes_add_call(
    struct report *r, struct span worker, double start, double end);

/* Gives each worker its lane, after all calls were added; a lane of r->lanes or
 * more is not drawn. */
void lanes_assign(struct report *r);

/* NULL: not known. */
const struct report_worker *lanes_find(struct report *r, struct span worker);

#endif
