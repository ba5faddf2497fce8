/*
 * CRC-32C as a guest of another loop over the same bytes: the loop waits for
 * other things than its instruction does, so that the sum costs next to
 * nothing.
 *
 * Three lanes of CRC32C_LANE bytes side by side are a run; a turn is a part of
 * each.  The guest keeps its own place: the loop may skip turns, or make too
 * many.
 */
#ifndef BASE_CRC32C_LANES_H
#define BASE_CRC32C_LANES_H

#include <stddef.h>
#include <stdint.h>

enum { CRC32C_TURN = 88, CRC32C_LANE = 12 * CRC32C_TURN };

struct crc32c_lanes {
	uint32_t sum[3]; /* of each lane; between runs, of all in the first */
	const char *at, *end; /* in the first lane; of all bytes */
	const char *lane_end; /* of the first lane; NULL: between runs */
	uint32_t after[2];    /* what moves a sum on by two lanes, and by one */
};

/* Begins to sum n bytes at p, after those that crc is the checksum of. */
void crc32c_lanes_begin(
    struct crc32c_lanes *l, uint32_t crc, const void *p, size_t n);

/* Sums what is left; returns the checksum. */
uint32_t crc32c_lanes_end(struct crc32c_lanes *l);

#if defined(__x86_64__)
#include <immintrin.h>

#include "base/cpu.h"
#include "base/word.h"

#define CRC32C_FEATURES "sse4.2", "pclmul"

CPU_TARGET(CRC32C_FEATURES)
static inline uint32_t
crc32c_moved(uint32_t sum, uint32_t after)
{
	return (uint32_t)_mm_crc32_u64(
	    0, (uint64_t)_mm_cvtsi128_si64(
		   _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)sum),
		       _mm_cvtsi32_si128((int)after), 0)));
}

/* One turn; none if fewer bytes are left than a run has. */
CPU_TARGET(CRC32C_FEATURES)
static inline __attribute__((always_inline)) void
crc32c_lanes_turn(struct crc32c_lanes *l)
{
	const char *p = l->at;
	uint64_t a, b, c;
	int i;

	if (l->lane_end == NULL) {
		if (l->end - p < 3 * CRC32C_LANE)
			return;
		l->lane_end = p + CRC32C_LANE;
		l->sum[1] = l->sum[2] = 0;
	}
	a = l->sum[0];
	b = l->sum[1];
	c = l->sum[2];
#pragma GCC unroll 11
	for (i = 0; i < CRC32C_TURN; i += 8) {
		a = _mm_crc32_u64(a, word_load(p + i));
		b = _mm_crc32_u64(b, word_load(p + i + CRC32C_LANE));
		c = _mm_crc32_u64(c, word_load(p + i + 2 * CRC32C_LANE));
	}
	l->sum[0] = (uint32_t)a;
	l->sum[1] = (uint32_t)b;
	l->sum[2] = (uint32_t)c;
	l->at = p + CRC32C_TURN;
	if (l->at == l->lane_end) {
		l->sum[0] = crc32c_moved((uint32_t)a, l->after[0]) ^
			    crc32c_moved((uint32_t)b, l->after[1]) ^
			    (uint32_t)c;
		l->at += 2 * CRC32C_LANE;
		l->lane_end = NULL;
	}
}
#endif

#endif
