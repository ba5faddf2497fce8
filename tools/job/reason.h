/*
 * Why a job failed, for FailureReason.
 */
#ifndef JOB_REASON_H
#define JOB_REASON_H

#include "job/count.h"

enum { JOB_REASON_MOST = 1024 /* characters, the API's */ };

/* Messages show "to" for "from" at the start of an object's name; from may be
 * NULL. */
struct prefix {
	const char *from, *to;
};

/*
 * Adds the reason of a job whose folder was counted: its first failed record,
 * or if no record failed, the first message or the last line of its log.
 *
 *	ClientError: s3://b/in/a.csv: record 17 (byte 4096): 400: "x" is not a
 *	number (and 3 records of 2 other objects)
 */
void job_reason(struct buf *b, const char *dir, const struct job_count *c,
    const struct prefix *prefix);

/* Adds text, cut to this many characters. */
void job_add_cut(struct buf *b, struct span text, size_t most);

#endif
