/*
 * Which records result lines have named so far, so that a line which comes
 * again counts once, and the first of two answers does.
 *
 * An object takes 32 bytes if its records from 0 on are answered without a
 * gap, and as many ranges more as there are gaps and failures.
 */
#ifndef FORMAT_SEEN_H
#define FORMAT_SEEN_H

#include <stdbool.h>

#include "base/ranges.h"
#include "format/result.h"

struct seen_object;

/* Zero one to begin with. */
struct seen {
	struct seen_object *slot;
	size_t n, size;
};

/* What a line adds to those before it. */
struct news {
	bool any;
	uint64_t records; /* not seen before */
	uint64_t mended;  /* that had failed, and are answered now */
};

struct news seen_add(struct seen *s, const struct result *res);

/* Whether each record of this batch was answered. */
bool seen_answered(const struct seen *s, const struct ref *batch);

/* As if no line had been about a failure. */
void seen_forget_failed(struct seen *s);

void seen_free(struct seen *s);

/* The records of a batch.  One without records has a number too, one that no
 * record has. */
struct range range_of_batch(const struct ref *r);

#endif
