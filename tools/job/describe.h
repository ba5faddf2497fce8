/*
 * The answer of DescribeTransformJob for a job's folder.
 */
#ifndef JOB_DESCRIBE_H
#define JOB_DESCRIBE_H

#include <jansson.h>

#include "job/engine.h"

/* DescribeTransformJob's members, those of the request in the order of its
 * shape, then Counters, and Shares if an engine runs the job.  queue is as for
 * job_status.  The caller's reference; a file that cannot be read ends the
 * process. */
json_t *job_describe(const char *dir, const struct queue *queue);

/* Sets Counters: those of the status, or current ones of the folder. */
void job_set_counters(json_t *o, const char *dir, const json_t *status);

/* Sets TransformJobArn. */
void job_set_arn(json_t *o, const char *name);

#endif
