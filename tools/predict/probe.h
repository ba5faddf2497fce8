/*
 * The process that loads one model to say what it is.
 */
#ifndef PREDICT_PROBE_H
#define PREDICT_PROBE_H

#include "predict/predict.h"
#include "predict/state.h"

/* Prints pr's first model, in one write. */
_Noreturn void probe_run(const struct predict *pr, struct shared *sh);

#endif
