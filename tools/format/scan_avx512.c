/* The scan with AVX-512: a compare gives its mask at once. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "format/scan_body.h"

#define TARGET __attribute__((target("avx512bw,pclmul,popcnt,bmi,bmi2,lzcnt")))
#define NAME scan_avx512
#define LABEL "avx512"

struct block {
	__m512i all;
};

TARGET static inline struct block
block_load(const char *p)
{
	return (struct block){ _mm512_loadu_si512(p) };
}

TARGET static inline uint64_t
block_mask(struct block b, char c)
{
	return _mm512_cmpeq_epi8_mask(b.all, _mm512_set1_epi8(c));
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
	return __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("pclmul") &&
	       __builtin_cpu_supports("bmi2");
}

#include "format/scan_loop.h"
#endif
