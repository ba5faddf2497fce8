/* The scan with SSE2, which every x86-64 has: four vectors a step. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "format/scan/kernel.h"
#include "format/scan/swar.h"

#define TARGET
#define NAME scan_sse2
#define LABEL "sse2"
#define fill swar_fill
#define ones swar_ones

struct block {
	__m128i part[4];
};

static inline struct block
block_load(const char *p)
{
	const __m128i *v = (const __m128i *)p;

	return (struct block){ { _mm_loadu_si128(v), _mm_loadu_si128(v + 1),
	    _mm_loadu_si128(v + 2), _mm_loadu_si128(v + 3) } };
}

static inline uint64_t
quarter(__m128i v, __m128i c)
{
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, c));
}

static inline uint64_t
block_mask(struct block b, char c)
{
	__m128i each = _mm_set1_epi8(c);

	return quarter(b.part[0], each) | quarter(b.part[1], each) << 16 |
	       quarter(b.part[2], each) << 32 | quarter(b.part[3], each) << 48;
}

static bool
usable(void)
{
	return true;
}

#include "format/scan/loop.h"
#endif
