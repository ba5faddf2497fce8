/*
 * An empty request, as the AWS CLI's --generate-cli-skeleton prints it.
 */
#ifndef JOB_SKELETON_H
#define JOB_SKELETON_H

#include <jansson.h>

#include "job/shapes.h"

/*
 * A value of the shape with all its members: empty text, or the first of its
 * values, 0, true, a list of one item, a map of one key.  The caller's
 * reference.
 */
json_t *job_skeleton(const struct shape *shape);

#endif
