#include "s3/crc64nvme.h"

#include <pthread.h>
#include <string.h>

enum { SLICES = 16 };

static uint64_t table[SLICES][256];

static void
fill(void)
{
	const uint64_t polynomial = UINT64_C(0x9a6c9329ac4bc9b5);
	unsigned i, k;

	for (i = 0; i < 256; i++) {
		table[0][i] = i;
		for (k = 0; k < 8; k++)
			table[0][i] = table[0][i] >> 1 ^
				      (table[0][i] & 1 ? polynomial : 0);
	}
	for (k = 1; k < SLICES; k++)
		for (i = 0; i < 256; i++)
			table[k][i] = table[k - 1][i] >> 8 ^
				      table[0][table[k - 1][i] & 255];
}

static uint64_t
word(const unsigned char *p)
{
	uint64_t w = 0;
	unsigned i;

	for (i = 0; i < 8; i++)
		w |= (uint64_t)p[i] << 8 * i;
	return w;
}

/* 16 bytes a turn, each by the table for how far it is from the turn's end. */
uint64_t
s3_crc64nvme(uint64_t crc, const void *data, size_t n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const unsigned char *p = data;
	unsigned i;

	pthread_once(&once, fill);
	crc = ~crc;
	for (; n >= SLICES; n -= SLICES, p += SLICES) {
		uint64_t a = word(p) ^ crc, b = word(p + 8);

		crc = 0;
		for (i = 0; i < 8; i++)
			crc ^= table[15 - i][a >> 8 * i & 255] ^
			       table[7 - i][b >> 8 * i & 255];
	}
	for (; n > 0; n--)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 255];
	return ~crc;
}
