/*
 * How far a run is: what bt-progress counts and shows.
 */
#ifndef PROGRESS_PROGRESS_H
#define PROGRESS_PROGRESS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "format/seen.h"

/* Samples of the last seconds, from which the speed is taken. */
enum { PROGRESS_SAMPLES = 32 };

struct progress {
	struct seen seen;
	uint64_t records, failed; /* done so far; failed ones are among them */
	uint64_t bytes;
	uint64_t all_records, all_bytes; /* of the references; 0: not known */
	struct {
		double at;
		uint64_t records;
	} sample[PROGRESS_SAMPLES];
	unsigned samples; /* taken in all */
};

/* Counts a result line, without its newline; any other line is nothing, and
 * neither is one of records that were counted, unless they had failed. */
void progress_result(struct progress *p, struct span line);

/* Counts a reference among what there is to do; so too. */
void progress_ref(struct progress *p, struct span line);

/* Remembers how far it is at this time, in seconds since the start. */
void progress_sample(struct progress *p, double now);

/* Adds a line of text: "400 of 814 records (49%), 2301/s, 0 failed, 0:01
 * left". */
void progress_text(const struct progress *p, double now, struct buf *b);

/* The same for the end: "814 records, 2150/s, 0 failed, 0:01". */
void progress_summary(const struct progress *p, double now, struct buf *b);

/* As text, with a bar in front of it, to fill width columns at most. */
void progress_bar(
    const struct progress *p, double now, unsigned width, struct buf *b);

#endif
