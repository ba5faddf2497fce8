/*
 * The process that loads the models and runs the batches.
 */
#ifndef STAGE_WORKER_H
#define STAGE_WORKER_H

#include "stage/predict.h"
#include "stage/shared.h"

/* Goes on from where sh stands, to the end of the references. */
_Noreturn void worker_run(const struct predict *pr, struct shared *sh);

#endif
