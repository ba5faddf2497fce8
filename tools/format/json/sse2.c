#if defined __x86_64__ || defined __i386__

#include <emmintrin.h>

#include "base/cpu.h"

#define FEATURES "sse2"
#define TARGET CPU_TARGET(FEATURES)
#define WIDTH 16
#define BITS(v) ((uint64_t)_mm_movemask_epi8((__m128i)(v)))
#define KERNEL json_sse2
#define LABEL "sse2"

static bool
usable(void)
{
	return CPU_HAS(FEATURES);
}

#include "format/json/vec.h"
#include "format/json/body.h"

#else
typedef int json_sse2_not_here;
#endif
