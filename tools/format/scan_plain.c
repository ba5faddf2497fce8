/* The scan in plain C: eight bytes a word. */
#include <string.h>

#include "format/scan_body.h"
#include "format/scan_swar.h"

#define TARGET
#define NAME scan_plain
#define LABEL "plain"
#define fill swar_fill
#define ones swar_ones

#define EACH 0x0101010101010101u /* one in each byte */
#define LOW7 0x7f7f7f7f7f7f7f7fu

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

static inline uint64_t
block_mask(struct block b, char c)
{
	uint64_t m = 0, w;
	int i;

	for (i = 0; i < 8; i++) {
		w = b.word[i] ^ EACH * (unsigned char)c;
		/* The top bit of each byte that is 0, exactly. */
		w = ~(((w & LOW7) + LOW7) | w | LOW7);
		/* The product gathers the eight bits in its top byte. */
		m |= (w >> 7) * 0x0102040810204080u >> 56 << 8 * i;
	}
	return m;
}

static bool
usable(void)
{
	return true;
}

#include "format/scan_loop.h"
