#if defined __aarch64__

#include <arm_neon.h>
#include <stdint.h>

#define TARGET

/* A bit for each of 16 bytes that are 0xff or 0. */
static inline uint64_t
bits16(uint8x16_t m)
{
	static const uint8_t weight[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2,
		4, 8, 16, 32, 64, 128 };

	m = vandq_u8(m, vld1q_u8(weight));
	return (uint64_t)vaddv_u8(vget_low_u8(m)) |
	       (uint64_t)vaddv_u8(vget_high_u8(m)) << 8;
}

static inline uint64_t
special16(const char *p)
{
	uint8x16_t v = vld1q_u8((const uint8_t *)p);
	uint8x16_t m = vcltq_u8(v, vdupq_n_u8(0x20));

	m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8('"')));
	m = vorrq_u8(m, vceqq_u8(v, vdupq_n_u8('\\')));
	return vmaxvq_u8(m) == 0 ? 0 : bits16(m);
}

static inline uint64_t
digits16(const char *p)
{
	uint8x16_t v = vld1q_u8((const uint8_t *)p);

	v = vsubq_u8(v, vdupq_n_u8('0'));
	return bits16(vcltq_u8(v, vdupq_n_u8(10)));
}

#define BODY json_check_neon
#define STEP 16
#define RUN 16
#define special(p) special16(p)
#define digits(p) digits16(p)
#include "format/json_body.h"

#else
typedef int json_neon_not_here;
#endif
