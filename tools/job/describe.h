/*
 * What DescribeTransformJob and ListTransformJobs answer, of jobs' folders.
 */
#ifndef JOB_DESCRIBE_H
#define JOB_DESCRIBE_H

#include <jansson.h>

/* DescribeTransformJob's members that there are, then Counters.  The caller's
 * reference; what cannot be read ends the process. */
json_t *job_describe(const char *dir);

/* Sets TransformJobArn. */
void job_set_arn(json_t *o, const char *name);

#endif
