/*
 * Whether a JSON value is what a shape of the API says.  What is not is told,
 * a line each, all of it:
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
	bool strict;	     /* as the service, not as this machine */
	const char *file;    /* what messages begin with */
	const json_t *given; /* the option that gave a member, by its name; it
				is named instead of the file; may be NULL */
	unsigned wrong;	     /* told so far */
};

/* Tells what is wrong with the member of this path, "A.B.C". */
void job_wrong(struct check *c, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Tells all that is wrong with a value. */
void job_check(struct check *c, const struct shape *shape, const json_t *value);

#endif
