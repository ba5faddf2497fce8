#include "plugins/linear/words.h"

#include <stddef.h>

#include "plugins/linear/words_kernel.h"

/* Capitals outside ASCII, by code point, `step` before their small letters: all
 * from first to last, or every second one if step is 1. */
static const struct {
	uint16_t first, last;
	int step;
} capitals[] = { { 0x00c0, 0x00de, 32 }, /* Latin-1 */
	{ 0x0100, 0x012e, 1 },		 /* Latin Extended-A */
	{ 0x0132, 0x0136, 1 }, { 0x0139, 0x0147, 1 }, { 0x014a, 0x0176, 1 },
	{ 0x0178, 0x0178, -121 }, { 0x0179, 0x017d, 1 },
	{ 0x01a0, 0x01a0, 1 },			       /* O and U with horn */
	{ 0x01af, 0x01af, 1 }, { 0x0391, 0x03a9, 32 }, /* Greek */
	{ 0x0400, 0x040f, 80 },			       /* Cyrillic */
	{ 0x0410, 0x042f, 32 } };

static const struct cpu_body *const kernels[] = {
#if defined __x86_64__
	&words_avx2.cpu,
#endif
	&words_plain.cpu,
	NULL,
};

void
words_init(struct words *w, unsigned bits, unsigned ngrams, bool lowercase)
{
	unsigned c, by;
	size_t i;

	memset(w, 0, sizeof *w);
	w->bits = bits;
	w->ngrams = ngrams;
	/* Each begins with its cpu. */
	w->kernel = (const void *)cpu_pick(kernels);
	for (c = 0xc0; c < 0x800; c++)
		w->two[c] = (uint16_t)c;
	for (c = 0; c < 256; c++) {
		w->viet[c] = (uint8_t)c;
		memset(w->each[c], (int)c, sizeof w->each[c]);
	}
	if (lowercase) {
		w->small = 'a' - 'A';
		for (i = 0; i < sizeof capitals / sizeof capitals[0]; i++) {
			by = capitals[i].step == 1 ? 2 : 1;
			for (c = capitals[i].first; c <= capitals[i].last;
			     c += by)
				w->two[c] =
				    (uint16_t)((int)c + capitals[i].step);
		}
		for (c = 0; c < 256; c += 2)
			if (c < 0x96 || c >= 0xa0)
				w->viet[c] = (uint8_t)(c + 1);
	}
	w->two[0xd7] = w->two[0xf7] = 0; /* times, divided by */
}

static bool
follows(const unsigned char *p, const unsigned char *end, ptrdiff_t n)
{
	ptrdiff_t i;

	if (end - p < n)
		return false;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* The kind of a character of three bytes: punctuation ends a word, a symbol is
 * a word. */
static enum words_character
three_is(unsigned c)
{
	if ((c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3040) ||
	    (c >= 0xfe00 && c < 0xfe10))
		return WORDS_BREAK;
	return c >= 0x2190 && c < 0x2c00 ? WORDS_SYMBOL : WORDS_LETTER;
}

enum words_character
words_character(const struct words *w, const unsigned char *p,
    const unsigned char *end, unsigned char out[4], size_t *n)
{
	unsigned c;

	*n = 1;
	out[0] = p[0];
	if (p[0] < 0x80) {
		if ((p[0] | 0x20u) - 'a' < 26)
			out[0] |= w->small;
		else if (p[0] - (unsigned)'0' >= 10)
			return WORDS_BREAK;
		return WORDS_LETTER;
	}
	if (p[0] >= 0xe0 && p[0] < 0xf0 && follows(p, end, 3)) {
		*n = 3;
		out[1] = p[1];
		out[2] = p[2];
		c = (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		if (c >> 8 != 0x1e)
			return three_is(c);
		c = w->viet[c & 0xff];
		out[1] = (unsigned char)(0xb8 | c >> 6);
		out[2] = (unsigned char)(0x80 | (c & 0x3f));
	} else if (p[0] >= 0xc2 && p[0] < 0xe0 && follows(p, end, 2)) {
		*n = 2;
		c = w->two[(p[0] & 0x1fu) << 6 | (p[1] & 0x3fu)];
		out[0] = (unsigned char)(0xc0 | c >> 6);
		out[1] = (unsigned char)(0x80 | (c & 0x3f));
		return c == 0 ? WORDS_BREAK : WORDS_LETTER;
	} else if (p[0] >= 0xf0 && p[0] < 0xf5 && follows(p, end, 4)) {
		*n = 4;
		memcpy(out, p, 4);
		return WORDS_SYMBOL;
	}
	return WORDS_LETTER;
}

void
words_sum(const struct words *w, const struct span *texts, size_t count,
    size_t parts, const double *weights, size_t outputs, double *sums)
{
	w->kernel->sum(w, texts, count, parts, weights, outputs, sums);
}
