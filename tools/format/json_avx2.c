#if defined __x86_64__ || defined __i386__

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))
#define WIDTH 32
#define BITS(v) ((uint64_t)(uint32_t)_mm256_movemask_epi8((__m256i)(v)))
#define BODY json_check_avx2
#include "format/json_vec.h"
#include "format/json_body.h"

#else
typedef int json_avx2_not_here;
#endif
