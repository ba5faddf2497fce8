/*
 * CSV fields as JSON values.
 *
 * A decimal number keeps its spelling if JSON has it: otherwise it is spelled
 * anew, with the same value (.5 is 0.5, +1 is 1, 1. is 1.0, 007 is 7).  A field
 * in quotes, and what is no number, is a string.
 */
#ifndef PLUGINS_WEB_CELLS_H
#define PLUGINS_WEB_CELLS_H

#include "base/buf.h"

/* What an empty field and NaN are in JSON, which has no number for them. */
enum missing { MISSING_REFUSED, MISSING_NULL, MISSING_NAN };

enum cell {
	CELL_BAD,    /* none: why has the reason */
	CELL_NUMBER, /* also one that is missing */
	CELL_TEXT
};

/* Adds the field's value; text is memory to work in. */
enum cell cell_add(struct buf *out, struct span field, enum missing missing,
    struct buf *text, struct buf *why);

/* Adds it as a string, even if it is a number.  Returns CELL_TEXT or
 * CELL_BAD. */
enum cell cell_add_text(
    struct buf *out, struct span field, struct buf *text, struct buf *why);

/* Whether it is the word, in any case. */
bool cell_is(struct span field, const char *word);

#endif
