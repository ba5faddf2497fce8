/*
 * The profiles in the AWS command line's two files: $AWS_CONFIG_FILE or
 * ~/.aws/config, and $AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials.  What
 * a profile has in both counts as the credentials file has it.
 */
#ifndef S3_PROFILES_H
#define S3_PROFILES_H

#include <stdbool.h>
#include <stddef.h>

struct s3_profiles;

enum s3_file { S3_CONFIG, S3_CREDENTIALS, S3_BOTH };

/* Where a value stands. */
struct s3_line {
	const char *path; /* borrowed */
	size_t line;	  /* from 1 */
};

/*
 * Reads both; one that is not there, or is no regular file, is empty.  Returns
 * NULL, or "PATH: line N: what is wrong", to be freed.  *profiles is the
 * caller's until s3_profiles_free.
 */
char *s3_profiles_load(struct s3_profiles **profiles);

/* The name of the file as it was looked for; NULL where there is no home. */
const char *s3_profiles_path(const struct s3_profiles *p, enum s3_file file);

/* A path with the home folder for a "~" before its first slash, to be freed;
 * NULL where there is no home. */
char *s3_profiles_expand(const char *path);

bool s3_profiles_has(const struct s3_profiles *p, const char *profile);

/*
 * The value of the name in the profile's section, below nested ("s3") where
 * that is not NULL; NULL where it is not set.  Borrowed.  *at, unless NULL,
 * becomes where it stands.
 */
const char *s3_profiles_value(const struct s3_profiles *p, enum s3_file file,
    const char *profile, const char *nested, const char *name,
    struct s3_line *at);

/*
 * endpoint_url of the service ("s3") in the config file's [services NAME] that
 * the profile names; NULL where it is not set.  A section named and not there
 * is said in *why, to be freed; else that is NULL.
 */
const char *s3_profiles_endpoint(const struct s3_profiles *p,
    const char *profile, const char *service, struct s3_line *at, char **why);

/* Overwrites and frees. */
void s3_profiles_free(struct s3_profiles *p);

#endif
