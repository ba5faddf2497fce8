/*
 * The charts of a report, as SVG elements for a page; the page's style
 * colours them by class.  They are as wide as their place on the page: what
 * lies across is in percent of it.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "report/run.h"

/* Whether the time line has names of machines. */
bool svg_has_machines(const struct report *r);

/* Machines and their workers from top to bottom, time from left to right, a bar
 * for each share and each batch, and the times without a worker. */
void svg_timeline(const struct report *r, struct buf *b);

/* Records a second over the time of the run. */
void svg_throughput(const struct report *r, struct buf *b);

/* Calls by the time they took, a row for each bin. */
void svg_latency(const struct report *r, struct buf *b);

/* A bar of one colour, of which a share is full. */
void svg_bar(double share, struct buf *b);

#endif
