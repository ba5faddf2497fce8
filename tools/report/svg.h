/*
 * The charts of a report, as SVG elements for a page; classes name what is
 * coloured, the page's style says how.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "report/run.h"

/* Workers from top to bottom, time from left to right, a bar for each batch. */
void svg_timeline(const struct report *r, struct buf *b);

/* Records a second over the time of the run. */
void svg_throughput(const struct report *r, struct buf *b);

/* How many calls took how long. */
void svg_latency(const struct report *r, struct buf *b);

#endif
