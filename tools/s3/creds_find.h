/*
 * The places where credentials are looked for.
 */
#ifndef S3_CREDS_FIND_H
#define S3_CREDS_FIND_H

#include "base/buf.h"
#include "s3/creds.h"
#include "s3/settings.h"

enum found {
	NOT_HERE, /* nothing is set up there: look on */
	FOUND,
	FAILED, /* it is set up, and fails: *why says how, without a secret */
};

typedef enum found creds_finder(const struct s3_settings *settings,
    struct s3_creds *creds, struct buf *why);

/* AWS_ACCESS_KEY_ID and its companions; not with --profile. */
creds_finder creds_from_env;

/* role_arn with source_profile or credential_source, by STS. */
creds_finder creds_from_role;

/* AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or the profile's. */
creds_finder creds_from_web_identity;

/* aws_access_key_id of the profile. */
creds_finder creds_from_keys;

/* The profile's credential_process. */
creds_finder creds_from_process;

/* sso_session or sso_start_url: not understood here, and that is said. */
creds_finder creds_from_sso;

/* AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI. */
creds_finder creds_from_container;

/* The metadata service of an EC2 instance, IMDSv2. */
creds_finder creds_from_instance;

/* The keys, or the process, of another profile than the one in force. */
enum found creds_of_profile(const struct s3_settings *settings,
    const char *profile, struct s3_creds *creds, struct buf *why);

/* A time as credentials have it, 2026-01-02T03:04:05Z; 0 where it is none. */
time_t creds_time(const char *text);

/* A JSON document with AccessKeyId, SecretAccessKey, Token or SessionToken, and
 * Expiration. */
enum found creds_from_json(
    const char *p, size_t n, struct s3_creds *creds, struct buf *why);

#endif
