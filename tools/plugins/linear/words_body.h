/*
 * words_sum for one kind of processor.  The file that includes it defines
 * WIDTH, the bytes of a vector, at most WORDS_WIDTH_MAX; TARGET, the target
 * attribute; BITS(v), a bit for each byte of a vector that is 0xff (0 for one
 * that is 0), as a uint64_t; KERNEL, its name, LABEL, the same as a string, and
 * usable().
 *
 * The texts are taken in chunks.  A chunk is folded, that is, copied as it is
 * hashed, with zeros between the words; the words are found; then a vector of
 * them is hashed at a time, a byte of each in every step.  So nearly nothing
 * depends on where a word ends, which no processor foresees.
 */
#ifndef PLUGINS_LINEAR_WORDS_BODY_H
#define PLUGINS_LINEAR_WORDS_BODY_H

#include <math.h>

#include "base/utf8.h"
#include "base/word.h"
#include "plugins/linear/words_kernel.h"

#ifndef WIDTH /* compiled alone */
#define WIDTH 16
#define TARGET
#define BITS(v) ((uint64_t)(v)[0])
#define KERNEL words_plain
#define LABEL ""
static bool usable(void);
#endif

typedef uint8_t bytes __attribute__((vector_size(WIDTH)));
typedef int8_t chars __attribute__((vector_size(WIDTH)));
typedef uint32_t lanes __attribute__((vector_size(WIDTH)));
typedef int32_t lengths __attribute__((vector_size(WIDTH)));

enum {
	LANES = sizeof(lanes) / sizeof(uint32_t),
	HEAD = 8,     /* bytes of a word that are hashed in a lane */
	CHUNK = 4096, /* bytes of texts, and one for the end of each */
	AFTER = 64,   /* zeros after a text, folded or not */
	PAIRS = 12,   /* words that 64 bytes seldom have more of */
	WORDS = CHUNK / 2 + 2 + LANES + PAIRS
};

/* Where in the texts the next chunk begins. */
struct walk {
	const struct span *next, *end;
	struct span rest; /* of the text before next, if it has more */
};

struct chunk {
	unsigned char bytes[2 * CHUNK + AFTER]; /* folded */
	size_t n, texts;
	uint32_t end[CHUNK]; /* of each text */

	size_t words;
	uint32_t start[WORDS], stop[WORDS];
	uint32_t h[WORDS_NGRAMS_MAX][WORDS]; /* of runs that end in each word:
					      * of 1 word, 2, ... */

	/* The first word has begun in the chunk before: what the hashes of runs
	 * that end in it are so far. */
	bool inside;
	uint32_t begun[WORDS_NGRAMS_MAX];
};

#define INLINE TARGET static inline __attribute__((always_inline))

INLINE bytes
bytes_load(const unsigned char *p)
{
	bytes v;

	memcpy(&v, p, sizeof v);
	return v;
}

