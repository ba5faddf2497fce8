/*
 * The profiles in the AWS command line's two files: $AWS_CONFIG_FILE or
 * ~/.aws/config, and $AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials.  If
 * a profile has a setting in both, that of the credentials file counts.
 */
#ifndef S3_PROFILES_H
#define S3_PROFILES_H

#include <stdbool.h>
#include <stddef.h>

struct s3_profiles;

enum s3_file { S3_CONFIG, S3_CREDENTIALS, S3_BOTH };

/* The place of a value. */
struct s3_line {
	const char *path; /* borrowed */
	size_t line;	  /* from 1 */
};

/*
 * Reads both files; one that does not exist, or is not a regular file, counts
 * as empty.  Returns NULL, or "PATH: line N: what is wrong", to be freed.
 * *profiles is the caller's until s3_profiles_free.
 */
char *s3_profiles_load(struct s3_profiles **profiles);

/* The path of the file, even if there is no such file; NULL if there is no
 * home folder. */
const char *s3_profiles_path(const struct s3_profiles *p, enum s3_file file);

/* The path with the home folder in place of a leading "~", to be freed; NULL
 * if there is no home folder. */
char *s3_profiles_expand(const char *path);

bool s3_profiles_has(const struct s3_profiles *p, const char *profile);

/*
 * The value of the name in the profile's section, below nested ("s3") unless
 * that is NULL; NULL if it is not set.  Borrowed.  *at, unless NULL, becomes
 * its place.
 */
const char *s3_profiles_value(const struct s3_profiles *p, enum s3_file file,
    const char *profile, const char *nested, const char *name,
    struct s3_line *at);

/*
 * endpoint_url of the service ("s3") in the config file's [services NAME] that
 * the profile names; NULL if it is not set.  If the section does not exist,
 * *why says so, to be freed; otherwise it is NULL.
 */
const char *s3_profiles_endpoint(const struct s3_profiles *p,
    const char *profile, const char *service, struct s3_line *at, char **why);

/* Overwrites and frees. */
void s3_profiles_free(struct s3_profiles *p);

#endif
