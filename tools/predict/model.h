/*
 * Models: a plugin found, opened and checked, and the model it has loaded.
 */
#ifndef PREDICT_MODEL_H
#define PREDICT_MODEL_H

#include "base/buf.h"
#include "predict/environment.h"
#include "predict/host.h"
#include "predict/predict.h"
#include "bt_model.h"

struct model {
	const char *name;
	const struct bt_plugin *plugin; /* at least its first members */
	void *state;			/* from model_fn */
	struct host host;
	struct environment environment; /* to call its functions in */

	/* The plugin's members, NULL if it is too old to have them. */
	int (*input_fn)(
	    const struct bt_host *, void *, const struct bt_request *, void **);
	int (*output_fn)(const struct bt_host *, void *, void *, const char *);
	void (*input_free)(void *, void *);
	void (*prediction_free)(void *, void *);
};

/*
 * Opens the plugin that pm names and loads its model, for this process's
 * lifetime.  Returns 0, or -1 with what is wrong added to why.
 */
int model_load(struct model *m, const struct predict *pr,
    const struct predict_model *pm, struct buf *why);

/* Calls its plugin's model_close, if it has one. */
void model_close(struct model *m);

#endif
