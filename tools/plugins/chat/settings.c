#include "plugins/chat/settings.h"

#include <errno.h>
#include <stdlib.h>

#include "base/load.h"
#include "base/num.h"
#include "format/json.h"
#include "plugins/web/variable.h"

enum {
	FILE_MAX = 1 << 20,
	IN_FLIGHT_MAX = 1024,
	RECORDS_MAX = 2048, /* inputs of an embeddings request, at OpenAI */
	KEEPS_MIN = 64 << 20,
	KEY_SHOWN = 8 /* its first bytes that a message may have */
};

static struct span
unquoted(struct buf *out, struct span string)
{
	out->n = 0;
	json_unquote(out, string);
	buf_str(out);
	return buf_span(out);
}

static int
read_string(struct buf *out, struct span value, struct buf *why)
{
	if (json_kind(value) != JSON_IS_STRING) {
		buf_adds(why, "not a string");
		return -1;
	}
	if (memchr(unquoted(out, value).p, '\0', out->n) == NULL)
		return 0;
	buf_adds(why, "NUL in it");
	return -1;
}

static int
read_number(uint64_t *n, struct span value, uint64_t max, struct buf *why)
{
	const char *reason;

	*n = num_parse(value, 1, max, &reason);
	if (reason != NULL)
		buf_adds(why, reason);
	return reason == NULL ? 0 : -1;
}

static int
read_price(double *price, struct span prices, const char *name, struct buf *why)
{
	struct span value;
	char *end;
	struct buf text = { 0 };

	*price = 0;
	if (!json_member(prices, span_str(name), &value))
		return 0;
	buf_add(&text, value.p, value.n);
	*price = strtod(buf_str(&text), &end);
	if (json_kind(value) != JSON_IS_NUMBER || *price < 0 || *end != '\0') {
		buf_addf(why, "%s: not a price", name);
		*price = -1;
	}
	buf_free(&text);
	return *price < 0 ? -1 : 0;
}

static int
read_prices(struct settings *s, struct span value, struct buf *why)
{
	struct json_walk w = { .value = value };

	if (json_kind(value) != JSON_IS_OBJECT) {
		buf_adds(why, "not an object");
		return -1;
	}
	while (json_next(&w))
		if (!json_string_is(w.key, span_str("prompt")) &&
		    !json_string_is(w.key, span_str("completion"))) {
			buf_adds(why, "prompt and completion are expected");
			return -1;
		}
	s->priced = true;
	if (read_price(&s->prompt_price, value, "prompt", why) == -1)
		return -1;
	return read_price(&s->completion_price, value, "completion", why);
}

static int
read_columns(struct settings *s, struct span value, struct buf *why)
{
	struct json_walk w = { .value = value };

	s->columns = value;
	if (json_kind(value) == JSON_IS_ARRAY && !json_empty(value)) {
		while (json_next(&w))
			if (json_kind(w.item) != JSON_IS_STRING)
				break;
		if (w.item.p == NULL || json_kind(w.item) == JSON_IS_STRING)
			return 0;
	}
	buf_adds(why, "not an array of names");
	return -1;
}

static int
read_seconds(uint64_t *ms, struct span value, struct buf *why)
{
	int got = read_number(ms, value, 86400, why);

	*ms *= 1000;
	return got;
}

/* Reads one member of chat.json; body is looked at later. */
static int
read_member(struct settings *s, struct span key, struct span value,
    struct span *body, struct buf *why)
{
	struct buf name = { 0 };
	struct span n = unquoted(&name, key);
	int got = -1;

	buf_addf(why, "%s: ", name.p);
	if (span_is(n, "server"))
		got = read_string(&s->server, value, why);
	else if (span_is(n, "url"))
		got = read_string(&s->path, value, why);
	else if (span_is(n, "columns"))
		got = read_columns(s, value, why);
	else if (span_is(n, "tries"))
		got = read_number(&s->tries, value, 100, why);
	else if (span_is(n, "timeout"))
		got = read_seconds(&s->timeout, value, why);
	else if (span_is(n, "in_flight"))
		got = read_number(&s->in_flight, value, IN_FLIGHT_MAX, why);
	else if (span_is(n, "records_per_request"))
		got = read_number(
		    &s->records_per_request, value, RECORDS_MAX, why);
	else if (span_is(n, "prices"))
		got = read_prices(s, value, why);
	else if (!span_is(n, "body"))
		buf_adds(why, "not a setting of bt-chat(7)");
	else if (json_kind(value) != JSON_IS_OBJECT)
		buf_adds(why, "not an object");
	else {
		*body = value;
		got = 0;
	}
	buf_free(&name);
	return got;
}

