/*
 * The file of failed records: a JSON object a line.
 */
#ifndef JOIN_ERRORS_H
#define JOIN_ERRORS_H

#include "format/result.h"
#include "format/type.h"
#include "io/files.h"
#include "io/window.h"

struct errors;

/*
 * Begins it.  It takes the place of one that was made so, at the end; any other
 * file that is there is not overwritten.  What fails ends the process.
 */
struct errors *errors_new(const char *path);

/*
 * Adds a line for each record of a batch that failed; res is of it, path and
 * error are decoded.  Records that are lines of the input are named with their
 * own offset and length, others (input NULL too) by those of the batch.  What
 * is not UTF-8 in a name or error becomes U+FFFD; in the reference, the batch,
 * it is written as %XX, which means the same.
 */
void errors_add(struct errors *e, const struct result *res, enum type_kind kind,
    struct span path, struct span error, struct window *input);

/* Where it is a device or a pipe, it is told now what is told so far. */
void errors_flush(struct errors *e);

/* Puts it in its place, which must not be that of a file that was read.  What
 * fails ends the process; e is gone. */
void errors_commit(struct errors *e, const struct files *read);

/* Adds text, with U+FFFD for what is not UTF-8. */
void errors_text(struct buf *out, struct span text);

#endif
