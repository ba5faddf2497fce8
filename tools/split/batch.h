/*
 * The mini-batch that is being filled, and the checksum of its bytes: each
 * byte is summed once, although where the batch ends is known only later.
 *
 *	start ... cut ... line ... seen
 *
 * From start to cut there are whole records; from cut to line only lines that
 * are no records; from line on a record that has not ended.  All are offsets
 * in the object.
 */
#ifndef SPLIT_BATCH_H
#define SPLIT_BATCH_H

#include <stddef.h>
#include <stdint.h>

struct batch {
	uint64_t start;
	/* The caller moves these on, not to before seen, then calls batch_sum.
	 */
	uint64_t cut, line;
	uint64_t seen;	       /* the sums hold the bytes up to here */
	uint64_t first, count; /* its records */
	uint32_t sum;	       /* from start to cut */
	uint32_t sum_seen;     /* from start to seen */

	/* For batch.c only. */
	uint32_t sum_line; /* from start to line */
};

/* An empty batch that begins at offset at with record first. */
void batch_begin(struct batch *b, uint64_t at, uint64_t first);

/*
 * Sums the bytes from seen to upto, if there are any; p is where the object's
 * byte number at stands in memory, at or before seen.
 */
void batch_sum(struct batch *b, const char *p, uint64_t at, uint64_t upto);

/* The same where they were summed already: sum is that from start to upto. */
void batch_summed(
    struct batch *b, const char *p, uint64_t at, uint64_t upto, uint32_t sum);

/* The batch is out; the next one begins at line, which was summed up to. */
void batch_next(struct batch *b);

#endif
