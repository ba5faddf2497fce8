/*
 * The models: each one's reply is the next one's request.
 */
#ifndef PREDICT_PIPELINE_H
#define PREDICT_PIPELINE_H

#include <stdatomic.h>

#include "base/buf.h"
#include "predict/batch.h"
#include "predict/model.h"
#include "predict/predict.h"

/* In addition to enum bt_status: the number of predictions is not that of the
 * records. */
enum { PIPELINE_COUNT = 1 };

struct outcome {
	int status;  /* BT_OK, another of enum bt_status, or PIPELINE_COUNT */
	int64_t bad; /* the record to blame, by its index, or -1 */
	struct buf why;	  /* what is wrong */
	uint64_t request; /* bytes that the first model was given */

	/* If BT_OK; borrowed until the next call. */
	struct span reply;
	const char *type;
	uint64_t predictions;
	bool whole;	/* the reply is one prediction, not to be taken apart */
	bool uncounted; /* it may have any number of predictions */
	bool keeps_newlines;
};

struct pipeline;

/* Loads the models; NULL, with what is wrong added to why.  Before a model is
 * loaded or called its index is stored in *stage. */
struct pipeline *pipeline_new(
    const struct predict *pr, atomic_int *stage, struct buf *why);

/* Closes the models, the last one first; *stage is set as above. */
void pipeline_close(struct pipeline *pl);

/* Runs a batch.  o->why's memory is used again, the rest of o is set. */
void pipeline_run(
    struct pipeline *pl, const struct batch *b, struct outcome *o);

/* Adds to a result line what the models have used since the last call, as keys;
 * two models' keys of one name are one. */
void pipeline_add_uses(struct pipeline *pl, struct buf *line);

#endif
