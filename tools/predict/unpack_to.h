/*
 * The process that unpacks models for later runs.
 */
#ifndef PREDICT_UNPACK_TO_H
#define PREDICT_UNPACK_TO_H

#include "predict/predict.h"
#include "predict/state.h"

/* Puts the archive of each of pr's models in its place below pr->unpack, whole,
 * where there is nothing yet. */
_Noreturn void unpack_to_run(const struct predict *pr, struct shared *sh);

#endif
