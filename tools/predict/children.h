/*
 * The processes that a process has.
 */
#ifndef PREDICT_CHILDREN_H
#define PREDICT_CHILDREN_H

#include "base/buf.h"

/* Adds the ids of pid's children, each a long, as far as the system tells. */
void children_add(struct buf *pids, long pid);

#endif
