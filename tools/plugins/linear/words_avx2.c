/* words_sum with AVX2. */
#if defined __x86_64__

#include <immintrin.h>

#include "base/cpu.h"

#define FEATURES "avx2", "bmi", "bmi2", "popcnt"
#define TARGET CPU_TARGET(FEATURES)
#define WIDTH 32
#define BITS(v) ((uint64_t)(uint32_t)_mm256_movemask_epi8((__m256i)(v)))
#define KERNEL words_avx2
#define LABEL "avx2"

static bool
usable(void)
{
	return CPU_HAS(FEATURES);
}

#include "plugins/linear/words_body.h"

#else
typedef int words_avx2_not_here;
#endif
