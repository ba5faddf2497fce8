/*
 * Members put into JSON objects, by their text.  Values are checked JSON
 * without white space around it.
 */
#ifndef FORMAT_JSON_EDIT_H
#define FORMAT_JSON_EDIT_H

#include "base/buf.h"

/*
 * Adds object with one more member at its end; if it has one of that name,
 * each such one gets the value and keeps its place.  All else stays as spelled.
 * name begins with SageMaker and needs no escapes.
 */
void member_set(
    struct buf *out, struct span object, struct span name, struct span value);

/* Whether the text of one or more objects has to be looked through for a member
 * of that name, which begins with SageMaker: it holds the name, or letters
 * written as escapes. */
bool member_may_be(struct span text, struct span name);

/* Adds {"NAME":value}. */
void member_wrap(struct buf *out, struct span name, struct span value);

/* Adds {"SageMakerInput":record,"SageMakerOutput":prediction}. */
void member_join(struct buf *out, struct span record, struct span prediction);

/* Adds the value without white space, each object's members in the order of
 * their names' bytes; of a name that is repeated, the last. */
void member_sorted(struct buf *out, struct span value);

#endif