enum endpoint
endpoint_find(struct span path)
{
	static const char *const ends[] = { "/chat/completions", "/completions",
		"/embeddings" };
	const char *query = memchr(path.p, '?', path.n);
	enum endpoint e;
	size_t n;

	if (query != NULL)
		path.n = (size_t)(query - path.p);
	for (e = 0; e < ENDPOINT_NONE; e++) {
		n = strlen(ends[e]);
		if (path.n >= n && path.p[0] == '/' &&
		    memcmp(path.p + path.n - n, ends[e], n) == 0)
			break;
	}
	return e;
}

/* Finds out what to ask for, from the body if there is no url. */
static int
set_endpoint(struct settings *s, struct span body, struct buf *why)
{
	static const char *const paths[] = { "/v1/chat/completions",
		"/v1/completions", "/v1/embeddings" };
	static const char *const members[] = { "messages", "prompt", "input" };
	struct span value;
	size_t i;

	for (i = 0; s->path.n == 0 && i < ENDPOINT_NONE; i++)
		if (json_member(body, span_str(members[i]), &value))
			buf_adds(&s->path, paths[i]);
	if (s->path.n == 0) {
		buf_adds(why, "body: messages, prompt or input is missing");
		return -1;
	}
	s->endpoint = endpoint_find(buf_span(&s->path));
	if (s->endpoint != ENDPOINT_NONE)
		return 0;
	buf_addf(why,
	    "url: %s: not a path like /v1/chat/completions, /v1/completions or /v1/embeddings",
	    buf_str(&s->path));
	return -1;
}

/* Reads what form the body asks answers to have: OpenAI's response_format, and
 * those of llama.cpp, {"type":"json_object","schema":...}, and TGI,
 * {"type":"json","value":...}. */
static int
read_format(struct settings *s, struct span body, struct buf *why)
{
	struct span format, type, schema = { 0 }, value;
	json_error_t error;

	if (!json_member(body, span_str("response_format"), &format) ||
	    json_kind(format) != JSON_IS_OBJECT ||
	    !json_member(format, span_str("type"), &type) ||
	    json_kind(type) != JSON_IS_STRING ||
	    json_string_is(type, span_str("text")))
		return 0;
	s->json = true;
	if (json_member(format, span_str("json_schema"), &value) &&
	    json_kind(value) == JSON_IS_OBJECT)
		json_member(value, span_str("schema"), &schema);
	else if (!json_member(format, span_str("schema"), &schema) &&
		 json_member(format, span_str("value"), &value) &&
		 json_kind(value) == JSON_IS_OBJECT &&
		 !json_member(value, span_str("schema"), &schema))
		schema = value;
	if (schema.p == NULL)
		return 0;
	s->schema = json_loadb(schema.p, schema.n, JSON_DECODE_ANY, &error);
	if (json_is_object(s->schema))
		return 0;
	buf_adds(why, "body: response_format: the schema is not an object");
	return -1;
}

static int
read_body(struct settings *s, struct span body, struct buf *why)
{
	static const char *const many[] = { NULL, "prompt", "input" };
	struct span value;
	size_t start = why->n;

	if (set_endpoint(s, body, why) == -1)
		return -1;
	if (json_member(body, span_str("stream"), &value) &&
	    json_kind(value) == JSON_IS_TRUE) {
		buf_adds(why, "body: stream: answers are read whole");
		return -1;
	}
	if (s->records_per_request == 0)
		s->records_per_request =
		    s->endpoint == ENDPOINT_EMBEDDINGS ? 32 : 1;
	if (s->records_per_request > 1 && s->endpoint == ENDPOINT_CHAT) {
		buf_adds(why, "records_per_request: a chat has one record");
		return -1;
	}
	if (s->endpoint != ENDPOINT_EMBEDDINGS &&
	    read_format(s, body, why) == -1)
		return -1;
	if (s->columns.n > 0 && !s->json) {
		buf_adds(why,
		    "columns: only for answers of JSON, which response_format in body asks for");
		return -1;
	}
	buf_adds(why, "body: ");
	if (template_read(&s->template, body,
		s->records_per_request > 1 ? many[s->endpoint] : NULL,
		why) == -1)
		return -1;
	why->n = start;
	return 0;
}

static int
read_file(struct settings *s, struct buf *why)
{
	struct json_walk w = { 0 };
	struct span body = { 0 };
	const char *reason;
	size_t at, start = why->n;

	if (json_check(buf_span(&s->file), &w.value, &reason, &at) == -1) {
		buf_addf(why, "byte %zu: %s", at, reason);
		return -1;
	}
	if (json_kind(w.value) != JSON_IS_OBJECT) {
		buf_adds(why, "not a JSON object");
		return -1;
	}
	for (; json_next(&w); why->n = start)
		if (read_member(s, w.key, w.item, &body, why) == -1)
			return -1;
	s->batch = body.n == 0;
	if (!s->batch)
		return read_body(s, body, why);
	s->records_per_request = 1;
	if (s->path.n == 0 && s->columns.n == 0)
		return 0;
	buf_adds(why,
	    "url and columns need a body; without one each record is a request with its own url");
	return -1;
}

