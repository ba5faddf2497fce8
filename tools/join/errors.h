/*
 * The file of failed records: a JSON object a line.
 */
#ifndef JOIN_ERRORS_H
#define JOIN_ERRORS_H

#include "format/result.h"
#include "format/type.h"
#include "io/files.h"
#include "io/window.h"
#include "join/losses.h"

struct errors;

/*
 * Begins the file.  At the end it replaces one that was made so; any other file
 * is not overwritten.  Each failure ends the process.
 */
struct errors *errors_new(const char *path);

/*
 * Adds a line for each record of a batch that failed; res is of it, path and
 * error are decoded.  Records that are lines of the input are named with their
 * own offset and length, others (input NULL too) by those of the batch.  Bytes
 * that are not UTF-8 become U+FFFD in a name or error, and %XX, which means the
 * same, in the reference of the batch.
 */
void errors_add(struct errors *e, const struct result *res, enum type_kind kind,
    struct span path, struct span error, struct window *input);

/* If e is not NULL, adds a line for the records of an answered batch that were
 * lost in the join, of which what says which and why. */
void errors_add_loss(struct errors *e, const struct result *res,
    struct span path, const struct loss *what);

/* If it is a device or a pipe, writes the lines so far. */
void errors_flush(struct errors *e);

/* Puts it in its place, which must not be that of a file that was read.  A
 * failure ends the process; e is freed. */
void errors_commit(struct errors *e, const struct files *read);

/* Adds where a batch failed and why, or if that is said already, that its
 * object is incomplete for it. */
void errors_tell(struct buf *out, const struct result *res, bool said);

#endif
