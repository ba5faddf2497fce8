/*
 * What a process has to be like before a model is let in.
 */
#ifndef STAGE_SURROUNDINGS_H
#define STAGE_SURROUNDINGS_H

#include "stage/predict.h"
#include "stage/shared.h"

/*
 * Standard output carries result lines, and standard input references: the
 * model gets neither.  It finds standard error and nothing in their place.
 * They return where standard output, and standard input, are now; failures end
 * the run.
 */
int surroundings_output(struct shared *sh);
int surroundings_input(struct shared *sh);

/* The environment that the model finds. */
void surroundings_environment(const struct predict *pr);

#endif
