#if defined __x86_64__ || defined __i386__

#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

TARGET static inline uint64_t
special32(const char *p)
{
	const __m256i low = _mm256_set1_epi8(0x1f);
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i m = _mm256_cmpeq_epi8(_mm256_min_epu8(v, low), v);

	m = _mm256_or_si256(m, _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')));
	m = _mm256_or_si256(m, _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')));
	return (uint32_t)_mm256_movemask_epi8(m);
}

TARGET static inline uint64_t
digits32(const char *p)
{
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);

	v = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
	v = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(9)), v);
	return (uint32_t)_mm256_movemask_epi8(v);
}

#define BODY json_check_avx2
#define STEP 32
#define RUN 32
#define special(p) special32(p)
#define digits(p) digits32(p)
#include "format/json_body.h"

#else
typedef int json_avx2_not_here;
#endif
