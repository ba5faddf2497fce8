#include "s3/failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "s3/xml.h"

/* S3 refuses a clock that is off by more; a HEAD is refused without a code. */
enum { SKEW_BORNE = 14 * 60 };

struct document {
	struct s3_error *error;
	struct buf message;
};

static int
element(void *arg, const char *path, const char *text)
{
	struct document *d = arg;
	struct s3_error *e = d->error;

	if (strcmp(path, "Code") == 0)
		snprintf(e->code, sizeof e->code, "%s", text);
	else if (strcmp(path, "Region") == 0)
		snprintf(e->region, sizeof e->region, "%s", text);
	else if (strcmp(path, "Message") == 0) {
		d->message.n = 0;
		buf_adds(&d->message, text);
	}
	return 0;
}

/* Whether the body is S3's error document. */
static bool
read_document(struct document *d, const struct buf *body)
{
	char root[64];

	if (body->n == 0 || s3_xml(body->p, body->n, root, element, d) != 0 ||
	    strcmp(root, "Error") != 0) {
		d->error->code[0] = d->error->region[0] = '\0';
		d->message.n = 0;
		return false;
	}
	return true;
}

static bool
among(const char *code, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(code, *list) == 0)
			return true;
	return false;
}

/* The names that AWS's standard mode knows. */
static bool
throttled(const char *code)
{
	static const char *const list[] = { "SlowDown", "Throttling",
		"ThrottlingException", "ThrottledException", "RequestThrottled",
		"RequestThrottledException", "TooManyRequests",
		"TooManyRequestsException", "RequestLimitExceeded",
		"BandwidthLimitExceeded", "LimitExceededException",
		"EC2ThrottledException",
		"ProvisionedThroughputExceededException",
		"TransactionInProgressException", "PriorRequestNotComplete",
		"ServiceUnavailable", NULL };

	return among(code, list);
}

static bool
transient(const char *code)
{
	static const char *const list[] = { "RequestTimeout",
		"RequestTimeoutException", "InternalError", NULL };

	return among(code, list);
}

static bool
expired(const char *code)
{
	static const char *const list[] = { "ExpiredToken",
		"ExpiredTokenException", "TokenRefreshRequired",
		"RequestExpired", NULL };

	return among(code, list);
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
	return code[0] == '\0' && (off > SKEW_BORNE || off < -SKEW_BORNE);
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
	if (throttled(e->code) || reply->status == 429)
		return S3_THROTTLED;
	if (transient(e->code))
		return S3_TRANSIENT;
	if (expired(e->code))
		return S3_EXPIRED;
	if (skewed(reply, e->code, when))
		return S3_SKEWED;
	if (elsewhere(reply, e))
		return S3_ELSEWHERE;
	switch (reply->status) {
	case 200:
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
s3_failure(const struct http_reply *reply, bool failed, bool in_200,
    time_t when, struct s3_error *error)
{
	struct document d = { .error = error };
	const char *region;
	bool document;

	error->code[0] = error->region[0] = '\0';
	error->text.n = 0;
	if (failed) {
		buf_adds(&error->text, reply->error);
		return reply->final	  ? S3_FINAL
		       : reply->timed_out ? S3_TIMEOUT
					  : S3_TRANSIENT;
	}
	if (reply->status / 100 == 2 && !in_200)
		return S3_NONE;
	document = read_document(&d, &reply->body);
	if (reply->status / 100 == 2 && !document) {
		buf_free(&d.message);
		return S3_NONE;
	}
	region = http_header(reply, "x-amz-bucket-region");
	if (region != NULL)
		snprintf(error->region, sizeof error->region, "%s", region);
	buf_addf(&error->text, "%d %s", reply->status,
	    error->code[0] != '\0' ? error->code : meaning(reply->status));
	if (d.message.n > 0)
		buf_addf(&error->text, ": %s", buf_str(&d.message));
	buf_free(&d.message);
	return judged(reply, error, when);
}
