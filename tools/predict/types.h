/*
 * Content types: of a model's requests, and of its replies.
 */
#ifndef PREDICT_TYPES_H
#define PREDICT_TYPES_H

#include "base/buf.h"
#include "format/type.h"
#include "predict/model.h"

enum type_kind types_kind(const char *type);

/* The type as m is given it: an alias (csv) in full if m lists its types. */
const char *types_request(const struct model *m, const char *type);

/*
 * The type of m's reply to a request of a type: asked, if it is neither NULL
 * nor any type; otherwise the request's type if the model can write it, else
 * the first that it can.  It is stored in *accept, and is one of these strings
 * or a constant.  Returns BT_OK; or BT_BAD_CONTENT_TYPE or BT_BAD_ACCEPT if m
 * cannot read or write the type, with what is wrong added to why.
 */
int types_choose(const struct model *m, const char *type, const char *asked,
    const char **accept, struct buf *why);

#endif
