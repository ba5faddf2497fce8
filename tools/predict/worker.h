/*
 * The process that loads the models and runs the batches.
 */
#ifndef PREDICT_WORKER_H
#define PREDICT_WORKER_H

#include "predict/predict.h"
#include "predict/state.h"

/* Goes on from where sh stands, to the end of the references. */
_Noreturn void worker_run(const struct predict *pr, struct shared *sh);

#endif
