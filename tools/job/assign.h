/*
 * A checked request as assignments for the shell.
 */
#ifndef JOB_ASSIGN_H
#define JOB_ASSIGN_H

#include <jansson.h>

#include "base/buf.h"

/* Adds NAME='VALUE' lines, always the same names in the same order, for a
 * request and its model, which may be NULL: see bt-job(1). */
void job_assign(struct buf *b, const json_t *request, const json_t *model);

#endif
