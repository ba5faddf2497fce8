/*
 * Text to features: the words of a text, and the runs of up to `ngrams` words,
 * each hashed to a place in the table of weights (bt-linear(7) has the rule).
 * Text is UTF-8; bytes that are not are letters.
 */
#ifndef PLUGINS_LINEAR_WORDS_H
#define PLUGINS_LINEAR_WORDS_H

#include <stdint.h>

#include "base/span.h"

enum { WORDS_NGRAMS_MAX = 4, WORDS_BITS_MAX = 24, WORDS_WIDTH_MAX = 32 };

struct words {
	const struct words_kernel *kernel;
	unsigned bits;	 /* 2^bits places */
	unsigned ngrams; /* words in the longest run */
	uint8_t small;	 /* what makes an ASCII capital small, if anything */
	uint16_t two[0x800]; /* what a code point is hashed as; 0: no letter */
	uint8_t each[256][WORDS_WIDTH_MAX]; /* full of each byte */
	uint8_t viet[256]; /* the last bits of U+1E00 to U+1EFF, lower case */
};

enum words_character { WORDS_LETTER, WORDS_SYMBOL, WORDS_BREAK };

void words_init(
    struct words *w, unsigned bits, unsigned ngrams, bool lowercase);

/*
 * The kind of the character at p, before end.  Puts its bytes,
 * small letters for capitals, into out and their number into *n; a byte that is
 * not UTF-8 is a letter.
 */
enum words_character words_character(const struct words *w,
    const unsigned char *p, const unsigned char *end, unsigned char out[4],
    size_t *n);

/*
 * Adds for each record, which is `parts` of the count texts, to its sums, which
 * are `outputs`, the weights of its runs, a place's standing together; then
 * divides them by the root of the number of runs, if there are any.
 */
void words_sum(const struct words *w, const struct span *texts, size_t count,
    size_t parts, const double *weights, size_t outputs, double *sums);

#endif
