/*
 * Content types of records and replies.
 */
#ifndef JOIN_KIND_H
#define JOIN_KIND_H

#include "join/batch.h"

/* A word of a result line, decoded as a string in out; the word itself if its
 * encoding is bad. */
struct span decoded(struct buf *out, struct span word);

/* The kind of an object's records. */
enum type_kind input_kind(
    const struct join_options *opt, const struct ref *r, const char *path);

/* The kind of its reply: its type, or --accept, or its suffix; otherwise the
 * records' kind if the options need one that is known. */
enum type_kind reply_kind(const struct batch *b);

#endif
