/*
 * Text to features: the words of a text, and the runs of up to `ngrams` words,
 * each hashed to a place in the table of weights (bt-linear(7) has the rule).
 * Text is UTF-8; bytes that are not are letters.
 */
#ifndef PLUGINS_LINEAR_WORDS_H
#define PLUGINS_LINEAR_WORDS_H

#include <stdint.h>

#include "base/span.h"

enum { WORDS_NGRAMS_MAX = 4, WORDS_BITS_MAX = 24 };

struct words {
	unsigned bits;	     /* 2^bits places */
	unsigned ngrams;     /* words in the longest run */
	uint8_t one[128];    /* what an ASCII byte is hashed as; 0: no letter */
	uint16_t two[0x800]; /* the same for code points to U+07FF */
	uint8_t viet[256];   /* the last bits of U+1E00 to U+1EFF, lower case */
};

void words_init(
    struct words *w, unsigned bits, unsigned ngrams, bool lowercase);

/*
 * Adds to sums[0..outputs) the weights of each run in text, a place's standing
 * together.  Returns how many runs there were.
 */
size_t words_sum(const struct words *w, struct span text, const double *weights,
    size_t outputs, double *sums);

#endif
