/*
 * One HTTP exchange at a time, over libcurl.  It knows nothing of S3: it sends
 * exactly the given request, follows no redirect and retries nothing.
 */
#ifndef S3_HTTP_H
#define S3_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/buf.h"
#include "s3/pair.h"

/* A connection, kept between exchanges, for one thread at a time. */
struct http;

struct http_options {
	const char *ca_bundle; /* a file of certificates; NULL: the system's */
	bool verify_ssl;
	bool proxies;		  /* as the environment has them */
	unsigned connect_timeout; /* seconds */
	unsigned read_timeout;	  /* seconds without a byte in either direction;
				     0: none */
};

/* Never NULL.  Any thread may call it: libcurl is initialised once. */
struct http *http_new(const struct http_options *options);
void http_free(struct http *h);

/* From the next exchange on, in seconds; 0: none. */
void http_set_read_timeout(struct http *h, unsigned seconds);

struct http_reply {
	int status;	    /* 0: no answer came */
	struct buf headers; /* of the last answer: for http_header */
	struct buf body; /* if there was no sink, or the status was not 2xx: up
			    to 64 MiB.  A list has 3 or 4, or more if a server
			    does not divide it into pages */
	uint64_t got;	 /* bytes of the body that came */
	bool answered;	 /* something of an answer came */
	char error[256]; /* why the exchange is not whole, with nothing of the
			    headers sent, and no password of a URL's or
			    proxy's; otherwise "" */
	bool timed_out;
	bool final;	 /* another attempt would fail, too: a certificate, a
			    URL */
	bool sink_ended; /* not whole because the sink ended it */
};

struct http_request {
	const char *method;
	const char *url;	 /* sent as it is: no dot segment is resolved */
	struct s3_pairs headers; /* sent exactly so; Host as well */
	const void *body;	 /* NULL: none */
	size_t body_n;
	/*
	 * Takes the body of a 2xx answer as it comes, in the calling thread;
	 * reply already has status and headers.  NULL: it goes into the reply.
	 * Any value but 0 ends the exchange.
	 */
	int (*sink)(
	    void *arg, const struct http_reply *reply, const void *p, size_t n);
	void *arg;
	/* Called from time to time, even while nothing arrives: any value but 0
	 * ends the exchange.  NULL: not called. */
	int (*stop)(void *arg);
};

/*
 * Sends and waits.  0: a whole answer arrived, of any status (a body shorter
 * than its Content-Length is not whole).  -1: reply->error says why not.  Zero
 * a reply before its first use.  http_reply_free gives its memory back; it can
 * be used again without that.
 */
int http_exchange(struct http *h, const struct http_request *request,
    struct http_reply *reply);

/* The value of a header, in any case; NULL if there is none.  Borrowed until
 * the reply's next use. */
const char *http_header(const struct http_reply *reply, const char *name);

/* The time in a Date header; -1 if there is none. */
time_t http_date(const char *text);

/* Adds the URL as a message may show it, without possible passwords and
 * tokens: only its scheme if it contains a '@', otherwise all but its query. */
void http_show(struct buf *b, const char *url);

void http_reply_free(struct http_reply *reply);

#endif
