/* With the vectors that a compiler makes of anything. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TARGET
#define WIDTH 16
#define BITS(v) bits((plain)(v))
#define KERNEL words_plain
#define LABEL "plain"

typedef uint8_t plain __attribute__((vector_size(WIDTH)));

/* The first byte of each half keeps the first bit, and so on; the sum of eight
 * such bytes has them all. */
static inline uint64_t
bits(plain v)
{
	const plain each = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32,
		64, 128 };
	uint64_t half[2];

	v &= each;
	memcpy(half, &v, sizeof half);
	return half[0] * 0x0101010101010101u >> 56 |
	       half[1] * 0x0101010101010101u >> 56 << 8;
}

static bool
usable(void)
{
	return true;
}

#include "plugins/linear/words_body.h"
