/*
 * XGBoost's own binary format, which it wrote before JSON and UBJSON.
 */
#ifndef PLUGINS_XGBOOST_BINARY_H
#define PLUGINS_XGBOOST_BINARY_H

#include "plugins/xgboost/facts.h"
#include "plugins/xgboost/trees.h"

/* Whether a model begins as one does. */
bool binary_is(struct span model);

/*
 * Where its version stands, if its objective is binary:hinge and the version 0,
 * before 1.0; otherwise 0.  XGBoost turns the margin that such a model starts
 * with into a label, 0 or 1, unless the version is at least 1.
 */
size_t binary_hinge(struct span model);

/*
 * Whether it is all there, with trees that are whole, which are added to t:
 * XGBoost notices if a tree is cut short, not if what comes after them is.
 * Returns 0, or -1 with a constant reason in *why.
 */
int binary_check(struct span model, struct trees *t, const char **why);

/*
 * Reads one that was checked, as facts_read does.  config: the JSON that a
 * pickle has after it, or nothing.
 */
int binary_read(
    struct span model, struct span config, struct facts *f, const char **why);

#endif
