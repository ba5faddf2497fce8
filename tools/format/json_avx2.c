#if defined __x86_64__ || defined __i386__

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define WIDTH 32
#define BODY json_check_avx2
#include "format/json_vec.h"

TARGET static inline uint64_t
bits(vec v)
{
	return (uint32_t)_mm256_movemask_epi8((__m256i)v);
}

#include "format/json_body.h"

#else
typedef int json_avx2_not_here;
#endif
