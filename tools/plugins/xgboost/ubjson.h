/*
 * Universal Binary JSON (ubjson.org, draft 12), as far as telling a whole
 * document from a damaged one.
 */
#ifndef PLUGINS_XGBOOST_UBJSON_H
#define PLUGINS_XGBOOST_UBJSON_H

#include "base/span.h"

/*
 * Whether text is one value and nothing after it.  Returns 0, or -1 with a
 * constant reason in *why and its place in *at.
 */
int ubjson_check(struct span text, const char **why, size_t *at);

#endif
