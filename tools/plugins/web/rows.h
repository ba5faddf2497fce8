/*
 * The predictions in a reply of JSON, one a row, and how they are written.
 */
#ifndef PLUGINS_WEB_ROWS_H
#define PLUGINS_WEB_ROWS_H

#include "base/buf.h"
#include "bt_model.h"
#include "format/type.h"

/* Zero one to begin with. */
struct rows {
	const struct bt_host *host;
	enum type_kind kind; /* of the reply to write: see rows_begin */
	bool strict;	     /* refuse NaN and Infinity */

	struct buf text;  /* the reply, if it had NaN or Infinity */
	const char *null; /* where the first of these was, or NULL */
	struct buf line, field, why;
	size_t records; /* of the request */
	size_t n;	/* rows written */
};

/* Begins a reply of the type accept to so many records; if the type is neither
 * CSV nor JSON, it is application/jsonlines. */
void rows_begin(struct rows *r, const struct bt_host *host, const char *accept,
    size_t records);

/*
 * Checks a server's reply and sets *value to its document, borrowed from body
 * or r; NaN, Infinity and -Infinity, which are not JSON, become null.  Returns
 * 0, or -1 with the reason added to why.
 */
int rows_check(
    struct rows *r, struct span body, struct span *value, struct buf *why);

/*
 * Writes the next row: the value in JSON, or in CSV its fields, if it is a
 * scalar or a flat array.  After the last, rows_end fails if there was none.
 * rows_write_all does both for the elements of an array.  Each returns BT_OK,
 * or what host->fail was given.
 */
int rows_write(struct rows *r, struct span value);
int rows_end(struct rows *r);
int rows_write_all(struct rows *r, struct span array);

/* Adds the value without the white space in it. */
void rows_compact(struct buf *out, struct span value);

/* Fails with the reason in r->why, for the record of the row to be written, or
 * with BT_MODEL_ERROR for the whole reply. */
int rows_fail(struct rows *r, int status);
int rows_fail_all(struct rows *r);

/* Whether the value has the first NaN or Infinity, and that is refused; then
 * the reason is added to why. */
bool rows_refuses(const struct rows *r, struct span value, struct buf *why);

void rows_free(struct rows *r);

#endif
