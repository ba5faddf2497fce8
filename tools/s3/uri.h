/*
 * The names of objects: s3://BUCKET/KEY.  The key is all bytes after the slash
 * that ends the bucket, as they are: nothing in it is decoded, `a/../b` and
 * `a//b` are keys like others.
 */
#ifndef S3_URI_H
#define S3_URI_H

#include <stdbool.h>

#include "base/buf.h"

struct s3_uri {
	char *bucket;
	char *key; /* "" where there is none */
};

/* Whether text begins with "s3://". */
bool s3_uri_is(const char *text);

/*
 * Whether text begins with "NAME://" for a NAME of letters, digits and + - .
 * that is neither s3 nor file: a scheme that nothing here reads, and hardly the
 * path of a file.
 */
bool s3_uri_is_other(const char *text);

/* Whether text begins with "NAME://" of any NAME. */
bool s3_uri_has_scheme(const char *text);

/*
 * Takes text apart.  Returns NULL, and *u has memory that s3_uri_free gives
 * back; or what is wrong with text, a constant, and *u is empty.  A bucket is
 * 3 to 255 bytes that a host or path can hold; a key is at most 1024.
 */
const char *s3_uri_parse(const char *text, struct s3_uri *u);

void s3_uri_free(struct s3_uri *u);

/*
 * Adds the bytes of text percent-encoded as SigV4 wants them: A-Z a-z 0-9 - . _
 * ~ stay, and where slash says so '/'; all else is %XX.  A path is encoded
 * once, and what was signed is what is sent.
 * docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
void s3_encode(struct buf *b, const char *text, bool slash);

#endif
