/*
 * The host's side of the plugin interface: struct bt_host for one model.
 */
#ifndef PREDICT_HOST_H
#define PREDICT_HOST_H

#include "base/buf.h"
#include "predict/reply.h"
#include "bt_model.h"

enum { HOST_USES = 8, HOST_USE_NAME = 24 };

struct host {
	struct bt_host table; /* first: what the plugin holds is the host */
	const char *name;     /* the model's, for its log */
	struct chunk *chunks; /* the memory that alloc gave since host_reset */
	struct reply reply;
	struct buf why; /* from the last fail */
	int64_t bad;	/* the record it named, or -1 */
	bool failed;	/* fail was called since host_reset */

	/* What was used since host_add_uses. */
	struct host_use {
		char name[HOST_USE_NAME];
		double n;
	} use[HOST_USES];
	size_t uses;
};

void host_init(struct host *h, const char *name);

/* Begins a batch: frees the memory that alloc gave, forgets a failure. */
void host_reset(struct host *h);

/* The same after model_fn, but the memory stays: it is the model's. */
void host_keep(struct host *h);

/* Adds to a result line what was used, as keys, each with a blank before it. */
void host_add_uses(struct host *h, struct buf *line);

#endif
