/*
 * The answer of ListTransformJobs for a folder of jobs' folders.
 */
#ifndef JOB_LIST_H
#define JOB_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "job/engine.h"

enum job_sort { JOB_BY_NAME, JOB_BY_CREATION, JOB_BY_STATUS };

/* The API's names of these, in this order; a NULL ends them. */
extern const char *const job_sorts[];

struct query {
	/* ms since the Epoch; excluding both bounds */
	int64_t created_after, created_before;
	int64_t modified_after, modified_before;
	const char *name_contains, *status; /* NULL: any */
	enum job_sort sort;
	bool ascending;
	size_t most;		   /* jobs; 0: all */
	bool counters;		   /* with the Counters of each job */
	const struct queue *queue; /* as for job_status */
};

/* Asks for all jobs, newest first. */
void job_query_init(struct query *q);

/*
 * The answer, the caller's reference; a folder without status.json is no job.
 * A job whose status cannot be read, or whose name is not UTF-8, is reported
 * and left out, and *all is false then; a folder that cannot be read ends the
 * process.
 */
json_t *job_list(const char *dir, const struct query *q, bool *all);

#endif
