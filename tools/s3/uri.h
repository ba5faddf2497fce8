/*
 * The names of objects: s3://BUCKET/KEY.  The key is all bytes after the slash
 * that ends the bucket, exactly as given: nothing is decoded; `a/../b` and
 * `a//b` are ordinary keys.
 */
#ifndef S3_URI_H
#define S3_URI_H

#include <stdbool.h>

#include "base/buf.h"

struct s3_uri {
	char *bucket;
	char *key; /* "": none */
};

/* Whether text begins with "s3://". */
bool s3_uri_is(const char *text);

/*
 * Whether text begins with "NAME://" for a NAME of letters, digits and + - .
 * that is neither s3 nor file: a scheme that these tools do not read, and
 * hardly a path.
 */
bool s3_uri_is_other(const char *text);

/* Whether text begins with "NAME://" of any NAME. */
bool s3_uri_has_scheme(const char *text);

/*
 * Splits text.  Returns NULL, and *u has memory that s3_uri_free gives back; or
 * a constant that says what is wrong, and *u is empty.  A bucket has 3 to 255
 * bytes that a host or path can hold; a key has at most 1024.
 */
const char *s3_uri_parse(const char *text, struct s3_uri *u);

void s3_uri_free(struct s3_uri *u);

/*
 * Adds text, percent-encoded for SigV4: A-Z a-z 0-9 - . _ ~ stay, and '/' if
 * slash; all other bytes become %XX.  A path is encoded once, and sent as it
 * was signed.
 * docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
void s3_encode(struct buf *b, const char *text, bool slash);

#endif
