/*
 * What a model server answers at /execution-parameters: a JSON object.
 */
#ifndef FORMAT_EXECUTION_PARAMETERS_H
#define FORMAT_EXECUTION_PARAMETERS_H

#include <stdbool.h>

#include "base/buf.h"
#include "bt_model.h"

/*
 * Sets the three members of p from the text; those that it lacks, or that have
 * no such value, become 0 or NULL.  Returns false, and sets none, if the text
 * is no JSON object.
 */
bool execution_parameters_read(
    struct bt_execution_parameters *p, struct span text);

#endif
