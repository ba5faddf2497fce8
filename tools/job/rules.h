/*
 * Whether the service accepts a request and a model: the shapes, and the rules
 * between members.  Each fault is reported (job/check.h).
 */
#ifndef JOB_RULES_H
#define JOB_RULES_H

#include "job/check.h"

void job_check_request(struct check *c, const json_t *request);

/* Checks a CreateModel request.  If its name is not the one in the transform's
 * request, the fault is counted in transform. */
void job_check_model(struct check *c, const json_t *model,
    struct check *transform, const json_t *request);

/* Whether this machine can run the model: each image has a plugin. */
void job_check_runs(struct check *c, const json_t *model);

/* The number of a model's containers, 0 if it is NULL; and container i,
 * borrowed. */
size_t job_containers(const json_t *model);
json_t *job_container(const json_t *model, size_t i);

#endif
