/*
 * Content types of records and replies, and what can be done with them.
 */
#ifndef JOIN_KIND_H
#define JOIN_KIND_H

#include "join/batch.h"

/* What a word of a result line stands for, as a string in out; the word itself
 * where it is not well encoded. */
struct span decoded(struct buf *out, struct span word);

/* The kind of an object's records. */
enum type_kind input_kind(
    const struct join_options *opt, const struct ref *r, const char *path);

/* Does with the batch what its types and the options ask for, join_csv or
 * another; as these. */
int join_batch(struct batch *b);

#endif
