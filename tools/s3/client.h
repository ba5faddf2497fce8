/*
 * Requests to S3: addressed, signed, retried.
 *
 * Retries are those of AWS's standard mode: connection and read errors, 500,
 * 502, 503, 504, 400 RequestTimeout, throttling by any of its names, a 200
 * whose body is not what it has to be; with a pause that doubles, random,
 * at most 20 s, or what Retry-After says; settings.attempts in all, and a quota
 * that all threads share.  Once each, beyond that: 403 RequestTimeTooSkewed
 * with the server's clock; ExpiredToken with renewed credentials.  Three times:
 * 301, 307 and AuthorizationHeaderMalformed signed anew for the region they
 * name, or for the host: one of the endpoint's domain, of Amazon's only one of
 * S3, with the same bucket, in its name or the path, and key, and not without
 * TLS where there was TLS.
 */
#ifndef S3_CLIENT_H
#define S3_CLIENT_H

#include "s3/failure.h"
#include "s3/http.h"
#include "s3/settings.h"

/* What all threads share: settings, credentials, the server's clock, the
 * regions of buckets, the quota of retries. */
struct s3_client;

/* Takes settings over. */
struct s3_client *s3_client_new(struct s3_settings *settings);

/* NULL is fine, here and wherever something is freed. */
void s3_client_free(struct s3_client *client);
const struct s3_settings *s3_client_settings(const struct s3_client *client);

/* Ends all that is under way: calls return -1; what goes to_the_end, only where
 * this is called again, half a second later or more (a signal may come twice).
 * Safe in a signal handler. */
void s3_client_stop(struct s3_client *client);

bool s3_client_stopped(const struct s3_client *client);

/* Whether checksums are sent with what is stored: not where settings say so, or
 * the server has refused them. */
bool s3_client_sums(const struct s3_client *client);
void s3_client_sums_refused(struct s3_client *client);

/* A thread's own connection to it. */
struct s3_conn;
struct s3_conn *s3_conn_new(struct s3_client *client);
struct s3_client *s3_conn_client(const struct s3_conn *conn);
void s3_conn_free(struct s3_conn *conn);

/* The name of the one header that is not signed, so that what stands between
 * and knows no ranges can leave it out: this very pointer. */
extern const char s3_range[];

struct s3_call {
	const char *method;
	const char *bucket;
	const char *key; /* NULL: the bucket itself */
	struct s3_pairs query;
	struct s3_pairs headers; /* beyond Host, dates, hashes, payer */
	const void *body;
	size_t body_n;
	/* Of the document that an answer 2xx must be to mean what it says: a
	 * proxy's page does not.  "": no document, no body; "*": all but an
	 * <Error>; NULL: anything. */
	const char *root;
	bool to_the_end;  /* the first s3_client_stop does not end it */
	bool long_silent; /* the server may work at it for minutes */
	/* As in http_request.  Once it was called, what then fails is not tried
	 * again here: the caller knows where to go on. */
	int (*sink)(
	    void *arg, const struct http_reply *reply, const void *p, size_t n);
	void *arg;
};

struct s3_reply {
	struct http_reply http;
	enum s3_failure failure; /* of the last attempt; S3_NONE: none */
	/* What failed, in one line, without the object's name: "404 NoSuchKey:
	 * The specified key does not exist". */
	struct s3_error error;
	unsigned attempts;
	bool unsure; /* an attempt had no answer, or a gateway's: what was asked
			for may have been done, or may be yet */
	bool summed; /* the signature covers the body's SHA-256 */
};

/*
 * 0: a 2xx answer came whole.  -1: reply->failure and reply->error say why not,
 * after all retries.  Zero a reply before its first use.
 */
int s3_call(
    struct s3_conn *conn, const struct s3_call *call, struct s3_reply *reply);

/* Whether another try may mend it. */
bool s3_may_mend(const struct s3_reply *reply);

/* Sleeps as before the n-th retry (from 1); -1 when the client was stopped.
 * For callers that go on by themselves. */
int s3_pause(struct s3_conn *conn, unsigned n, const struct s3_reply *reply);

void s3_reply_free(struct s3_reply *reply);

#endif