/* A key goes into a header: no blanks, no control bytes. */
static bool
is_key_text(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0;
}

static int
read_key_file(struct settings *s, const char *path, struct buf *why)
{
	if (load_at_most(path, 1 << 16, &s->key) == -1) {
		buf_addf(why, "BT_CHAT_KEY_FILE=%s: %s", path, strerror(errno));
		return -1;
	}
	while (s->key.n > 0 && strchr("\r\n", s->key.p[s->key.n - 1]) != NULL)
		s->key.n--;
	return 0;
}

/* Messages do not quote the key.  All users of a machine see a parameter, and
 * it is written to a job's folder. */
static int
read_key(struct settings *s, const struct bt_load *load, struct buf *why)
{
	const char *key = variable_get("BT_CHAT_KEY");
	const char *path = variable_get("BT_CHAT_KEY_FILE");
	const char *more = variable_get("BT_HTTP_HEADERS");
	size_t i;

	for (i = 0; i < load->parameter_count; i++)
		if (strcmp(load->parameters[i].key, "BT_CHAT_KEY") == 0) {
			buf_adds(why,
			    "-E BT_CHAT_KEY shows the key to all users: set it in the environment, or BT_CHAT_KEY_FILE");
			return -1;
		}
	if (more != NULL)
		buf_adds(&s->headers, more);
	if (key == NULL && path == NULL)
		return 0;
	if (key != NULL)
		buf_adds(&s->key, key);
	else if (read_key_file(s, path, why) == -1)
		return -1;
	if (!is_key_text(buf_span(&s->key))) {
		buf_addf(why, "%s: a key is one word without blanks",
		    key != NULL ? "BT_CHAT_KEY" : "BT_CHAT_KEY_FILE");
		return -1;
	}
	if (s->headers.n > 0)
		buf_addc(&s->headers, '\n');
	buf_adds(&s->headers, "Authorization: Bearer ");
	buf_add(&s->headers, s->key.p, s->key.n);
	return 0;
}

static int
read_environment(
    struct settings *s, const struct bt_load *load, struct buf *why)
{
	const char *server = variable_get("BT_HTTP_URL"), *reason;
	const char *payload = variable_get("SAGEMAKER_MAX_PAYLOAD_IN_MB");
	uint64_t seconds;

	if (server != NULL) {
		s->server.n = 0;
		buf_adds(&s->server, server);
	}
	if (s->server.n == 0) {
		buf_adds(
		    why, "chat.json: server: missing, and so is BT_HTTP_URL");
		return -1;
	}
	if (read_key(s, load, why) == -1 ||
	    variable_seconds("BT_START_TIMEOUT", 1800, &seconds, why) == -1)
		return -1;
	s->patience = variable_before(seconds);
	if (variable_seconds(
		"BT_INVOCATIONS_TIMEOUT_IN_SECONDS", 0, &seconds, why) == -1)
		return -1;
	s->limit = seconds > 0 ? variable_before(seconds) : 0;
	s->keeps = KEEPS_MIN;
	if (payload != NULL) {
		s->keeps = num_parse(span_str(payload), 0, 1 << 20, &reason)
			   << 22;
		if (s->keeps < KEEPS_MIN)
			s->keeps = KEEPS_MIN;
	}
	return 0;
}

int
settings_read(struct settings *s, const struct bt_load *load, struct buf *why)
{
	struct buf path = { 0 };
	size_t start = why->n;
	int got;

	if (load->model_dir == NULL) {
		buf_adds(why, "a model folder with chat.json is required: -d");
		return -1;
	}
	s->tries = 4;
	s->in_flight = 16;
	buf_addf(&path, "%s/chat.json", load->model_dir);
	buf_addf(why, "%s: ", buf_str(&path));
	got = load_at_most(path.p, FILE_MAX, &s->file);
	if (got == -1)
		buf_adds(why, strerror(errno));
	else
		got = read_file(s, why);
	buf_free(&path);
	if (got == -1)
		return -1;
	why->n = start;
	return read_environment(s, load, why);
}

void
settings_free(struct settings *s)
{
	buf_free(&s->file);
	buf_free(&s->server);
	buf_free(&s->path);
	buf_free(&s->headers);
	buf_free(&s->key);
	template_free(&s->template);
	json_decref(s->schema);
}

void
settings_hide(const struct settings *s, struct buf *text)
{
	size_t i, n;

	for (i = 0; i < text->n; i++) {
		for (n = 0; n < s->key.n && i + n < text->n &&
			    text->p[i + n] == s->key.p[n];)
			n++;
		if (n > 0 && (n == s->key.n || n >= KEY_SHOWN))
			memset(text->p + i, '*', n);
	}
}
