/*
 * What a process has to be like before a model is let in.
 */
#ifndef PREDICT_SETUP_H
#define PREDICT_SETUP_H

#include "predict/predict.h"
#include "predict/state.h"

/*
 * Standard output carries result lines, and standard input references: the
 * model gets neither.  It finds standard error and nothing in their place.
 * They return where standard output, and standard input, are now; failures end
 * the run.
 */
int setup_output(struct state *state);
int setup_input(struct state *state);

/* The environment that the model finds. */
void setup_environment(const struct predict *pr);

#endif
