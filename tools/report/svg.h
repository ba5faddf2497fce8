/*
 * The charts of a report, as SVG elements for a page; the page's style
 * colours them by class.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "report/run.h"

/* Workers from top to bottom, time from left to right, a bar for each batch. */
void svg_timeline(const struct report *r, struct buf *b);

/* Records a second over the time of the run. */
void svg_throughput(const struct report *r, struct buf *b);

/* Calls by the time they took. */
void svg_latency(const struct report *r, struct buf *b);

#endif
