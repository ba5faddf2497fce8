#include "s3/failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "s3/address.h"
#include "s3/xml.h"

/* S3 refuses clocks that are off by 15 minutes; its answer to a HEAD has no
 * code. */
enum { SKEW_MAX = 14 * 60 };

struct document {
	struct s3_error *error;
	struct buf message;
	char root[64]; /* "": no document */
	bool blank;    /* nothing but blanks */
};

static int
element(void *arg, const char *path, const char *text)
{
	struct document *d = arg;
	struct s3_error *e = d->error;

	/* In an <ErrorResponse>. */
	if (strncmp(path, "Error/", 6) == 0)
		path += 6;
	if (strcmp(path, "Code") == 0)
		snprintf(e->code, sizeof e->code, "%s", text);
	else if (strcmp(path, "Region") == 0 && s3_is_region(text))
		snprintf(e->region, sizeof e->region, "%s", text);
	else if (strcmp(path, "Message") == 0) {
		d->message.n = 0;
		buf_adds(&d->message, text);
	}
	return 0;
}

static void
read_document(struct document *d, const struct buf *body)
{
	size_t i = 0;

	while (i < body->n && memchr(" \t\r\n", body->p[i], 4) != NULL)
		i++;
	d->blank = i == body->n;
	if (d->blank || s3_xml(body->p, body->n, d->root, element, d) != 0)
		d->root[0] = '\0';
	if (strcmp(d->root, "Error") != 0 &&
	    strcmp(d->root, "ErrorResponse") != 0) {
		d->error->code[0] = d->error->region[0] = '\0';
		d->message.n = 0;
	}
}

static bool
is_expected(const struct document *d, const char *root)
{
	if (strcmp(root, "*") == 0)
		return strcmp(d->root, "Error") != 0 &&
		       strcmp(d->root, "ErrorResponse") != 0;
	return root[0] == '\0' ? d->blank : strcmp(d->root, root) == 0;
}

/* The codes in AWS's standard mode. */
static const char *const throttled[] = { "SlowDown", "Throttling",
	"ThrottlingException", "ThrottledException", "RequestThrottled",
	"RequestThrottledException", "TooManyRequests",
	"TooManyRequestsException", "RequestLimitExceeded",
	"BandwidthLimitExceeded", "LimitExceededException",
	"EC2ThrottledException", "ProvisionedThroughputExceededException",
	"TransactionInProgressException", "PriorRequestNotComplete",
	"ServiceUnavailable", NULL };
static const char *const transient[] = { "RequestTimeout",
	"RequestTimeoutException", "InternalError", NULL };
static const char *const expired[] = { "ExpiredToken", "ExpiredTokenException",
	"TokenRefreshRequired", "RequestExpired", NULL };

static bool
among(const char *code, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(code, *list) == 0)
			return true;
	return false;
}

static bool
skewed(const struct http_reply *reply, const char *code, time_t when)
{
	const char *date = http_header(reply, "Date");
	long long off;

	if (date == NULL || reply->status != 403)
		return false;
	if (strcmp(code, "RequestTimeTooSkewed") == 0)
		return true;
	off = (long long)http_date(date) - (long long)when;
	return code[0] == '\0' && (off > SKEW_MAX || off < -SKEW_MAX);
}

static bool
elsewhere(const struct http_reply *reply, const struct s3_error *e)
{
	switch (reply->status) {
	case 301:
	case 302:
	case 307:
	case 308:
		return e->region[0] != '\0' ||
		       http_header(reply, "Location") != NULL;
	case 400:
		return e->region[0] != '\0' &&
		       (e->code[0] == '\0' ||
			   strcmp(e->code, "AuthorizationHeaderMalformed") ==
			       0);
	}
	return false;
}

static enum s3_failure
judged(const struct http_reply *reply, const struct s3_error *e, time_t when)
{
	if (among(e->code, throttled) || reply->status == 429)
		return S3_THROTTLED;
	if (among(e->code, transient))
		return S3_TRANSIENT;
	if (among(e->code, expired))
		return S3_EXPIRED;
	if (skewed(reply, e->code, when))
		return S3_SKEWED;
	if (elsewhere(reply, e))
		return S3_ELSEWHERE;
	if (reply->status / 100 == 2)
		return S3_TRANSIENT;
	switch (reply->status) {
	case 408:
	case 500:
	case 502:
	case 504:
		return S3_TRANSIENT;
	case 503:
		return S3_THROTTLED;
	}
	return S3_FINAL;
}

static const char *
meaning(int status)
{
	static const struct {
		int status;
		const char *text;
	} list[] = {
		{ 200, "OK" },
		{ 301, "Moved Permanently" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" },
		{ 400, "Bad Request" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 412, "Precondition Failed" },
		{ 416, "Range Not Satisfiable" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};
	size_t i;

	for (i = 0; i < sizeof list / sizeof list[0]; i++)
		if (list[i].status == status)
			return list[i].text;
	return "and no reason";
}

enum s3_failure
s3_failure(const struct http_reply *reply, bool failed, const char *root,
    time_t when, struct s3_error *error)
{
	struct document d = { .error = error };
	const char *region;
	bool success = reply->status / 100 == 2;

	error->code[0] = error->region[0] = '\0';
	error->text.n = 0;
	if (failed) {
		buf_adds(&error->text, reply->error);
		return reply->final	  ? S3_FINAL
		       : reply->timed_out ? S3_TIMEOUT
					  : S3_TRANSIENT;
	}
	if (success && root == NULL)
		return S3_NONE;
	read_document(&d, &reply->body);
	if (success && is_expected(&d, root)) {
		buf_free(&d.message);
		return S3_NONE;
	}
	region = http_header(reply, "x-amz-bucket-region");
	if (region != NULL && s3_is_region(region))
		snprintf(error->region, sizeof error->region, "%s", region);
	buf_addf(&error->text, "%d %s", reply->status,
	    error->code[0] != '\0' ? error->code : meaning(reply->status));
	if (success && error->code[0] == '\0' && d.message.n == 0) {
		if (root[0] == '\0')
			buf_adds(
			    &error->text, ", but with a body that is not S3's");
		else
			buf_addf(
			    &error->text, ", but the answer is not a %s", root);
	}
	if (d.message.n > 0)
		buf_addf(&error->text, ": %s", buf_str(&d.message));
	buf_free(&d.message);
	return judged(reply, error, when);
}
