/*
 * The options of all S3 tools, named as in the AWS command line.
 */
#ifndef S3_OPTIONS_H
#define S3_OPTIONS_H

#include "s3/settings.h"

enum s3_option {
	S3_ENDPOINT_URL = 512,
	S3_REGION,
	S3_PROFILE,
	S3_CA_BUNDLE,
	S3_NO_SIGN_REQUEST,
	S3_NO_VERIFY_SSL,
	S3_REQUEST_PAYER,
	S3_READ_TIMEOUT,
	S3_CONNECTIONS,
};

/* Entries of a table for getopt_long(3). */
#define S3_LONG_OPTIONS                                                        \
	{ "endpoint-url", 1, NULL, S3_ENDPOINT_URL },                          \
	    { "region", 1, NULL, S3_REGION },                                  \
	    { "profile", 1, NULL, S3_PROFILE },                                \
	    { "ca-bundle", 1, NULL, S3_CA_BUNDLE },                            \
	    { "no-sign-request", 0, NULL, S3_NO_SIGN_REQUEST },                \
	    { "no-verify-ssl", 0, NULL, S3_NO_VERIFY_SSL },                    \
	    { "request-payer", 1, NULL, S3_REQUEST_PAYER },                    \
	    { "cli-read-timeout", 1, NULL, S3_READ_TIMEOUT },                  \
	{                                                                      \
		"connections", 1, NULL, S3_CONNECTIONS                         \
	}

/* Their text in --help. */
#define S3_HELP                                                                \
	"s3-option:\n"                                                         \
	"  --connections n              requests at a time\n"                  \
	"  --endpoint-url url           a server other than Amazon's\n"        \
	"  --region region\n"                                                  \
	"  --profile profile            of the AWS config files\n"             \
	"  --no-sign-request            without credentials\n"                 \
	"  --request-payer requester\n"                                        \
	"  --cli-read-timeout seconds\n"                                       \
	"  --ca-bundle file             certificates to trust\n"               \
	"  --no-verify-ssl              trust any certificate\n"

/*
 * Sets the option; arg is borrowed.  Returns whether it is one of these.  An
 * invalid argument ends the process with status 2.
 */
bool s3_option(struct s3_options *o, int option, const char *arg);

#endif
