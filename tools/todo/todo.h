/*
 * Which parts of references have no answer in some result lines.
 */
#ifndef TODO_TODO_H
#define TODO_TODO_H

#include "base/buf.h"
#include "format/result.h"

struct todo;

/* With failed, failed batches count as not answered. */
struct todo *todo_new(bool failed);

enum todo_line {
	TODO_FIRST, /* for each of its records */
	TODO_SAME,  /* as one before, up to its keys */
	TODO_OTHER  /* some of its records have a line, or are answered */
};

/*
 * Notes a result line; the first one counts for a record.  Returns -1 and adds
 * the reason to why if the line is of another version of the object than those
 * before.
 */
int todo_result(struct todo *t, const struct result *res, enum todo_line *what,
    struct buf *why);

/* The same without the checks. */
enum todo_line todo_settle(struct todo *t, const struct result *res);

/*
 * After all results: adds to out a line, with its newline, for each part of the
 * reference that has no answer; the reference unchanged if that is all of it.
 * text is the line that r was read from.  Returns 0, or -1 with the place and
 * the reason added to why: the results are not of these records.
 */
int todo_ref(struct todo *t, const struct ref *r, struct span text,
    struct buf *out, struct buf *why);

void todo_free(struct todo *t);

#endif
