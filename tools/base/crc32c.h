/*
 * CRC-32C (Castagnoli; RFC 3720, appendix B.4): polynomial 0x1edc6f41,
 * reflected, all ones before and after.  crc32c(0, "123456789", 9) is
 * 0xe3069283.
 *
 * The fastest of several bodies does the work; BT_CPU=avx512|hw|plain in the
 * environment passes over the faster ones.
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what crc is the checksum of (0: nothing), then n bytes more.
 */
uint32_t crc32c(uint32_t crc, const void *p, size_t n);

/* The checksum of a then b, from a's, b's, and b's length in bytes. */
uint32_t crc32c_join(uint32_t a, uint32_t b, uint64_t b_length);

/* And back: that of a or of b, from the other's and that of a then b. */
uint32_t crc32c_head(uint32_t whole, uint32_t b, uint64_t b_length);
uint32_t crc32c_tail(uint32_t whole, uint32_t a, uint64_t b_length);

#endif
