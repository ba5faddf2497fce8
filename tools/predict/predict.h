/*
 * What bt-predict was asked to do.
 */
#ifndef PREDICT_PREDICT_H
#define PREDICT_PREDICT_H

#include <stdint.h>

#include "format/jsonpath.h"
#include "bt_model.h"

struct predict_model {
	const char *name; /* as given: a path, or a name to look up */
	const char *dir;  /* its folder, archive, file or command, or NULL */
	char *unpacked;	  /* the folder for dir, if it is an archive; or NULL */
	struct bt_parameter *environment; /* for this model alone */
	size_t environment_count;

	/* SAGEMAKER_SUBMIT_DIRECTORY and the folder for what it names, if that
	 * is an archive or in S3; or NULL. */
	const char *submitted;
	char *code;
};

struct predict {
	struct predict_model *models; /* in the order of the pipeline */
	size_t model_count;
	bool probe;		 /* only load the models and describe them */
	const char *out;	 /* the folder of the part files */
	struct jsonpath *filter; /* what the models see; NULL: all */
	const char *content_type, *accept; /* NULL: not given */
	unsigned timeout, start_timeout;   /* seconds */
	unsigned retries;
	bool isolate;
	bool no_count; /* replies need not have a prediction for each record */
	uint64_t
	    max_memory; /* of the worker and its descendants; 0: no limit */
	struct bt_parameter *environment; /* for all models */
	size_t environment_count;
	char *const *refs; /* ends with NULL; empty: standard input */
	char worker[320];  /* HOST-PID, made by supervisor_run */
};

struct state;

/*
 * The process that the user sees: it starts the worker, watches its clock, and
 * starts another if one has died.  Returns bt-predict's exit status.
 */
int supervisor_run(struct predict *pr);

/* The process that loads the models and runs the batches: it continues from
 * state to the end of the references. */
_Noreturn void worker_run(const struct predict *pr, struct state *state);

/* The process that loads pr's first model to print what it is, in one
 * write. */
_Noreturn void probe_run(const struct predict *pr, struct state *state);

#endif
