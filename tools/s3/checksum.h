/*
 * Whether the bytes of an object are those that were stored: by a checksum that
 * the server names with it, or by its ETag where that is an MD5.
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
 * What the answer says of the whole object: a checksum in its headers that is
 * not made of those of parts, the ETag where it is no other thing (of parts, or
 * of what was encrypted).  ranged: the headers' checksum may be the range's, so
 * it is not looked at.
 */
void s3_sum_find(
    const struct http_reply *reply, bool ranged, struct s3_sum *sum);

/* Counts the bytes as they go by. */
struct s3_check;

/* NULL where the sum is "" or of a kind that this libcrypto lacks. */
struct s3_check *s3_check_new(const struct s3_sum *sum);
void s3_check_add(struct s3_check *check, const void *p, size_t n);

void s3_check_free(struct s3_check *check);

/* Whether they are the bytes; frees it.  In found what they have, as text. */
bool s3_check_end(struct s3_check *check, struct s3_sum *found);

#endif
