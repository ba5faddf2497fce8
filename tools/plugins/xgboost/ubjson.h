/*
 * Universal Binary JSON (ubjson.org, draft 12), as far as telling a whole
 * document from a damaged one.
 */
#ifndef PLUGINS_XGBOOST_UBJSON_H
#define PLUGINS_XGBOOST_UBJSON_H

#include "plugins/xgboost/trees.h"

/*
 * Whether text is one value and nothing after it, with trees that are whole,
 * which are added to t.  Returns 0, or -1 with a constant reason in *why and
 * its place in *at.
 */
int ubjson_check(
    struct span text, struct trees *t, const char **why, size_t *at);

#endif
