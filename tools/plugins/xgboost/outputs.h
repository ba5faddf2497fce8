/*
 * Predictions of a mini-batch.
 */
#ifndef PLUGINS_XGBOOST_OUTPUTS_H
#define PLUGINS_XGBOOST_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

/* A row's outputs follow each other. */
struct outputs {
	size_t rows, width;
	bool vector;	     /* rows are lists, as Python sees them */
	const float *values; /* the booster's until its next prediction */
};

#endif
