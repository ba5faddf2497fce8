/*
 * Predictions as text, as SageMaker's XGBoost container writes them.
 */
#ifndef PLUGINS_XGBOOST_REPLY_H
#define PLUGINS_XGBOOST_REPLY_H

#include "base/buf.h"
#include "format/type.h"
#include "plugins/xgboost/booster.h"

/* The items of a prediction, SAGEMAKER_INFERENCE_OUTPUT. */
enum item {
	ITEM_LABEL,
	ITEM_LABELS,
	ITEM_PROBABILITY,
	ITEM_PROBABILITIES,
	ITEM_RAW_SCORE,
	ITEM_RAW_SCORES,
	ITEM_SCORE,
	ITEM_COUNT
};

/* How the items of a row follow from its outputs. */
enum family {
	FAMILY_OTHER,
	FAMILY_REGRESSION,
	FAMILY_LOGISTIC,
	FAMILY_LOGITRAW,
	FAMILY_HINGE,
	FAMILY_SOFTMAX,
	FAMILY_SOFTPROB
};

struct choice {
	char *name;
	enum item item; /* ITEM_COUNT if the model does not have it */
};

struct form {
	bool strict; /* as the container in a batch job */
	enum family family;
	size_t classes;
	struct choice *choices; /* none: the outputs as they are */
	size_t choice_count;
};

/*
 * Sets a form for models of the objective; selected is the names that were
 * asked for, between commas, or NULL.  Returns 0, or -1 with the reason added
 * to why.  A name that this objective does not have gives NaN, and a warning in
 * warn.
 */
int form_set(struct form *f, const struct booster *b, const char *selected,
    bool strict, struct buf *warn, struct buf *why);
void form_free(struct form *f);

/* Whether the choices can be made from the outputs.  Returns 0, or -1 with the
 * reason added to why. */
int form_check(
    const struct form *f, const struct outputs *outputs, struct buf *why);

/* Whether choice i repeats one before it. */
bool form_repeats(const struct form *f, size_t i);

/* The label of a row, and whether it is a whole number by nature; which of its
 * outputs is the largest. */
double form_label(const struct form *f, const float *v, size_t n, bool *whole);
size_t form_best(const float *v, size_t n);

/*
 * Adds the whole reply for accept's kind.  Returns 0, or -1 with the reason
 * added to why.  In a strict form without choices it is text for any kind.
 */
int reply_add(const struct form *f, const struct outputs *outputs,
    enum type_kind kind, struct buf *out, struct buf *why);

/*
 * The same in RecordIO: for each row an aialgs.data.Record whose label has a
 * float tensor for each choice, or without choices "score".
 */
int reply_add_records(const struct form *f, const struct outputs *outputs,
    struct buf *out, struct buf *why);

#endif
