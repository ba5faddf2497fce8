#if defined __x86_64__ || defined __i386__

#include <immintrin.h>
#include <stdint.h>

#define TARGET                                                                 \
	__attribute__((                                                        \
	    target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")))

TARGET static inline uint64_t
special64(const char *p)
{
	__m512i v = _mm512_loadu_si512(p);

	return _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20)) |
	       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
	       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
}

TARGET static inline uint64_t
digits32(const char *p)
{
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);

	v = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
	return _mm256_cmplt_epu8_mask(v, _mm256_set1_epi8(10));
}

#define BODY json_check_avx512
#define STEP 64
#define RUN 32
#define special(p) special64(p)
#define digits(p) digits32(p)
#include "format/json_body.h"

#else
typedef int json_avx512_not_here;
#endif
