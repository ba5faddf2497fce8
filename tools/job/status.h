/*
 * status.json in a job's folder: the state of the job.
 */
#ifndef JOB_STATUS_H
#define JOB_STATUS_H

#include <jansson.h>
#include <stdbool.h>

#include "job/engine.h"
#include "job/reason.h"

/* The API's names of statuses; a NULL ends them. */
extern const char *const job_statuses[];

/*
 * Writes the new status, whole or not at all.  reason is for Failed; if it is
 * NULL, job_reason finds it.  A status that cannot follow the current one, and
 * a file that cannot be read or written, end the process with status 1.
 */
void job_set_status(const char *dir, const char *status, const char *reason,
    const struct prefix *prefix);

/*
 * Gives a job's folder another name in its folder, which no other has that is
 * not empty.  An error ends the process with status 1, the folder having its
 * old name; or the new one, which a power cut may undo.
 */
void job_rename(const char *dir, const char *name);

/*
 * The contents of status.json, with Failed for a job that was killed; NULL if
 * there is none.  The caller's reference.  queue is what an engine has left of
 * its jobs, or NULL: such a job then counts as running.  A file that cannot be
 * read ends the process.
 */
json_t *job_status(const char *dir, const struct queue *queue);

/* The same, but NULL and a message in why. */
json_t *job_status_try(
    const char *dir, const struct queue *queue, struct buf *why);

/* Whether the job has ended; it may still be resumed. */
bool job_has_ended(const json_t *status);

/* The counters of a folder, as a new object. */
json_t *job_counters(const struct job_count *c);

#endif
