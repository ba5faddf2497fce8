/*
 * CRC-64/NVME: polynomial 0xad93d23594c93659, reflected, all ones before and
 * after; of "123456789" it is 0xae8b14860a799888.
 * NVM Express NVM Command Set Specification, 5.2.1.3.4.
 */
#ifndef S3_CRC64NVME_H
#define S3_CRC64NVME_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what crc is the checksum of (0: nothing), then n bytes more.
 */
uint64_t s3_crc64nvme(uint64_t crc, const void *p, size_t n);

#endif
