/* The scan with AVX2: two vectors a step. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "format/scan/kernel.h"

#define FEATURES "avx2", "pclmul", "popcnt", "bmi", "bmi2"
#define TARGET CPU_TARGET(FEATURES)
#define NAME scan_avx2
#define LABEL "avx2"

struct block {
	__m256i low, high;
};

TARGET static inline struct block
block_load(const char *p)
{
	return (struct block){ _mm256_loadu_si256((const __m256i *)p),
		_mm256_loadu_si256((const __m256i *)(p + 32)) };
}

TARGET static inline uint64_t
half(__m256i v, __m256i c)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, c));
}

TARGET static inline uint64_t
block_mask(struct block b, char c)
{
	__m256i each = _mm256_set1_epi8(c);

	return half(b.low, each) | half(b.high, each) << 32;
}

/* Times all ones without carries is the xor of all bits up to each. */
TARGET static inline uint64_t
fill(uint64_t m)
{
	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
	    _mm_cvtsi64_si128((long long)m), _mm_set1_epi8(-1), 0));
}

TARGET static inline unsigned
ones(uint64_t m)
{
	return (unsigned)__builtin_popcountll(m);
}

static bool
usable(void)
{
	return CPU_HAS(FEATURES);
}

#include "format/scan/loop.h"
#endif
