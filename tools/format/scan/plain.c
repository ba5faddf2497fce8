/* The scan in plain C: eight bytes a word. */
#include <string.h>

#include "format/scan/kernel.h"
#include "format/scan/swar.h"

#define TARGET
#define NAME scan_plain
#define LABEL "plain"
#define fill swar_fill
#define ones swar_ones

#define EACH 0x0101010101010101u /* one in each byte */
#define LOW7 0x7f7f7f7f7f7f7f7fu
#define TOP 0x8080808080808080u

struct block {
	uint64_t word[8];
};

static inline struct block
block_load(const char *p)
{
	struct block b;

	memcpy(&b, p, sizeof b);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	for (int i = 0; i < 8; i++)
		b.word[i] = __builtin_bswap64(b.word[i]);
#endif
	return b;
}

/* The top bit of each byte of w that is not c; other bits are noise. */
static inline uint64_t
differs(uint64_t w, uint64_t each_c)
{
	w ^= each_c;
	return ((w & LOW7) + LOW7) | w;
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
	uint64_t each = EACH * (unsigned char)c, m = 0;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		m |= (differs(b.word[i], each) & TOP) >> (7 - i);
	return transpose(~m);
}

/* Whether a byte of the block is c: quicker than its mask. */
static inline bool
block_has(struct block b, char c)
{
	uint64_t each = EACH * (unsigned char)c, all = TOP;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		all &= differs(b.word[i], each);
	return all != TOP;
}

static bool
usable(void)
{
	return true;
}

/*
 * As many() of the loop, for steps without a quote; what the others take is
 * the work of three masks.
 */
enum { MANY = 64 };
#define HAVE_MANY
static inline const char *
many(struct scan_walk *w, const char *p, const char *end)
{
	const uint64_t last = (uint64_t)1 << 63;
	struct block b;
	uint64_t lf;

	for (; end - p >= MANY && !(w->quote >> 63); p += MANY) {
		b = block_load(p);
		if (block_has(b, '"'))
			break;
		lf = block_has(b, '\n') ? block_mask(b, '\n') : 0;
		if (lf != 0) {
			if (lf &
			    ((uint64_t)((int64_t)w->inside >> 63) | lf << 1 |
				lf << 2 | w->end >> 63 | w->end >> 62))
				break;
			w->ends += ones(lf);
			w->last_many = p + MANY;
		}
		w->end = lf;
		w->quote = 0;
		w->mark = p[63] == ',' || p[63] == '\n' ? last : 0;
		w->inside = w->inside >> 63 ? ~(uint64_t)0 : 0;
	}
	return p;
}

#include "format/scan/loop.h"
