/*
 * Redirects to another host: see "Request redirection" in AWS's "Making
 * requests using the REST API".
 */
#ifndef S3_REDIRECT_H
#define S3_REDIRECT_H

#include "s3/address.h"

struct s3_redirect {
	const char *endpoint;	       /* settings' */
	const struct s3_address *from; /* of the request */
	const char *bucket;
	const char *key; /* NULL: the bucket itself */
};

/*
 * The new address up to the key, for s3_address, to be freed.  NULL, and adds
 * to why, if the redirect is refused: its path is not that of this bucket and
 * key, it gives up TLS, or its host is outside the endpoint's domain, whose
 * servers may see the session token and the object's bytes.
 */
char *s3_redirect(
    const struct s3_redirect *r, const char *location, struct buf *why);

#endif
