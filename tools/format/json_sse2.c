#if defined __x86_64__ || defined __i386__

#include <emmintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("sse2")))

TARGET static inline uint64_t
special16(const char *p)
{
	const __m128i low = _mm_set1_epi8(0x1f);
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i m = _mm_cmpeq_epi8(_mm_min_epu8(v, low), v);

	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	return (uint64_t)_mm_movemask_epi8(m);
}

TARGET static inline uint64_t
digits16(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	v = _mm_sub_epi8(v, _mm_set1_epi8('0'));
	v = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v);
	return (uint64_t)_mm_movemask_epi8(v);
}

#define BODY json_check_sse2
#define STEP 16
#define RUN 16
#define special(p) special16(p)
#define digits(p) digits16(p)
#include "format/json_body.h"

#else
typedef int json_sse2_not_here;
#endif
