/*
 * What XGBoost makes of the sum of a row's leaves: by its objective, as floats,
 * in the order in which XGBoost computes it (src/objective and
 * src/common/math.h of its sources, alike from 1.7 to 3.4).
 */
#ifndef PLUGINS_XGBOOST_OBJECTIVE_H
#define PLUGINS_XGBOOST_OBJECTIVE_H

#include <stdbool.h>
#include <stddef.h>

enum objective {
	OBJECTIVE_SUM, /* nothing */
	OBJECTIVE_LOGISTIC,
	OBJECTIVE_EXP,
	OBJECTIVE_HINGE,
	OBJECTIVE_SOFTMAX,
	OBJECTIVE_SOFTPROB,
	OBJECTIVE_UNKNOWN
};

/* By its name: "binary:logistic". */
enum objective objective_find(const char *name);
bool objective_has_classes(enum objective o);

/*
 * The sum that a row begins with, from the base_score of a model;
 * transformed: from one that XGBoost before 1.0 wrote, of which it makes a
 * base_score of now first.  Returns whether there is one.
 */
bool objective_margin(
    enum objective o, bool transformed, float base_score, float *margin);

/* Makes outputs of the sums in v, n rows of width; returns how many a row has.
 */
size_t objective_apply(enum objective o, float *v, size_t n, size_t width);

#endif
