/*
 * What of some references has no answer yet, by the result lines there are.
 */
#ifndef STAGE_TODO_H
#define STAGE_TODO_H

#include "base/buf.h"
#include "format/result.h"

struct todo;

/* With failed, what the model failed on is not answered either. */
struct todo *todo_new(bool failed);

/* Notes a result.  Returns 0, or -1 with what is wrong added to why. */
int todo_result(struct todo *t, const struct result *res, struct buf *why);

/*
 * After all results: adds to out a line, with its newline, for each part of
 * the reference that is to be done; the reference as it stands where that is
 * all of it.  text is what r was read from.  Returns 0, or -1 with what is
 * wrong, and where, added to why: the results are not of these records.
 */
int todo_ref(struct todo *t, const struct ref *r, struct span text,
    struct buf *out, struct buf *why);

void todo_free(struct todo *t);

#endif
