/*
 * Workers on the time line: workers that ran one after the other share a lane.
 * There are as many lanes as workers at a time; only the first are drawn.
 */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "report/run.h"

/* A worker was busy from start to end. */
void lanes_see(struct report *r, struct span worker, double start, double end);

/* Gives each worker its lane, after all were seen. */
void lanes_lay(struct report *r);

/* A worker's lane, from 0; it may be beyond those that are drawn. */
unsigned lanes_find(struct report *r, struct span worker);

#endif
