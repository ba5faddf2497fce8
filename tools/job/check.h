/*
 * Whether a JSON value has a shape of the API.  Every fault is reported on a
 * line of its own:
 *
 *	bt-job: job.json: TransformInput.SplitType: found "line", want None,
 *	Line, RecordIO or TFRecord
 */
#ifndef JOB_CHECK_H
#define JOB_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "job/shapes.h"

struct check {
	bool strict;	     /* by the service's rules, not this machine's */
	bool uris;	     /* paths of this machine are wrong, too */
	const char *file;    /* messages begin with it */
	const json_t *given; /* the option that gave each member, named instead
				of the file; may be NULL */
	unsigned wrong;	     /* faults so far */
};

/* Reports a fault of the member of this path, "A.B.C". */
void job_wrong(struct check *c, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports a value, NULL if it is missing, that is not what we want there. */
void job_wrong_value(
    struct check *c, const char *path, const json_t *value, const char *want);

/* Reports all faults of a value. */
void job_check(struct check *c, const struct shape *shape, const json_t *value);

#endif
