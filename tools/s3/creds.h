/*
 * Credentials, from wherever the AWS command line would take them: see
 * bt-s3(7) for the order.
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

/*
 * Call it first in main.  From then on the process leaves no core dump, and
 * others of the same user can neither trace it nor read its environment or its
 * memory in /proc: what is secret is in the environment from the start, and
 * libcurl's, OpenSSL's and expat's memory has copies that nobody overwrites.
 * Children have it too, until they run a program.  What that program gets of
 * the environment is the caller's to say; credential_process gets all of it.
 */
void s3_creds_guard(void);

/* Where they come from, found at the first s3_creds_source_get. */
struct s3_creds_source;

/* Borrows settings for as long as it lives. */
struct s3_creds_source *s3_creds_source_new(const struct s3_settings *settings);

/*
 * A copy of the credentials in force; any thread may ask.  They are renewed 15
 * minutes before they expire, or when a quarter of their life is left where
 * that is less.  One thread does it; the others get the old ones, and wait only
 * in the last 10 minutes, or the last eighth.  A renewal that fails is tried
 * again while the old ones are good, half a minute after the other, and is an
 * error when they are not.  With --no-sign-request, and only then, access is
 * NULL.
 *
 * stop, unless NULL, is called now and then, also while a command or a service
 * is silent: other than 0 from it ends the search.
 *
 * Returns NULL; or, with *creds empty, a line that says where was looked and
 * what was wrong there, to be freed: it never has a secret in it.
 */
char *s3_creds_source_get(struct s3_creds_source *source,
    struct s3_creds *creds, int (*stop)(void *arg), void *arg);

/*
 * The server called those with this access key expired: the next get asks
 * their source again (reads the files, runs the process).  Returns whether that
 * may bring others (environment variables cannot).
 */
bool s3_creds_source_expired(
    struct s3_creds_source *source, const char *access);

/* Overwrites and frees what is in it. */
void s3_creds_clear(struct s3_creds *creds);

void s3_creds_source_free(struct s3_creds_source *source);

#endif
