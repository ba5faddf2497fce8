#if defined __x86_64__ || defined __i386__

#include <emmintrin.h>

#define TARGET __attribute__((target("sse2")))
#define WIDTH 16
#define BITS(v) ((uint64_t)_mm_movemask_epi8((__m128i)(v)))
#define BODY json_check_sse2
#include "format/json_vec.h"
#include "format/json_body.h"

#else
typedef int json_sse2_not_here;
#endif
