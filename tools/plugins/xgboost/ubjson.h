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

/* A value in a document that was checked: its type's letter, and what stands
 * after that. */
struct ubjson_item {
	struct span text;
	int type;
};

/*
 * Walks the members of an object or the elements of an array.  ubjson_begin
 * returns whether it is one; ubjson_next true while there is one more: item,
 * and for an object the key.
 */
struct ubjson_walk {
	struct span key, rest;
	struct ubjson_item item;
	uint64_t left;
	int of;
	bool keyed, counted;
};
bool ubjson_begin(struct ubjson_walk *w, struct ubjson_item container);
bool ubjson_next(struct ubjson_walk *w);

/* A string, a whole number (INT64_MIN if it is anything else), a float32. */
bool ubjson_string(struct ubjson_item item, struct span *out);
int64_t ubjson_integer(struct ubjson_item item);
bool ubjson_float(struct ubjson_item item, float *v);

#endif
