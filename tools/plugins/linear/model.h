/*
 * The model file of the linear plugin, bt-linear(7): a JSON document that
 * holds weights for columns of numbers, or for hashed words.
 */
#ifndef PLUGINS_LINEAR_MODEL_H
#define PLUGINS_LINEAR_MODEL_H

#include "base/buf.h"
#include "plugins/linear/words.h"

/* The items of a prediction, which the model file lists. */
enum linear_item {
	LINEAR_VALUE, /* weights times features plus intercept, an output each
		       */
	LINEAR_PROBABILITY,   /* of the label */
	LINEAR_PROBABILITIES, /* of each class */
	LINEAR_LABEL,
	/* As SageMaker's Linear Learner has them: the values, or if logistic
	 * the probability of the second class, of two, or of each; and the
	 * class's number. */
	LINEAR_SCORE,
	LINEAR_PREDICTED_LABEL
};

/* A class's name, as a field and as a string. */
struct linear_label {
	struct buf csv, json;
};

struct linear_model {
	bool logistic;
	size_t classes;		     /* 0: not logistic */
	struct linear_label *labels; /* a class each */
	size_t outputs; /* 1, or as many as classes, or as the regression has */
	size_t features;    /* columns, or places for hashed words */
	double *weights;    /* features x outputs: a feature's stand together */
	double *intercepts; /* outputs */
	double *missing;    /* a column each: what stands for NaN, or NaN: an
			     * error;    NULL: all are errors */
	float threshold;    /* the second class's least probability, if there
			     * are two; below 0: the larger one's class */
	enum linear_item *items;
	size_t item_count;
	bool learner; /* its items are Linear Learner's, and so is its JSON */

	bool text; /* the features are words */
	struct words words;
	char *field;   /* of a JSON object */
	long *columns; /* of a CSV record, from 0, below 0 from its end */
	size_t column_count;
};

/*
 * Reads the file, or the n bytes at p if path is NULL.  Returns NULL with the
 * reason added to why; otherwise it is yours until linear_model_free.
 */
struct linear_model *linear_model_read(
    const char *path, const void *p, size_t n, struct buf *why);
void linear_model_free(struct linear_model *m);

#endif
