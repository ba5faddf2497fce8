/*
 * The options that every tool for S3 takes, by the AWS command line's names.
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
	S3_CONNECTIONS = 'c',
};

/* Entries of a table for getopt_long(3); -c takes an argument. */
#define S3_LONG_OPTIONS                                                        \
	{ "endpoint-url", 1, NULL, S3_ENDPOINT_URL },                          \
	    { "region", 1, NULL, S3_REGION },                                  \
	    { "profile", 1, NULL, S3_PROFILE },                                \
	    { "ca-bundle", 1, NULL, S3_CA_BUNDLE },                            \
	    { "no-sign-request", 0, NULL, S3_NO_SIGN_REQUEST },                \
	    { "no-verify-ssl", 0, NULL, S3_NO_VERIFY_SSL },                    \
	    { "request-payer", 1, NULL, S3_REQUEST_PAYER },                    \
	{                                                                      \
		"connections", 1, NULL, S3_CONNECTIONS                         \
	}

/* What the synopsis says of them. */
#define S3_SYNOPSIS                                                            \
	"[--endpoint-url url] [--region region] [--profile profile]\n"         \
	"                [--ca-bundle file] [--no-verify-ssl] "                \
	"[--no-sign-request]\n"                                                \
	"                [--request-payer requester] [-c connections]"

/*
 * Sets what the option says; arg is borrowed.  Returns whether it is one of
 * them.  An argument that cannot be ends the process, status 2.
 */
bool s3_option(struct s3_options *o, int option, const char *arg);

#endif
