#include "plugins/web/broken.h"

#include <inttypes.h>

static uint64_t
info(CURL *curl, CURLINFO what)
{
	curl_off_t v = 0;

	return curl_easy_getinfo(curl, what, &v) == CURLE_OK && v > 0
		   ? (uint64_t)v
		   : 0;
}

/* How far the request got before its time was over. */
static void
say_late(const struct broken *b)
{
	struct buf *out = &b->answer->broken;
	uint64_t sent = info(b->curl, CURLINFO_SIZE_UPLOAD_T), ms = b->ms;

	if (info(b->curl, CURLINFO_PRETRANSFER_TIME_T) == 0 && sent == 0) {
		buf_adds(out, "no connection");
		b->answer->refused = true;
		if (ms == 0 || ms > CLIENT_CONNECT_MAX)
			ms = CLIENT_CONNECT_MAX;
	} else if (sent < b->size)
		buf_addf(out,
		    "only %" PRIu64 " of %" PRIu64 " bytes were accepted", sent,
		    b->size);
	else if (b->answer->status == 0)
		buf_adds(out, "connected and sent, but no answer");
	else
		buf_addf(
		    out, "only %zu bytes of the answer", b->answer->body.n);
	/* Rounded: the exact limit depends on the time of earlier steps. */
	if (ms >= 500)
		ms = (ms + 50) / 100 * 100;
	buf_addf(out, " within %g s", (double)ms / 1000);
}

static void
say_cut(const struct broken *b)
{
	struct buf *out = &b->answer->broken;
	curl_off_t length = -1;

	curl_easy_getinfo(b->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	buf_addf(out, "the connection was closed after %zu", b->answer->body.n);
	if (length >= 0)
		buf_addf(out, " of %" PRIu64, (uint64_t)length);
	buf_adds(out, " bytes of the answer");
}

void
broken_say(const struct broken *b)
{
	struct buf *out = &b->answer->broken;
	long error = 0;

	switch (b->code) {
	case CURLE_OPERATION_TIMEDOUT:
		b->answer->late = true;
		say_late(b);
		return;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
		b->answer->refused = true;
		break;
	case CURLE_COULDNT_CONNECT:
		buf_adds(out, "no connection");
		b->answer->refused = true;
		curl_easy_getinfo(b->curl, CURLINFO_OS_ERRNO, &error);
		if (error == 0)
			break;
		buf_addf(out, ": %s", strerror((int)error));
		return;
	case CURLE_GOT_NOTHING:
		buf_adds(out, "the connection was closed without an answer");
		return;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
		buf_adds(out, "the answer is not HTTP");
		break;
	case CURLE_SEND_ERROR:
		buf_addf(out,
		    "the connection was closed after %" PRIu64 " of %" PRIu64
		    " bytes were sent",
		    info(b->curl, CURLINFO_SIZE_UPLOAD_T), b->size);
		return;
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		if (b->answer->status != 0)
			say_cut(b);
		else
			buf_adds(
			    out, "the connection was closed without an answer");
		return;
	default:
		break;
	}
	if (out->n > 0)
		buf_adds(out, ": ");
	buf_adds(
	    out, b->error[0] != '\0' ? b->error : curl_easy_strerror(b->code));
}
