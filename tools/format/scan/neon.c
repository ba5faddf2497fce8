/* The scan with NEON, which every AArch64 has: four vectors a step. */
#if defined(__AARCH64EL__) && defined(__ARM_NEON)
#include <arm_neon.h>

#include "format/scan/kernel.h"
#include "format/scan/swar.h"

#define TARGET
#define NAME scan_neon
#define LABEL "neon"
#define fill swar_fill

struct block {
	uint8x16_t part[4];
};

static inline struct block
block_load(const char *p)
{
	const uint8_t *v = (const uint8_t *)p;

	return (struct block){ { vld1q_u8(v), vld1q_u8(v + 16),
	    vld1q_u8(v + 32), vld1q_u8(v + 48) } };
}

/* Each byte that is c gives one bit; three rounds of adding neighbours bring
 * eight bytes' bits into one. */
static inline uint64_t
block_mask(struct block b, char c)
{
	static const uint8_t bits[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4,
		8, 16, 32, 64, 128 };
	uint8x16_t each = vdupq_n_u8((uint8_t)c), bit = vld1q_u8(bits), low,
		   high;

	low = vpaddq_u8(vandq_u8(vceqq_u8(b.part[0], each), bit),
	    vandq_u8(vceqq_u8(b.part[1], each), bit));
	high = vpaddq_u8(vandq_u8(vceqq_u8(b.part[2], each), bit),
	    vandq_u8(vceqq_u8(b.part[3], each), bit));
	low = vpaddq_u8(low, high);
	low = vpaddq_u8(low, low);
	return vgetq_lane_u64(vreinterpretq_u64_u8(low), 0);
}

static inline unsigned
ones(uint64_t m)
{
	return vaddv_u8(vcnt_u8(vcreate_u8(m)));
}

static bool
usable(void)
{
	return true;
}

#include "format/scan/loop.h"
#endif
