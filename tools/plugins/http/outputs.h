/*
 * The output tensors of a reply of the Open Inference Protocol, joined by row.
 */
#ifndef PLUGINS_HTTP_OUTPUTS_H
#define PLUGINS_HTTP_OUTPUTS_H

#include "plugins/web/rows.h"

/*
 * Writes a row for each element of the first dimension: its value if there is
 * one output, in shape; of several, an object of them by name, or in CSV the
 * fields of all.  document is the reply, checked.  Returns BT_OK, or what
 * host->fail was given.
 */
int outputs_write(struct rows *r, struct span document);

#endif