INLINE lanes
lanes_load(const uint32_t *p)
{
	lanes v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* A vector of one byte, from memory: GCC makes one out of a number anew each
 * time that it is used, in more time than the comparison takes. */
#define EACH(byte) ((chars)bytes_load(w->each[byte]))

/* Which bytes begin a character that words_character must see, by it and the
 * next two: all that are no letters, all capitals, and some more. */
INLINE uint64_t
special(const struct words *w, const unsigned char *p)
{
	chars a = (chars)bytes_load(p), b = (chars)bytes_load(p + 1),
	      c = (chars)bytes_load(p + 2), high = b >= EACH(0xb0);

	return BITS(
	    (a == EACH(0xc2)) |
	    ((a == EACH(0xc3)) & ((b < EACH(0xa0)) | (b == EACH(0xb7)))) |
	    (((a & EACH(0xfe)) == EACH(0xc4)) & (((b & EACH(1)) == 0) | high)) |
	    ((a == EACH(0xc5)) & (b < EACH(0x88))) |
	    ((a == EACH(0xc6)) & ((b == EACH(0xa0)) | (b == EACH(0xaf)))) |
	    (((a == EACH(0xce)) | (a == EACH(0xd0))) & ~high) |
	    ((a == EACH(0xe1)) & ((c & EACH(1)) == 0)) | (a == EACH(0xe2)) |
	    (a == EACH(0xe3)) | (a == EACH(0xef)) |
	    ((a & EACH(0xf0)) == EACH(0xf0)));
}

/*
 * Folds the text from p to end, where AFTER zeros stand.  Returns the end of
 * what is in out, where as many stand: up to twice as far.
 */
INLINE unsigned char *
fold(const struct words *w, const unsigned char *p, const unsigned char *end,
    unsigned char *out)
{
	unsigned char one[4];
	enum words_character is;
	bytes c, alpha, letter;
	uint64_t odd;
	size_t n;

	while (p < end) {
		c = bytes_load(p);
		alpha = (bytes)((c | 0x20) - 'a' < 26);
		letter = (bytes)(alpha | (c - '0' < 10) | (c >= 0x80));
		odd = BITS(c >= 0xc2) != 0 ? special(w, p) : 0;
		c = (c | (alpha & w->small)) & letter;
		memcpy(out, &c, sizeof c);
		n = odd != 0 ? (size_t)__builtin_ctzll(odd) : WIDTH;
		if (n > (size_t)(end - p))
			n = (size_t)(end - p);
		p += n;
		out += n;
		if (odd == 0)
			continue;
		do {
			is = words_character(w, p, end, one, &n);
			p += n;
			*out = 0;
			out += is != WORDS_LETTER;
			memcpy(out, one, sizeof one);
			out += is == WORDS_BREAK ? 0 : n;
			*out = 0;
			out += is == WORDS_SYMBOL;
		} while (p < end && *p >= 0x80);
	}
	memset(out, 0, AFTER);
	return out;
}

INLINE void
fill(const struct words *w, struct chunk *c, struct walk *at)
{
	unsigned char text[CHUNK + AFTER], *out = c->bytes;
	size_t n, room = CHUNK;

	c->texts = 0;
	do {
		if (at->rest.n == 0)
			at->rest = *at->next++;
		n = utf8_cut(at->rest, room);
		if (n > 0)
			memcpy(text, at->rest.p, n);
		memset(text + n, 0, AFTER);
		out = fold(w, text, text + n, out);
		at->rest.p += n;
		at->rest.n -= n;
		c->end[c->texts++] = (uint32_t)(out++ - c->bytes);
		room -= n < room ? n + 1 : room;
	} while (at->rest.n == 0 && at->next < at->end && room > 0);
	c->n = (size_t)(out - 1 - c->bytes);
}

/* A bit for each of 64 bytes that is a letter's. */
INLINE uint64_t
letters(const unsigned char *p)
{
	uint64_t zeros = 0;
	unsigned i;

#pragma GCC unroll 4
	for (i = 0; i < 64; i += WIDTH)
		zeros |= BITS(bytes_load(p + i) == 0) << i;
	return ~zeros;
}

/* The place of the first bit that is set. */
INLINE uint32_t
lowest(size_t at, uint64_t m)
{
	return (uint32_t)(at + (size_t)__builtin_ctzll(m));
}

/* Finds the words.  PAIRS are written of each 64 bytes, if there are as many or
 * not: how many there are is what no processor foresees. */
INLINE void
cut(struct chunk *c)
{
	const uint64_t last = UINT64_C(1) << 63; /* there always is one */
	uint32_t *start = c->start, *stop = c->stop, *from, *to;
	uint64_t here, edges, first, carry = c->inside;
	unsigned i, n;
	size_t at;

	if (c->inside)
		*start++ = 0;
	for (at = 0; at < c->n; at += 64) {
		here = letters(c->bytes + at);
		edges = here ^ (here << 1 | carry);
		*stop = lowest(at, edges | last);
		first = edges & -edges & -carry;
		stop += first != 0;
		edges ^= first;
		n = (unsigned)__builtin_popcountll(edges);
		from = start;
		to = stop;
		do {
#pragma GCC unroll 12
			for (i = 0; i < PAIRS; i++) {
				*from++ = lowest(at, edges | last);
				edges &= edges - 1;
				*to++ = lowest(at, edges | last);
				edges &= edges - 1;
			}
		} while (edges != 0);
		start += (n + 1) / 2;
		stop += n / 2;
		carry = here >> 63;
	}
	if (carry != 0)
		*stop++ = (uint32_t)c->n;
	c->words = (size_t)(stop - c->stop);
	memset(start, 0, sizeof(lanes));
	memset(stop, 0, sizeof(lanes));
}

/* How the hash begins of the run of i words before word k and that word. */
INLINE uint32_t
begin(const struct chunk *c, unsigned i, size_t k)
{
	return i == 0 ? FNV_BASIS : (c->h[i - 1][k - 1] ^ ' ') * FNV_PRIME;
}

/* Hashes the runs of i words and one more. */
INLINE void
hash(struct chunk *c, unsigned i)
{
	uint32_t *h = c->h[i];
	lanes v, t, n, low, high, inside;
	uint64_t head, longer;
	size_t k, m, at;
	unsigned b;

	for (k = 1; i > 0 && k < c->words; k++)
		h[k] = begin(c, i, k);
	for (k = 0; k < c->words; k += LANES) {
		v = i > 0 ? lanes_load(h + k) : (lanes){ 0 } + FNV_BASIS;
		if (k == 0)
			v[0] = c->begun[i];
		n = lanes_load(c->stop + k) - lanes_load(c->start + k);
#pragma GCC unroll 8
		for (b = 0; b < LANES; b++) {
			head = word_load(c->bytes + c->start[k + b]);
			low[b] = (uint32_t)head;
			high[b] = (uint32_t)(head >> 32);
		}
#pragma GCC unroll 8
		for (b = 0; b < HEAD; b++) {
			/* Times 1 after the word's end. */
			inside = (lanes)((lengths)n > (int32_t)b);
			t = (b < 4 ? low : high) >> b % 4 * 8 & 0xff;
			v = (v ^ (t & inside)) *
			    ((inside & (FNV_PRIME - 1)) | 1);
		}
		memcpy(h + k, &v, sizeof v);
		longer = BITS(n > HEAD) & 0x1111111111111111u;
		for (; longer != 0; longer &= longer - 1) {
			m = k + (size_t)__builtin_ctzll(longer) / 4;
			for (at = c->start[m] + HEAD; at < c->stop[m]; at++)
				h[m] = (h[m] ^ c->bytes[at]) * FNV_PRIME;
		}
	}
}

/* Folds hashes to places. */
INLINE void
place(const struct words *w, struct chunk *c, uint32_t *h)
{
	lanes v;
	size_t k;

	for (k = 0; k < c->words; k += LANES) {
		v = lanes_load(h + k);
		v = (v ^ v >> w->bits) & ((1u << w->bits) - 1);
		memcpy(h + k, &v, sizeof v);
	}
}

/* Turns the words into the places of runs.  If there is more of the last text,
 * its last word may not have ended: it is left to the next chunk. */
INLINE void
runs(const struct words *w, struct chunk *c, bool more, unsigned ngrams)
{
	unsigned i;

	if (c->words > 0) {
		for (i = 0; i < ngrams; i++)
			hash(c, i);
		c->inside = more && c->bytes[c->n - 1] != 0;
		c->words -= c->inside;
		for (i = 0; i < ngrams; i++)
			c->begun[i] = c->inside ? c->h[i][c->words]
						: begin(c, i, c->words);
		for (i = 0; i < ngrams; i++)
			place(w, c, c->h[i]);
	}
	c->start[c->words] = UINT32_MAX;
}

/* Adds the weights of the runs that end in a word from k on, before end, if
 * there are words before k in its text.  Returns the next word. */
INLINE size_t
add(const struct chunk *c, size_t k, uint32_t end, size_t before,
    const double *weights, double *sums, unsigned ngrams, size_t outputs)
{
	size_t first = k - before, o;
	double sum = sums[0];
	unsigned i;

	for (; c->start[k] < end; k++)
		for (i = 0; i < ngrams && i <= k - first; i++)
			if (outputs == 1)
				sum += weights[c->h[i][k]];
			else
				for (o = 0; o < outputs; o++)
					sums[o] +=
					    weights[c->h[i][k] * outputs + o];
	if (outputs == 1)
		sums[0] = sum;
	return k;
}

INLINE void
sum(const struct words *w, const struct span *texts, size_t count, size_t parts,
    const double *weights, double *sums, unsigned ngrams, size_t outputs)
{
	struct walk at = { texts, texts + count, { NULL, 0 } };
	struct chunk c;
	size_t k, next, o, t, part = 0, words = 0, found = 0;
	unsigned i;

	c.inside = false;
	c.begun[0] = FNV_BASIS;
	while (at.rest.n > 0 || at.next < at.end) {
		fill(w, &c, &at);
		cut(&c);
		runs(w, &c, at.rest.n > 0, ngrams);
		for (t = 0, k = 0; t < c.texts; t++, k = next) {
			next = add(&c, k, c.end[t], words, weights, sums,
			    ngrams, outputs);
			words += next - k;
			if (t + 1 == c.texts && at.rest.n > 0)
				break;
			for (i = 0; i < ngrams && i < words; i++)
				found += words - i;
			words = 0;
			if (++part < parts)
				continue;
			for (o = 0; o < outputs && found > 0; o++)
				sums[o] /= sqrt((double)found);
			sums += outputs;
			part = found = 0;
		}
	}
}

/* The same, with its loops unrolled for the usual models. */
TARGET static void
sum_any(const struct words *w, const struct span *texts, size_t count,
    size_t parts, const double *weights, size_t outputs, double *sums)
{
	if (outputs == 1 && w->ngrams == 1)
		sum(w, texts, count, parts, weights, sums, 1, 1);
	else if (outputs == 1 && w->ngrams == 2)
		sum(w, texts, count, parts, weights, sums, 2, 1);
	else
		sum(w, texts, count, parts, weights, sums, w->ngrams, outputs);
}

const struct words_kernel KERNEL = { { LABEL, usable }, sum_any };

#endif
