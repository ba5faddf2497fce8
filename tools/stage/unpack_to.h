/*
 * The process that unpacks models for later runs.
 */
#ifndef STAGE_UNPACK_TO_H
#define STAGE_UNPACK_TO_H

#include "stage/predict.h"
#include "stage/shared.h"

/* Puts the archive of each of pr's models in its place below pr->unpack, whole,
 * where there is nothing yet. */
_Noreturn void unpack_to_run(const struct predict *pr, struct shared *sh);

#endif
