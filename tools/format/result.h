/*
 * Result lines, bt-ref(5): what became of a batch.
 *
 *	REF <TAB> REPLY-REF <TAB> key=value ...        the model answered
 *	REF <TAB> ! <TAB> key=value ... error=TEXT     it did not
 *
 * The key sum=XXXXXXXX, before status= and error=, is the CRC-32C of all that
 * stands before its blank.  A writer that is killed, or whose disk is full, may
 * leave a line cut off anywhere, and the next writer's then follows on the same
 * line: the sum of the second does not cover the first.
 */
#ifndef FORMAT_RESULT_H
#define FORMAT_RESULT_H

#include "format/ref.h"

struct result {
	struct span text; /* the REF as it stands */
	struct ref ref;
	bool answered;
	struct ref reply; /* if answered */
	struct span keys; /* key=value, a space between, may be empty */
};

/*
 * Reads a line without its newline, which res then borrows.  Returns 0, or -1
 * and a constant reason in *why.  A line without a sum passes, as those of
 * earlier versions have none; with one it must be right.
 */
int result_parse(struct result *res, struct span line, const char **why);

/* The same; a line that is too long, or a path in it with bad percent encoding,
 * is refused too. */
int result_read(struct result *res, struct span line, const char **why);

/* The value of key as it stands (still encoded), or a span whose p is NULL. */
struct span result_key(const struct result *res, const char *key);

/* The same as a number; 0 if it is missing. */
double result_number(const struct result *res, const char *key);

/* Adds the sum of what line holds, and the blank before it. */
void result_add_sum(struct buf *line);

#endif
