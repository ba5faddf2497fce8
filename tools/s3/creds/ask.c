#include <string.h>

#include "s3/creds/find.h"
#include "s3/creds/secret.h"

/* STS throttles with status 400, and has this code for a third party that it
 * cannot reach. */
static bool
again(struct http_reply *reply)
{
	return reply->status >= 500 || reply->status == 429 ||
	       (reply->status == 400 &&
		   (strstr(buf_str(&reply->body), "<Code>Throttling") ||
		       strstr(buf_str(&reply->body), "IDPCommunication")));
}

static int
stopped(void *arg)
{
	return creds_stopped(arg);
}

int
creds_ask(struct finding *f, const struct http_options *options,
    unsigned attempts, long pause, const struct http_request *request,
    struct http_reply *reply)
{
	struct http *http = http_new(options);
	struct http_request r = *request;
	int status;

	r.stop = stopped;
	r.arg = f;
	for (;; creds_nap(f, pause)) {
		status = http_exchange(http, &r, reply);
		if (status == 0 ? !again(reply) : reply->final)
			break;
		if (--attempts == 0 || creds_stopped(f))
			break;
	}
	http_free(http);
	if (status != 0)
		buf_adds(&f->why, reply->error);
	return status;
}

void
creds_reply_free(struct http_reply *reply)
{
	secret_buf_free(&reply->body);
	http_reply_free(reply);
}
