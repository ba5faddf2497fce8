/*
 * The lanes of the time line, each for workers that ran one after the other.
 * There are as many lanes as workers at a time; only the first are drawn.
 */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "report/run.h"

/* Adds a call of a worker, from start to end. */
void lanes_add_call(
    struct report *r, struct span worker, double start, double end);

/* Gives each worker its lane, after all calls were added. */
void lanes_assign(struct report *r);

/* A worker's lane, from 0; r->lanes or more if it is not drawn. */
unsigned lanes_find(struct report *r, struct span worker);

#endif
