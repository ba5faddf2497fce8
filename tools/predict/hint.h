/*
 * Hints for a model's name that is something else.
 */
#ifndef PREDICT_HINT_H
#define PREDICT_HINT_H

#include "base/buf.h"

/* Adds to why, which says that no folder has the plugin of this name, what may
 * be meant, if that can be seen. */
void hint_plugin(struct buf *why, const char *name);

#endif
