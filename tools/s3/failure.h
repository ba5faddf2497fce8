/*
 * The meaning of a failed request: whether and how to repeat it.
 */
#ifndef S3_FAILURE_H
#define S3_FAILURE_H

#include "s3/http.h"

enum s3_failure {
	S3_NONE,
	S3_FINAL,     /* retrying cannot help */
	S3_TRANSIENT, /* again, soon */
	S3_TIMEOUT,   /* again, soon; takes more of the quota */
	S3_THROTTLED, /* again, later */
	S3_SKEWED,    /* with the server's clock */
	S3_EXPIRED,   /* with other credentials */
	S3_ELSEWHERE, /* in another region, or at another host */
};

struct s3_error {
	char code[64];	 /* "NoSuchKey"; "" if there is none */
	char region[64]; /* the bucket's, if the answer names it, or "" */
	struct buf text; /* "404 NoSuchKey: The specified key ..." */
};

/*
 * Reads the answer, or the reason for its absence, into *error, zeroed before
 * its first use.  failed is http_exchange's result; root is s3_call's; when is
 * the local time of the request.
 */
enum s3_failure s3_failure(const struct http_reply *reply, bool failed,
    const char *root, time_t when, struct s3_error *error);

#endif
