/*
 * The last column of result lines, bt-ref(5).
 */
#ifndef FORMAT_RESULT_LINE_H
#define FORMAT_RESULT_LINE_H

#include <stdint.h>

#include "base/buf.h"

struct result_keys {
	uint64_t start; /* ms since the Epoch */
	uint64_t ms;
	unsigned tries;
	const char *worker;
	uint64_t bytes;
};

/* Adds the keys of a try, a blank between them. */
void result_add_keys(struct buf *line, const struct result_keys *keys);

/*
 * Adds status= and error= to a line, as much of the text as there is room for.
 * Returns 0, or -1 if there is none at all.
 */
int result_add_error(struct buf *line, const char *status, struct span text);

#endif
