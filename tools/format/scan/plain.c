/* The scan in plain C: eight bytes a word. */
#include "base/word.h"
#include "format/scan/kernel.h"
#include "format/scan/swar.h"

#define TARGET
#define NAME scan_plain
#define LABEL "plain"
#define fill swar_fill
#define ones swar_ones

#define EACH 0x0101010101010101u /* one in each byte */

/* Bit 8 * i + k of plane[n] is bit n of byte i of word k. */
struct block {
	uint64_t plane[8];
};

static inline struct block
block_load(const char *p)
{
	struct block b;
	uint64_t *w = b.plane, t;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		w[i] = word_load(p + 8 * i);
		/* In each byte, the matrix whose rows the words have is turned
		 * over. */
#define SWAP(i, by, mask)                                                      \
	(t = (w[i] >> (by) ^ w[i + (by)]) & EACH * (mask), w[i + (by)] ^= t,   \
	    w[i] ^= t << (by))
#pragma GCC unroll 4
	for (i = 0; i < 4; i++)
		SWAP(i, 4, 0x0f);
#pragma GCC unroll 2
	for (i = 0; i < 8; i += 4) {
		SWAP(i, 2, 0x33);
		SWAP(i + 1, 2, 0x33);
	}
#pragma GCC unroll 4
	for (i = 0; i < 8; i += 2)
		SWAP(i, 1, 0x55);
#undef SWAP
	return b;
}

/* Which bytes of the block are c: those of a word not side by side but in a
 * column, bit 8 * i + k for byte i of word k. */
static inline uint64_t
columns(struct block b, char c)
{
	uint64_t set = ~(uint64_t)0, clear = 0;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		if (c >> i & 1)
			set &= b.plane[i];
		else
			clear |= b.plane[i];
	return set & ~clear;
}

/* The matrix of eight rows of eight bits, turned over its diagonal. */
static inline uint64_t
transpose(uint64_t m)
{
	uint64_t t;

	t = (m ^ m >> 7) & 0x00aa00aa00aa00aau;
	m ^= t ^ t << 7;
	t = (m ^ m >> 14) & 0x0000cccc0000ccccu;
	m ^= t ^ t << 14;
	t = (m ^ m >> 28) & 0x00000000f0f0f0f0u;
	return m ^ t ^ t << 28;
}

static inline uint64_t
block_mask(struct block b, char c)
{
	return transpose(columns(b, c));
}

static bool
usable(void)
{
	return true;
}

/* In columns, what stands right after m's bytes; before is 1 if what is before
 * the block is one of them. */
static inline uint64_t
after(uint64_t m, uint64_t before)
{
	return m << 8 | (m >> 55 & 0xfe) | before;
}

/* In columns, what swar_fill is. */
static inline uint64_t
fill_columns(uint64_t m)
{
	uint64_t odd;

	m ^= m << 8;
	m ^= m << 16;
	m ^= m << 32;
	odd = m >> 56; /* words */
	odd ^= odd << 1;
	odd ^= odd << 2;
	odd ^= odd << 4;
	return m ^ (odd << 1 & 0xff) * EACH;
}

enum { MANY = 64 };
#define HAVE_MANY
#include "format/scan/loop.h"

/* As many() of the loop, and with its names; but masks stay in columns, where
 * the last byte's bit is the last too. */
INLINE const char *
many(struct scan_walk *w, const char *p, const char *end, int list)
{
	uint64_t lf, quote, mark, inside, unusual, near, rows;
	struct block b;

	for (; are_many(w, p, end, list); p += MANY) {
		b = block_load(p);
		lf = columns(b, '\n');
		quote = columns(b, '"');
		mark = lf | quote | columns(b, ',');
		inside =
		    fill_columns(quote) ^ (uint64_t)((int64_t)w->inside >> 63);
		unusual = (quote & inside & ~after(mark, w->mark >> 63)) |
			  (after(quote, w->quote >> 63) & ~(mark | inside));
		if (lf != 0) {
			near = after(lf, w->end >> 63);
			near |= after(near, w->end >> 62 & 1);
			unusual |= lf & (inside | near);
		}
		if (unusual != 0)
			break;
		w->end = 0;
		if (lf != 0) {
			w->end = (lf >> 63) << 63 | (lf >> 55 & 1) << 62;
			w->ends += ones(lf);
			w->last_many = p + MANY;
			if (list == ENDS) {
				rows = transpose(lf);
				put_ends(w, p, &rows, list);
			}
		}
		w->quote = quote;
		w->mark = mark;
		w->inside = inside;
	}
	return p;
}
