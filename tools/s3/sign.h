/*
 * AWS Signature Version 4, in the Authorization header.
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
#ifndef S3_SIGN_H
#define S3_SIGN_H

#include "base/buf.h"
#include "s3/creds.h"
#include "s3/pair.h"

struct s3_signing {
	const char *method;
	const char *path;	 /* encoded, as it is sent: begins with '/' */
	struct s3_pairs query;	 /* not encoded, in any order */
	struct s3_pairs headers; /* those to be signed, Host and X-Amz-Date
				    among them, in any order and any case */
	const char *payload;	 /* SHA-256 of the body in hex, or
				    UNSIGNED-PAYLOAD */
	const char *region;
	const char *service; /* "s3", "sts" */
	time_t when;
	const struct s3_creds *creds;
};

/* Adds the canonical request, and the names of the signed headers, a semicolon
 * between: what s3_sign signs. */
void s3_canonical(
    const struct s3_signing *s, struct buf *request, struct buf *names);

/* Adds the value of the Authorization header. */
void s3_sign(const struct s3_signing *s, struct buf *authorization);

/* The query, encoded and sorted, without '?', as it is signed and must be
 * sent. */
void s3_query(struct s3_pairs query, struct buf *b);

/* YYYYMMDDTHHMMSSZ and a NUL. */
void s3_amz_date(time_t when, char date[17]);

/* SHA-256 in hex and a NUL. */
void s3_sha256_hex(const void *p, size_t n, char hex[65]);

#endif
