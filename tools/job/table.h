/*
 * The answers of --list and --describe as tables for people.  Control
 * characters are shown as ?, times are local.
 */
#ifndef JOB_TABLE_H
#define JOB_TABLE_H

#include <jansson.h>

#include "base/buf.h"

/* Adds a line for each job that job_list lists with its counters. */
void job_table_list(struct buf *b, const json_t *answer);

/* Adds a line for each thing that job_describe says of a job. */
void job_table_description(struct buf *b, const json_t *answer);

#endif
