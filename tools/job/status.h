/*
 * status.json in a job's folder: how the job is.
 */
#ifndef JOB_STATUS_H
#define JOB_STATUS_H

#include <jansson.h>
#include <stdbool.h>

#include "job/reason.h"

/* The API's names of what a job can be; a NULL ends them. */
extern const char *const job_statuses[];

/*
 * Writes what the job is from now on, whole or not at all.  reason, NULL where
 * it is to be found out, is for Failed.  What may not follow on what the job
 * was, and what cannot be read or written, ends the process with status 1.
 */
void job_set_status(const char *dir, const char *status, const char *reason,
    const struct prefix *prefix);

/*
 * What status.json says, a job that was killed being Failed; NULL where there
 * is none.  The caller's reference.  What cannot be read ends the process.
 */
json_t *job_status(const char *dir);

/* The same, but NULL and a message in why. */
json_t *job_status_try(const char *dir, struct buf *why);

/* Whether nothing will be done any more, unless it is resumed. */
bool job_has_ended(const json_t *status);

/* The counters of a folder, as a new object. */
json_t *job_counters(const struct job_count *c);

#endif
