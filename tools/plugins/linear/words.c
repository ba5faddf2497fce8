#include "plugins/linear/words.h"

#include <stddef.h>

/* FNV-1a, 32 bits, folded to fewer (Fowler, Noll, Vo). */
#define FNV_BASIS 0x811c9dc5u
#define FNV_PRIME 0x01000193u

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

void
words_init(struct words *w, unsigned bits, unsigned ngrams, bool lowercase)
{
	unsigned c, by;
	size_t i;

	memset(w, 0, sizeof *w);
	w->bits = bits;
	w->ngrams = ngrams;
	for (c = '0'; c <= '9'; c++)
		w->one[c] = (uint8_t)c;
	for (c = 'a'; c <= 'z'; c++) {
		w->one[c] = (uint8_t)c;
		w->one[c - 32] = (uint8_t)(lowercase ? c : c - 32);
	}
	for (c = 0xc0; c < 0x800; c++)
		w->two[c] = (uint16_t)c;
	for (c = 0; c < 256; c++)
		w->viet[c] = (uint8_t)c;
	if (lowercase) {
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

/* The runs of words that end in the current one: h[i] is the hash of the i
 * words before it and of its letters so far. */
struct run {
	uint32_t h[WORDS_NGRAMS_MAX];
	unsigned words; /* before this one, fewer than ngrams */
	bool inside;
	size_t found;
};

#define INLINE static inline __attribute__((always_inline))

INLINE void
letter(struct run *r, unsigned char c, unsigned ngrams)
{
	unsigned i;

	for (i = 0; i < ngrams; i++)
		r->h[i] = (r->h[i] ^ c) * FNV_PRIME;
	r->inside = true;
}

INLINE void
word_end(const struct words *w, struct run *r, const double *weights,
    double *sums, unsigned ngrams, size_t outputs)
{
	const double *at;
	unsigned i;
	size_t k;

	if (!r->inside)
		return;
	for (i = 0; i <= r->words; i++) {
		at = weights + outputs * ((r->h[i] ^ r->h[i] >> w->bits) &
					     ((1u << w->bits) - 1));
		for (k = 0; k < outputs; k++)
			sums[k] += at[k];
	}
	r->found += r->words + 1;
	if (r->words + 1 < ngrams)
		r->words++;
	for (i = ngrams - 1; i > 0; i--)
		r->h[i] = (r->h[i - 1] ^ ' ') * FNV_PRIME;
	r->h[0] = FNV_BASIS;
	r->inside = false;
}

INLINE bool
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

enum character { LETTER, SYMBOL, BREAK };

/* The kind of a character of three bytes: punctuation ends a word, a symbol is
 * a word. */
static enum character
three_is(unsigned c)
{
	if ((c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3040) ||
	    (c >= 0xfe00 && c < 0xfe10))
		return BREAK;
	return c >= 0x2190 && c < 0x2c00 ? SYMBOL : LETTER;
}

/*
 * The kind of the character beyond ASCII at p.  Puts its bytes, small letters
 * for capitals, into out and their number into *n; a byte that is not UTF-8 is
 * a letter.
 */
INLINE enum character
beyond(const struct words *w, const unsigned char *p, const unsigned char *end,
    unsigned char *out, size_t *n)
{
	unsigned c;

	*n = 1;
	out[0] = p[0];
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
		return c == 0 ? BREAK : LETTER;
	} else if (p[0] >= 0xf0 && p[0] < 0xf5 && follows(p, end, 4)) {
		*n = 4;
		memcpy(out, p, 4);
		return SYMBOL;
	}
	return LETTER;
}

INLINE size_t
sum(const struct words *w, struct span text, const double *weights,
    double *sums, unsigned ngrams, size_t outputs)
{
	const unsigned char *p = (const unsigned char *)text.p,
			    *end = p + text.n;
	struct run r = { .h = { FNV_BASIS } };
	unsigned char c[4];
	enum character is;
	size_t i, n;

	while (p < end) {
		while (p < end && *p < 0x80 && w->one[*p] != 0)
			letter(&r, w->one[*p++], ngrams);
		if (p == end)
			break;
		if (*p < 0x80) {
			word_end(w, &r, weights, sums, ngrams, outputs);
			p++;
			continue;
		}
		is = beyond(w, p, end, c, &n);
		if (is != LETTER)
			word_end(w, &r, weights, sums, ngrams, outputs);
		for (i = 0; i < n && is != BREAK; i++)
			letter(&r, c[i], ngrams);
		if (is == SYMBOL)
			word_end(w, &r, weights, sums, ngrams, outputs);
		p += n;
	}
	word_end(w, &r, weights, sums, ngrams, outputs);
	return r.found;
}

/* The same loop, with its inner ones unrolled for the usual models. */
size_t
words_sum(const struct words *w, struct span text, const double *weights,
    size_t outputs, double *sums)
{
	if (outputs == 1 && w->ngrams == 1)
		return sum(w, text, weights, sums, 1, 1);
	if (outputs == 1 && w->ngrams == 2)
		return sum(w, text, weights, sums, 2, 1);
	return sum(w, text, weights, sums, w->ngrams, outputs);
}
