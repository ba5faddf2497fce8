/*
 * Preparing a process for a model: descriptors and environment.
 */
#ifndef PREDICT_SETUP_H
#define PREDICT_SETUP_H

#include "predict/predict.h"
#include "predict/state.h"

/*
 * Result lines go to standard output and references come from standard input,
 * so the model must not have them: it finds standard error and an empty input
 * in their place.  These return the descriptors that standard output and
 * standard input have moved to.  Failures end the run.
 */
int setup_output(struct state *state);
int setup_input(struct state *state);

/* Sets the environment for the models; if there is one, with its own settings.
 */
void setup_environment(const struct predict *pr);

/* A variable's value for pm, or NULL; before setup_environment, too. */
const char *setup_value(
    const struct predict *pr, const struct predict_model *pm, const char *key);

#endif
