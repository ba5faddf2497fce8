/*
 * The text of a prediction: the items that the model file names, as fields of
 * CSV or members of a JSON object.
 */
#ifndef PLUGINS_LINEAR_REPLY_H
#define PLUGINS_LINEAR_REPLY_H

#include "base/buf.h"
#include "plugins/linear/model.h"

/* Adds the prediction that values (one an output) make, as JSON or CSV, no
 * newline after it. */
void reply_add(const struct linear_model *m, const double *values, bool json,
    struct buf *out);

#endif
