/*
 * The environment of a model of a pipeline that has settings of its own: it
 * takes the place of the process's while the model is at work.
 */
#ifndef PREDICT_ENVIRONMENT_H
#define PREDICT_ENVIRONMENT_H

#include <stddef.h>

#include "bt_model.h"

struct environment {
	char **list; /* NULL: the process's */
};

/* Makes the process's environment, with n variables that are set in it. */
void environment_make(
    struct environment *e, const struct bt_parameter *p, size_t n);

/* Puts it in the place of the process's, and the other way round.  Both do
 * nothing if it was not made. */
void environment_enter(struct environment *e);
void environment_leave(struct environment *e);

#endif
