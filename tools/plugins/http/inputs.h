/*
 * The inputs of a model, as a server of the Open Inference Protocol describes
 * them.
 */
#ifndef PLUGINS_HTTP_INPUTS_H
#define PLUGINS_HTTP_INPUTS_H

#include <stdint.h>

#include "base/buf.h"

/* The most dimensions of a tensor. */
enum { RANK_MAX = 8 };

struct input {
	char *name;		/* as JSON string */
	char *datatype;		/* "FP32" */
	int64_t dims[RANK_MAX]; /* -1: any */
	size_t rank;		/* 0: its shape is not known */
};

/* Zero one to begin with. */
struct inputs {
	struct input *list;
	size_t n; /* 0: they are not known */
};

/* Reads the model's metadata, a JSON document.  Returns 0, or -1 with the
 * reason added to why. */
int inputs_read(struct inputs *in, struct span document, struct buf *why);

void inputs_free(struct inputs *in);

#endif
