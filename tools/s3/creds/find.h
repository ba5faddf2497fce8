/*
 * The places in which credentials are searched for.
 */
#ifndef S3_CREDS_FIND_H
#define S3_CREDS_FIND_H

#include "base/buf.h"
#include "s3/creds.h"
#include "s3/http.h"
#include "s3/profiles.h"
#include "s3/settings.h"

enum found {
	NOT_HERE, /* try the next place */
	FOUND,
	FAILED,
};

/* See s3_creds_source_get. */
struct stopping {
	int (*stop)(void *arg);
	void *arg;
};

/* A search.  Each place that is set up but wrong adds the reason to why,
 * without a secret; if the last place fails too, why says that none answered.
 * It counts unless the place returns FOUND. */
struct finding {
	const struct s3_settings *settings;
	const struct s3_profiles *profiles;
	const char *profile; /* whose sections count */
	bool env;	     /* variables count that stand for a profile */
	const struct stopping *stopping; /* NULL: never ends early */
	struct s3_creds creds;
	struct buf why;
};

typedef enum found creds_finder(struct finding *f);

/* AWS_ACCESS_KEY_ID and its companions; ignored with --profile. */
creds_finder creds_from_env;

/* The profile's role_arn with source_profile or credential_source, by STS. */
creds_finder creds_from_role;

/* AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, or the profile's. */
creds_finder creds_from_web_identity;

/* A profile that signs in with a browser: not supported, which is an error.
 */
creds_finder creds_from_sso;
creds_finder creds_from_login;

/* The profile's aws_access_key_id, in the one file and in the other. */
creds_finder creds_from_credentials;
creds_finder creds_from_config;

/* The output of the profile's credential_process. */
creds_finder creds_from_process;

/* AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI. */
creds_finder creds_from_container;

/* The metadata service of an EC2 instance, IMDSv2. */
creds_finder creds_from_instance;

/* All sources of a profile but a role. */
creds_finder creds_of_profile;

/* Tries all of them in order: FOUND or FAILED.  *fixed: asking again yields
 * the same. */
enum found creds_find(struct finding *f, bool *fixed);

bool creds_stopped(const struct finding *f);

/* Sleeps that many milliseconds, or until the search is to end. */
void creds_nap(const struct finding *f, long ms);

/* Whether the credentials can be used: they have not expired, and fit in a
 * header.  FOUND or FAILED. */
enum found creds_check(struct finding *f);

/* A setting of the profile's, from either file.  NULL: not set, or empty. */
const char *creds_value(
    const struct finding *f, const char *name, struct s3_line *at);

/* A copy; NULL of NULL and of "". */
char *creds_copy(const char *text);

/* The file's bytes without trailing blanks and newlines, to be freed by
 * secret_free; NULL, and adds to why, if it cannot be read. */
char *creds_read_file(struct finding *f, const char *path);

/* The time that 2026-01-02T03:04:05Z or ...05.678+09:00 says, also with a
 * blank for the T (RFC 3339, 5.6); -1: none. */
time_t creds_time(const char *text);

/* A JSON object with AccessKeyId, SecretAccessKey, the token under that name,
 * and Expiration: FOUND or FAILED.  versioned: it must say Version 1. */
enum found creds_from_json(
    struct finding *f, struct span json, const char *token, bool versioned);

/*
 * Sends as http_exchange does, with these options, up to attempts times, pause
 * milliseconds apart, as long as there is no answer or the server asks for
 * another attempt.  0: an answer came, of any status; -1: none came, and why
 * says what failed.  Zero a reply before; free it by creds_reply_free.
 */
int creds_ask(struct finding *f, const struct http_options *options,
    unsigned attempts, long pause, const struct http_request *request,
    struct http_reply *reply);
void creds_reply_free(struct http_reply *reply);

/* The role that STS is asked for. */
struct sts_role {
	const char *arn;
	const char *session;	 /* its name; NULL: one is made up */
	const char *external_id; /* NULL: none */
	const char *duration;	 /* in seconds; NULL: as the role has it */
};

/* AssumeRole, signed with these. */
enum found sts_assume(struct finding *f, const struct sts_role *role,
    const struct s3_creds *with);

/* AssumeRoleWithWebIdentity. */
enum found sts_assume_with_token(
    struct finding *f, const struct sts_role *role, const char *token);

#endif
