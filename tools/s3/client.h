/*
 * Requests to S3: addressed, signed, retried.
 *
 * Requests are retried as in AWS's standard mode: after connection and read
 * errors, 500, 502, 503, 504, 400 RequestTimeout, throttling under any of its
 * names, and a 200 whose body is not the document expected.  The pause is
 * random up to a bound that doubles, at most 20 s, or is that of Retry-After.
 * There are settings.attempts in all, and a quota that all threads share.
 *
 * Beyond that, a request is sent again once with the server's clock (403
 * RequestTimeTooSkewed), once with renewed credentials (ExpiredToken), and up
 * to three times for the region or host that a 301, a 307 or an
 * AuthorizationHeaderMalformed names.  The host must be in the endpoint's
 * domain (at Amazon, one of S3), serve the same bucket and key, and use TLS if
 * the endpoint does.
 */
#ifndef S3_CLIENT_H
#define S3_CLIENT_H

#include "s3/failure.h"
#include "s3/http.h"
#include "s3/settings.h"

/* Shared by all threads: settings, credentials, the server's clock, the
 * regions of buckets, the quota of retries. */
struct s3_client;

/* Takes settings over. */
struct s3_client *s3_client_new(struct s3_settings *settings);

/* NULL is fine, here and for all that a _new function returns. */
void s3_client_free(struct s3_client *client);
const struct s3_settings *s3_client_settings(const struct s3_client *client);

/* Ends all requests in progress: the calls return -1.  A call with
 * to_the_end only ends if this is called again, at least half a second later (a
 * signal may arrive twice).  Safe in a signal handler. */
void s3_client_stop(struct s3_client *client);

bool s3_client_stopped(const struct s3_client *client);

/* Whether to send checksums with stored data: not if the settings say so, or
 * if the server has refused them. */
bool s3_client_sums(const struct s3_client *client);
void s3_client_sums_refused(struct s3_client *client);

/* A thread's own connection to it. */
struct s3_conn;
struct s3_conn *s3_conn_new(struct s3_client *client);
struct s3_client *s3_conn_client(const struct s3_conn *conn);
void s3_conn_free(struct s3_conn *conn);

/* The name of the one header that is not signed, because a proxy that does
 * not support ranges may remove it.  Use this very pointer. */
extern const char s3_range[];

struct s3_call {
	const char *method;
	const char *bucket;
	const char *key; /* NULL: the bucket itself */
	struct s3_pairs query;
	struct s3_pairs headers; /* beyond Host, dates, hashes, payer */
	const void *body;
	size_t body_n;
	/* The root element that a 2xx answer must have; the page of a proxy has
	 * another.  "": no document, no body; "*": anything but an <Error>;
	 * NULL: anything. */
	const char *root;
	bool to_the_end;  /* the first s3_client_stop does not end it */
	bool long_silent; /* the server may work at it for minutes */
	/* As in http_request.  After its first call a failure is not retried
	 * here: the caller knows where to resume. */
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
	bool unsure; /* an attempt got no answer, or a gateway's: the request
			may have been carried out, or may still be */
	bool summed; /* the signature covers the body's SHA-256 */
};

/*
 * 0: a 2xx answer came whole.  -1: reply->failure and reply->error say why not,
 * after all retries.  Zero a reply before its first use.
 */
int s3_call(
    struct s3_conn *conn, const struct s3_call *call, struct s3_reply *reply);

/* Whether another attempt may succeed. */
bool s3_may_mend(const struct s3_reply *reply);

/* Sleeps as before the n-th retry (from 1); -1 if the client was stopped.
 * For callers that resume by themselves. */
int s3_pause(struct s3_conn *conn, unsigned n, const struct s3_reply *reply);

void s3_reply_free(struct s3_reply *reply);

#endif
