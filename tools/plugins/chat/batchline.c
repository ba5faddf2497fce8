#include "plugins/chat/batchline.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "format/json.h"
#include "plugins/chat/settings.h"
#include "plugins/web/rows.h"

/* A path goes into a request's first line.  The key goes with it: no other
 * paths than those that ask a model. */
static int
check_path(struct span path, struct buf *why)
{
	size_t i;

	for (i = 0; i < path.n; i++)
		if (path.p[i] <= ' ' || path.p[i] >= 0x7f)
			break;
	if (i == path.n && endpoint_find(path) != ENDPOINT_NONE)
		return 0;
	buf_adds(why,
	    "url: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings");
	return -1;
}

int
batchline_read(struct batchline *l, struct span record, struct buf *why)
{
	const char *reason;
	struct span object, value;
	size_t at;

	if (json_check(record, &object, &reason, &at) == -1) {
		buf_addf(why, "not JSON at byte %zu: %s", at, reason);
		return -1;
	}
	if (json_kind(object) != JSON_IS_OBJECT ||
	    !json_member(object, span_str("custom_id"), &l->custom_id) ||
	    json_kind(l->custom_id) != JSON_IS_STRING) {
		buf_adds(why,
		    "no request of OpenAI's batch format: custom_id, a string, is missing (chat.json has no body)");
		return -1;
	}
	if (json_member(object, span_str("method"), &value) &&
	    !json_string_is(value, span_str("POST"))) {
		buf_adds(why, "method: not POST");
		return -1;
	}
	if (!json_member(object, span_str("url"), &value) ||
	    json_kind(value) != JSON_IS_STRING) {
		buf_adds(why, "url: not a string");
		return -1;
	}
	l->path.n = 0;
	json_unquote(&l->path, value);
	if (check_path(buf_span(&l->path), why) == -1)
		return -1;
	if (!json_member(object, span_str("body"), &l->body) ||
	    json_kind(l->body) != JSON_IS_OBJECT) {
		buf_adds(why, "body: not an object");
		return -1;
	}
	if (json_member(l->body, span_str("stream"), &value) &&
	    json_kind(value) == JSON_IS_TRUE) {
		buf_adds(why, "body: stream: answers are read whole");
		return -1;
	}
	return 0;
}

void
batchline_add(struct buf *out, struct span custom_id, uint64_t number,
    long status, struct span body)
{
	struct span value, id = span_str("null");
	const char *reason;
	size_t at;
	bool json = json_check(body, &value, &reason, &at) == 0;

	buf_addf(
	    out, "{\"id\":\"batch_req_%" PRIu64 "\",\"custom_id\":", number);
	buf_add(out, custom_id.p, custom_id.n);
	if (json && json_kind(value) == JSON_IS_OBJECT &&
	    json_member(value, span_str("id"), &id) &&
	    json_kind(id) != JSON_IS_STRING)
		id = span_str("null");
	buf_addf(
	    out, ",\"response\":{\"status_code\":%ld,\"request_id\":", status);
	buf_add(out, id.p, id.n);
	buf_adds(out, ",\"body\":");
	if (json)
		rows_compact(out, value);
	else if (utf8_valid(body))
		json_quote(out, body);
	else
		buf_adds(out, "null");
	buf_adds(out, "},\"error\":null}");
}
