/*
 * Verifies the bytes of an object against a checksum that the server sends with
 * it, or against its ETag if that is an MD5.
 * docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
#ifndef S3_CHECKSUM_H
#define S3_CHECKSUM_H

#include "s3/http.h"

/* "crc64nvme AAAAAAAAAAA=", "md5 d41d8cd98f00b204e9800998ecf8427e", or "". */
struct s3_sum {
	char text[96];
};

/*
 * The sum of the whole object in an answer: a checksum in its headers, unless
 * it was computed from those of parts, otherwise the ETag if it is an MD5 (not
 * that of parts, or of an encrypted object).  If ranged, the headers' checksum
 * may be that of the range, and is ignored.
 */
void s3_sum_find(
    const struct http_reply *reply, bool ranged, struct s3_sum *sum);

/* Computes the sum while the bytes pass. */
struct s3_check;

/* NULL if the sum is "", or of a kind that this libcrypto lacks. */
struct s3_check *s3_check_new(const struct s3_sum *sum);
void s3_check_add(struct s3_check *check, const void *p, size_t n);

void s3_check_free(struct s3_check *check);

/* Frees check: 0, also if it is NULL; -1, and adds to why, if the sum is wrong.
 */
int s3_check_end(struct s3_check *check, struct buf *why);

#endif
