/*
 * The address of a bucket, or of an object in it.
 */
#ifndef S3_ADDRESS_H
#define S3_ADDRESS_H

#include "base/buf.h"
#include "s3/settings.h"

struct s3_address {
	struct buf base; /* "https://bucket.s3.eu-west-1.amazonaws.com" */
	struct buf host; /* as the Host header has it */
	struct buf path; /* encoded: "/a/%2E..." begins with '/' */
	bool tls;
};

/*
 * Sets *a, zeroed before its first use.  The bucket is part of the host name if
 * the settings allow it and a host name can hold it (under TLS, a certificate
 * for *.s3.amazonaws.com covers no dots); otherwise it is part of the path.
 * endpoint, unless NULL, is one that the server named for this bucket, up to
 * the key: "https://host" or "https://host/bucket"; it takes precedence over
 * that of settings.  key may be NULL: the bucket itself.
 * docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
void s3_address(struct s3_address *a, const struct s3_settings *settings,
    const char *region, const char *endpoint, const char *bucket,
    const char *key);

/* The domain of Amazon's hosts in the region's partition: "amazonaws.com".
 * They are listed in botocore/data/partitions.json. */
const char *s3_suffix(const char *region);

/* Whether the text can be a region's name, a label of a host's name. */
bool s3_is_region(const char *text);

void s3_address_free(struct s3_address *a);

#endif
