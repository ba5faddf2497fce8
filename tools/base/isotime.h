/*
 * Times of jobs: milliseconds since the Epoch, and as text.
 */
#ifndef BASE_ISOTIME_H
#define BASE_ISOTIME_H

#include <stdint.h>

#include "base/buf.h"

int64_t job_now(void);

/* Adds 2026-01-02T03:04:05.678000+00:00, as the AWS CLI prints times. */
void job_add_time(struct buf *b, int64_t ms);

/*
 * Reads that, or less of it: a date, with hours and minutes, with seconds,
 * with a fraction, with Z or an offset (without one it is local time); or
 * seconds since the Epoch.  -1 where it is none.
 */
int job_read_time(const char *text, int64_t *ms);

#endif
