/* CRC-32C against its definition, a bit at a time: every length and alignment
 * around the sizes where the bodies change their ways. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/crc32c_lanes.h"
#include "base/mem.h"

enum { SIZE = 40000 };

static uint32_t
by_bits(uint32_t crc, const unsigned char *p, size_t n)
{
	int k;

	for (crc = ~crc; n > 0; p++, n--)
		for (crc ^= *p, k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	return ~crc;
}

static void
check(const unsigned char *p, size_t n, size_t cut)
{
	uint32_t want = by_bits(0, p, n), a, b;

	if (crc32c(0, p, n) != want)
		errx(1, "%zu bytes: %08x, not %08x", n, crc32c(0, p, n), want);
	a = crc32c(0, p, cut);
	b = crc32c(0, p + cut, n - cut);
	if (crc32c(a, p + cut, n - cut) != want)
		errx(1, "%zu bytes after %zu, in two calls", n - cut, cut);
	if (crc32c_join(a, b, n - cut) != want)
		errx(1, "%zu bytes after %zu, joined", n - cut, cut);
	if (crc32c_head(want, b, n - cut) != a ||
	    crc32c_tail(want, a, n - cut) != b)
		errx(1, "%zu bytes after %zu, taken apart", n - cut, cut);
}

#if defined(__x86_64__)
CPU_TARGET(CRC32C_FEATURES)
static void
make_turns(struct crc32c_lanes *l, unsigned turns)
{
	if (!CPU_HAS(CRC32C_FEATURES))
		return;
	for (; turns > 0; turns--)
		crc32c_lanes_turn(l);
}
#else
static void
make_turns(struct crc32c_lanes *l, unsigned turns)
{
	(void)l;
	(void)turns;
}
#endif

/* As the guest of a loop that makes turns turns. */
static void
check_lanes(const unsigned char *p, size_t n, unsigned turns)
{
	uint32_t before = crc32c(0, "a", 1), got;
	struct crc32c_lanes l;

	crc32c_lanes_begin(&l, before, p, n);
	make_turns(&l, turns);
	got = crc32c_lanes_end(&l);
	if (got != crc32c(before, p, n))
		errx(1, "%zu bytes in %u turns: %08x", n, turns, got);
}

/* The checksum of b zeros after a's bytes, however many: by doubling. */
static void
check_far_join(void)
{
	uint32_t zeros = crc32c(0, "", 1), joined;
	uint64_t length = 1;
	int i;

	for (i = 0; i < 40; i++, length *= 2)
		zeros = crc32c_join(zeros, zeros, length);
	joined = crc32c_join(crc32c(0, "a", 1), zeros, length);
	if (crc32c_head(joined, zeros, length) != crc32c(0, "a", 1) ||
	    crc32c_tail(joined, crc32c(0, "a", 1), length) != zeros)
		errx(1, "a join over 2^40 bytes cannot be undone");
	joined = crc32c_join(joined, crc32c(0, "b", 1), 1);
	if (joined != crc32c_join(crc32c(0, "a", 1),
			  crc32c_join(zeros, crc32c(0, "b", 1), 1), length + 1))
		errx(1, "a join over 2^40 bytes depends on its order");
}

int
main(void)
{
	unsigned char *p = mem_alloc(SIZE);
	uint32_t r = 1;
	size_t n, at;

	for (n = 0; n < SIZE; n++) {
		r = r * 1664525 + 1013904223;
		p[n] = (unsigned char)(r >> 24);
	}
	for (n = 0; n < 300; n++)
		for (at = 0; at < 9; at++)
			check(p + at, n, n / 3);
	for (n = 300; n < SIZE - 16; n += n / 7)
		for (at = 0; at < 16; at += 5)
			check(p + at, n, n - n / 5);
	for (n = 0; n < 20 * CRC32C_TURN * 3; n += 61)
		for (at = 0; at < 30; at++)
			check_lanes(p + at, n, (unsigned)at);
	check_far_join();
	printf("%08x\n", crc32c(0, "123456789", 9));
	free(p);
	return 0;
}
