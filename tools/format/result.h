/*
 * Result lines, bt-ref(5): what became of a batch.
 *
 *	REF <TAB> REPLY-REF <TAB> key=value ...        the model answered
 *	REF <TAB> ! <TAB> key=value ... error=TEXT     it did not
 */
#ifndef FORMAT_RESULT_H
#define FORMAT_RESULT_H

#include "format/ref.h"

struct result {
	struct span text; /* the REF as it stands */
	struct ref ref;
	bool answered;
	struct ref reply; /* where answered */
	struct span keys; /* key=value, a space between, may be empty */
};

/*
 * Reads a line without its newline, which res then borrows.  Returns 0, or -1
 * and a constant reason in *why.
 */
int result_parse(struct result *res, struct span line, const char **why);

/* The value of key as it stands (still encoded), or a span whose p is NULL. */
struct span result_key(const struct result *res, const char *key);

#endif
