/*
 * How to reach S3, from the command line, the environment and the AWS command
 * line's files, in this order: see bt-s3(7).  Read once, constant afterwards.
 */
#ifndef S3_SETTINGS_H
#define S3_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

enum { S3_CONNECTIONS_MAX = 256 };

/* The options given to a tool; all may be NULL or false. */
struct s3_options {
	const char *profile;	   /* --profile */
	const char *region;	   /* --region */
	const char *endpoint_url;  /* --endpoint-url */
	const char *ca_bundle;	   /* --ca-bundle */
	bool no_sign_request;	   /* --no-sign-request */
	bool no_verify_ssl;	   /* --no-verify-ssl */
	const char *request_payer; /* --request-payer: "requester" */
	unsigned connections;	   /* 0: as configured, or 8 */
	bool read_timeout_given;   /* --cli-read-timeout */
	unsigned read_timeout;
};

struct s3_settings {
	const char *profile;  /* whose sections are read: "default" */
	bool profile_given;   /* by --profile: takes precedence over keys in
				 the environment */
	const char *region;   /* never NULL: us-east-1 in the end */
	const char *endpoint; /* "https://host:port", no slash at the end; NULL:
				 Amazon's of the region */
	const char *sts_endpoint; /* the same for STS; not by --endpoint-url */
	bool path_style;	  /* bucket in the path, not in the host */
	bool dualstack;		  /* Amazon's hosts that have IPv6, too */
	const char *ca_bundle;	  /* NULL: the system's */
	bool verify_ssl;
	bool sign;
	const char *request_payer; /* NULL, or what x-amz-request-payer says */
	unsigned attempts;	   /* for each request: 3 */
	unsigned connections;	   /* at a time */
	bool checksum_calculate;   /* when_supported, not when_required */
	bool checksum_validate;	   /* if false, none are requested, and
				      no ETags compared */
	unsigned connect_timeout;  /* seconds */
	unsigned read_timeout;	   /* seconds without a byte; 0: any */
	bool read_timeout_given;
};

/*
 * Reads them all.  Returns NULL, or a line that says what is wrong at which
 * place, to be freed: a file that cannot be parsed, a profile that does not
 * exist, an invalid number, a CA bundle that cannot be read.  A source that is
 * overridden is not read, and a number that is too large counts as the largest.
 * *settings is the caller's until s3_settings_free; it contains no secret.
 */
char *s3_settings_load(
    const struct s3_options *options, struct s3_settings **settings);

void s3_settings_free(struct s3_settings *settings);

#endif
