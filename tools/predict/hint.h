/*
 * Hints for a model's name, or a reference, that is something else.
 */
#ifndef PREDICT_HINT_H
#define PREDICT_HINT_H

#include "base/buf.h"

/* Adds to why, which says that no folder has the plugin of this name, what may
 * be meant, if that can be seen. */
void hint_plugin(struct buf *why, const char *name);

/* Adds to why what text is, which is no reference for this reason. */
void hint_reference(struct buf *why, struct span text, const char *reason);

#endif
