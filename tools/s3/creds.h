/*
 * Credentials, from wherever the AWS command line would take them: see
 * ENVIRONMENT in bt-s3cat(1) for the order.
 */
#ifndef S3_CREDS_H
#define S3_CREDS_H

#include <stdbool.h>
#include <time.h>

struct s3_settings;

struct s3_creds {
	char *access;
	char *secret;
	char *token;	/* NULL where there is none */
	time_t expires; /* 0: never */
};

/* Where they come from, found at the first s3_source_get. */
struct s3_source;

/* Borrows settings for as long as it lives. */
struct s3_source *s3_source_new(const struct s3_settings *settings);

/*
 * A copy of the credentials in force; any thread may ask.  They are renewed
 * some minutes before they expire; one thread does it, the others wait or
 * still get the old ones while those are good.  With --no-sign-request, and
 * only then, access is NULL.  Returns NULL, or in *creds nothing and a line
 * that says where was looked and what was wrong there, to be freed: it never
 * has a secret in it.
 */
char *s3_source_get(struct s3_source *source, struct s3_creds *creds);

/*
 * The server called those with this access key expired: the next get reads
 * their source again.  Returns whether that may bring others (environment
 * variables cannot).
 */
bool s3_source_expired(struct s3_source *source, const char *access);

/* Overwrites and frees what is in it. */
void s3_creds_clear(struct s3_creds *creds);

void s3_source_free(struct s3_source *source);

#endif
