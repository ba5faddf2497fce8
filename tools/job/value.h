/*
 * Values of requests and of status.json.
 */
#ifndef JOB_VALUE_H
#define JOB_VALUE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "job/shapes.h"

/*
 * A copy of a checked value with members in the order of the API, those of maps
 * by name.  The caller's reference.
 */
json_t *job_in_order(const struct shape *shape, json_t *value);

/* The value of the member of this path, "A.B.C", below at, borrowed; NULL if
 * there is none.  Names are at most 63 bytes. */
json_t *job_member(const json_t *at, const char *path);

/* Its text; dflt if it is missing or empty. */
const char *job_text(const json_t *at, const char *path, const char *dflt);

/* The number there; dflt if it is not a whole number. */
json_int_t job_number(const json_t *at, const char *path, json_int_t dflt);

/* The time there, in ms since the Epoch; 0 if it is missing, or not a time. */
int64_t job_time(const json_t *at, const char *path);

/* Whether the text is one of these values; a NULL ends them. */
bool job_is_one_of(const char *text, const char *const *values);

/* Adds the ARN of the transform job of this name. */
void job_add_arn(struct buf *b, const char *name);

/* Adds a value as messages show it, shortened. */
void job_show(struct buf *b, const json_t *value);

#endif
