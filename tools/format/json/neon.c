#if defined __aarch64__

#include <arm_neon.h>
#include <stdbool.h>
#include <stdint.h>

#define TARGET
#define WIDTH 16
#define KERNEL json_neon
#define LABEL "neon"
#define BITS(v) bits((uint8x16_t)(v))

static bool
usable(void)
{
	return true;
}

static inline uint64_t
bits(uint8x16_t v)
{
	static const uint8_t weight[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2,
		4, 8, 16, 32, 64, 128 };
	uint8x16_t m = vandq_u8(v, vld1q_u8(weight));

	return (uint64_t)vaddv_u8(vget_low_u8(m)) |
	       (uint64_t)vaddv_u8(vget_high_u8(m)) << 8;
}

#include "format/json/vec.h"
#include "format/json/body.h"

#else
typedef int json_neon_not_here;
#endif
