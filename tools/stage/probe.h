/*
 * The process that loads one model to say what it is.
 */
#ifndef STAGE_PROBE_H
#define STAGE_PROBE_H

#include "stage/predict.h"
#include "stage/shared.h"

/* Prints pr's first model, in one write. */
_Noreturn void probe_run(const struct predict *pr, struct shared *sh);

#endif
