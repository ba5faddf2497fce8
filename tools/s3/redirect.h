/*
 * Where a server sends a client on to: AWS's "Making requests using the REST
 * API", "Request redirection".
 */
#ifndef S3_REDIRECT_H
#define S3_REDIRECT_H

#include "s3/address.h"

struct s3_redirect {
	const char *endpoint;	       /* settings' */
	const struct s3_address *from; /* what was asked */
	const char *bucket;
	const char *key; /* NULL: the bucket itself */
};

/*
 * What comes before the key at the new address, for s3_address, to be freed.
 * NULL, and adds to why, where it is not gone to: its path is not that of this
 * bucket and key; it is without TLS, where this was with; or its host is not of
 * the endpoint's domain, whose servers may see the session token and the
 * object's bytes.
 */
char *s3_redirect(
    const struct s3_redirect *r, const char *location, struct buf *why);

#endif
