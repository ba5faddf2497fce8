/*
 * Times in ISO 8601: milliseconds since the Epoch, and as text.
 */
#ifndef BASE_ISOTIME_H
#define BASE_ISOTIME_H

#include <stdint.h>

#include "base/buf.h"

int64_t isotime_now(void);

/* Adds 2026-01-02T03:04:05.678000+00:00, as the AWS CLI prints times. */
void isotime_add(struct buf *b, int64_t ms);

/* Reads a date, T or a blank, hours, minutes, seconds with or without a
 * fraction, and Z or an offset.  Returns 0, or -1 if text is anything else. */
int isotime_read(const char *text, int64_t *ms);

/* The same, but the time, its seconds and the offset may be missing (then it is
 * local time), and seconds since the Epoch may stand instead of it all. */
int isotime_read_loose(const char *text, int64_t *ms);

#endif
