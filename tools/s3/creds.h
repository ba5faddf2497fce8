/*
 * Credentials, from the same places as the AWS command line takes them: see
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
	char *token;	/* NULL: none */
	time_t expires; /* 0: never */
};

/*
 * Call it first in main.  Afterwards the process leaves no core dump, and other
 * processes of the same user can neither trace it nor read its environment or
 * memory in /proc: the environment holds secrets from the start, and libcurl,
 * OpenSSL and expat keep copies that nothing overwrites.  Children inherit this
 * until they execute a program.  The caller decides what that program gets of
 * the environment; credential_process gets all of it.
 */
void s3_creds_guard(void);

/* A source of credentials, found at the first s3_creds_source_get. */
struct s3_creds_source;

/* Borrows settings until it is freed. */
struct s3_creds_source *s3_creds_source_new(const struct s3_settings *settings);

/*
 * A copy of the current credentials; any thread may ask.  They are renewed 15
 * minutes before they expire, or when a quarter of their life is left if that
 * is less.  One thread renews them; the others get the old ones, and wait only
 * in the last 10 minutes, or the last eighth.  A renewal that fails is repeated
 * after half a minute as long as the old ones are valid, and is an error
 * afterwards.  access is NULL with --no-sign-request, and only then.
 *
 * stop, unless NULL, is called from time to time, even while a command or a
 * service is silent; any value but 0 ends the search.
 *
 * Returns NULL; or, with *creds empty, a line that says which places were tried
 * and what was wrong there, to be freed.  It never contains a secret.
 */
char *s3_creds_source_get(struct s3_creds_source *source,
    struct s3_creds *creds, int (*stop)(void *arg), void *arg);

/*
 * The server called the credentials with this access key expired: the next get
 * asks their source again (reads the files, runs the process).  Returns whether
 * that may yield others (environment variables cannot).
 */
bool s3_creds_source_expired(
    struct s3_creds_source *source, const char *access);

/* Overwrites and frees its members. */
void s3_creds_clear(struct s3_creds *creds);

void s3_creds_source_free(struct s3_creds_source *source);

#endif
