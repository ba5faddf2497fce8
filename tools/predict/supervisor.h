/*
 * The process that the user sees: it starts the worker, watches its clock,
 * and starts another where one has died.
 */
#ifndef PREDICT_SUPERVISOR_H
#define PREDICT_SUPERVISOR_H

#include "predict/predict.h"

/* Does all of it.  Returns bt-predict's exit status. */
int supervisor_run(struct predict *pr);

#endif
