/*
 * Whether a request, and a model, are what the service takes: the shapes, and
 * what one member says of another.  Each thing that is not is told
 * (job/check.h).
 */
#ifndef JOB_RULES_H
#define JOB_RULES_H

#include "job/check.h"

void job_check_request(struct check *c, const json_t *request);

/* Of a CreateModel request; the transform's, c's, is where the two differ in
 * their name. */
void job_check_model(struct check *c, const json_t *model,
    struct check *transform, const json_t *request);

/* Whether this machine can run the model: its images stand for plugins, and
 * its containers are content with one environment. */
void job_check_runs(struct check *c, const json_t *model);

/* How many containers a model has, 0 where it is NULL; and container i, whose
 * reference is the model's. */
size_t job_containers(const json_t *model);
json_t *job_container(const json_t *model, size_t i);

#endif
