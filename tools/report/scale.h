/*
 * Round steps for axes, and the numbers and times beside them.
 */
#ifndef REPORT_SCALE_H
#define REPORT_SCALE_H

#include <stdint.h>

#include "base/buf.h"

/* The smallest of 1, 2 and 5 times a power of ten that goes into span at most
 * that many times. */
double scale_step(double span, unsigned most);

/* The same among steps of time: seconds, minutes, hours, days. */
double scale_time_step(double seconds, unsigned most);

/* Adds 1234567 as "1,234,567"; with at most two decimals below 10. */
void scale_number(struct buf *b, double v);

/* Adds "1 record", "1,234 records". */
void scale_count(struct buf *b, uint64_t n, const char *one, const char *more);

/* Adds "812 B", "5.4 MiB". */
void scale_bytes(struct buf *b, double n);

/* Adds "0.35 s", "12.4 s", "3 min 20 s", "2 h 05 min". */
void scale_seconds(struct buf *b, double seconds);

/* Adds "7 ms", "1.25 s". */
void scale_ms(struct buf *b, double ms);

/* Adds "14:19:07 UTC". */
void scale_clock(struct buf *b, double epoch);

/* Adds "2026-11-24 14:19:07 UTC". */
void scale_date(struct buf *b, double epoch);

#endif
