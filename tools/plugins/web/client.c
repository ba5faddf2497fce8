#include "plugins/web/client.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "format/ref.h"
#include "plugins/web/broken.h"
#include "plugins/web/headers.h"

struct client {
	CURL *curl;
	struct buf url;	  /* without a slash at its end */
	struct buf where; /* its name in messages */
	struct buf line;
	struct headers headers;
	struct answer answer;
	size_t most;	   /* bytes of an answer; 0: any number */
	uint64_t size, ms; /* of the request, and its limit */
	bool packed;	   /* the answer has a Content-Encoding, */
	bool large;	   /* or more than most bytes */
	char error[CURL_ERROR_SIZE];
};

static size_t
on_body(char *p, size_t one, size_t n, void *data)
{
	struct client *c = data;

	if (c->most > 0 && one * n > c->most - c->answer.body.n) {
		c->large = true;
		return 0;
	}
	buf_add(&c->answer.body, p, one * n);
	return one * n;
}

static size_t
on_header(char *p, size_t one, size_t n, void *data)
{
	static const char encoding[] = "Content-Encoding:";
	struct client *c = data;
	size_t at = sizeof encoding - 1;

	if (n > at && strncasecmp(p, encoding, at) == 0) {
		while (at < n && p[at] == ' ')
			at++;
		c->packed =
		    n - at < 8 || strncasecmp(p + at, "identity", 8) != 0;
	} else if (n >= 5 && memcmp(p, "HTTP/", 5) == 0)
		c->packed = false;
	return one * n;
}

struct client *
client_new(const char *headers, struct buf *why)
{
	struct client *c = mem_alloc(sizeof *c);

	memset(c, 0, sizeof *c);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (c->curl = curl_easy_init()) == NULL) {
		buf_adds(why, "libcurl cannot be initialised");
		client_free(c);
		return NULL;
	}
	if (headers_take(&c->headers, headers, why) == -1) {
		client_free(c);
		return NULL;
	}
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
	curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->error);
	curl_easy_setopt(c->curl, CURLOPT_USERAGENT, "bt-predict/" BT_VERSION);
	curl_easy_setopt(
	    c->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	return c;
}

void
client_free(struct client *c)
{
	curl_easy_cleanup(c->curl);
	headers_free(&c->headers);
	buf_free(&c->url);
	buf_free(&c->where);
	buf_free(&c->line);
	buf_free(&c->answer.body);
	buf_free(&c->answer.broken);
	free(c);
}

static bool
take_url(struct client *c, CURLU *u, const char *url)
{
	char *shown = NULL;

	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0)
		return false;
	if (curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK)
		return false;
	c->url.n = c->where.n = 0;
	buf_adds(&c->url, url);
	curl_url_set(u, CURLUPART_USER, NULL, 0);
	curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
	if (curl_url_get(u, CURLUPART_URL, &shown, 0) == CURLUE_OK)
		buf_adds(&c->where, shown);
	curl_free(shown);
	while (c->url.n > 0 && c->url.p[c->url.n - 1] == '/')
		c->url.n--;
	while (c->where.n > 0 && c->where.p[c->where.n - 1] == '/')
		c->where.n--;
	return true;
}

int
client_place(
    struct client *c, const char *url, const char *socket, struct buf *why)
{
	CURLU *u = curl_url();
	char *host = NULL;
	bool good, local;

	if (url == NULL)
		url = "http://localhost";
	good = u != NULL && take_url(c, u, url);
	if (good) {
		/* No proxy for a server on this machine. */
		curl_url_get(u, CURLUPART_HOST, &host, 0);
		local = socket != NULL ||
			(host != NULL && (strcmp(host, "localhost") == 0 ||
					     strncmp(host, "127.", 4) == 0 ||
					     strcmp(host, "[::1]") == 0));
		curl_easy_setopt(c->curl, CURLOPT_PROXY, local ? "" : NULL);
		curl_free(host);
	} else
		buf_adds(why, "not http://host:port");
	curl_url_cleanup(u);
	if (socket != NULL) {
		c->where.n = 0;
		buf_addf(&c->where, "socket %s", socket);
	}
	curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	return good ? 0 : -1;
}

const char *
client_where(struct client *c)
{
	return buf_str(&c->where);
}

void
client_limit(struct client *c, size_t most)
{
	c->most = most;
}

static void
begin(struct client *c, const char *path, uint64_t size, uint64_t ms)
{
	struct answer *a = &c->answer;

	c->line.n = 0;
	buf_add(&c->line, c->url.p, c->url.n);
	buf_adds(&c->line, path);
	curl_easy_setopt(c->curl, CURLOPT_URL, buf_str(&c->line));
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers.sent);
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, (long)ms);
	curl_easy_setopt(
	    c->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CLIENT_CONNECT_MAX);
	a->status = 0;
	a->body.n = a->broken.n = 0;
	c->error[0] = '\0';
	c->packed = c->large = a->late = a->refused = false;
	c->size = size;
	c->ms = ms;
}

const struct answer *
client_end(struct client *c, CURLcode code)
{
	struct answer *a = &c->answer;
	struct broken b = { .curl = c->curl,
		.code = code,
		.error = c->error,
		.size = c->size,
		.ms = c->ms,
		.answer = a };
	curl_off_t wait = 0;
	char *type = NULL;

	curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &a->status);
	curl_easy_getinfo(c->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &wait);
	a->type = type;
	a->retry_after = wait > 0 ? (uint64_t)wait : 0;
	if (c->large)
		buf_addf(
		    &a->broken, "the answer has more than %zu bytes", c->most);
	else if (code != CURLE_OK)
		broken_say(&b);
	else if (c->packed)
		buf_adds(&a->broken,
		    "the answer is compressed, which was not requested");
	return a;
}

CURL *
client_handle(const struct client *c)
{
	return c->curl;
}

static const struct answer *
perform(struct client *c)
{
	return client_end(c, curl_easy_perform(c->curl));
}

const struct answer *
client_get(struct client *c, const char *path, uint64_t ms)
{
	headers_begin(&c->headers);
	curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	begin(c, path, 0, ms);
	return perform(c);
}

/* What a server may want to know of the batch. */
static void
add_place(struct client *c, const struct post *p)
{
	struct buf text = { 0 };

	ref_encode(&text, span_str(p->object));
	headers_add(&c->headers, "X-Bt-Object", buf_str(&text));
	text.n = 0;
	buf_addf(&text, "%" PRIu64, p->first_record);
	headers_add(&c->headers, "X-Bt-First-Record", buf_str(&text));
	text.n = 0;
	buf_addf(&text, "%" PRIu64, p->record_count);
	headers_add(&c->headers, "X-Bt-Record-Count", buf_str(&text));
	buf_free(&text);
}

CURL *
client_begin(
    struct client *c, const char *path, const struct post *p, uint64_t ms)
{
	headers_begin(&c->headers);
	headers_add(&c->headers, "Content-Type", p->content_type);
	headers_add(&c->headers, "Accept", p->accept);
	/* Servers that do not know it make the client wait a second. */
	headers_line(&c->headers, "Expect:");
	if (p->object != NULL)
		add_place(c, p);
	curl_easy_setopt(c->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    c->curl, CURLOPT_POSTFIELDS, p->size > 0 ? p->body : "");
	curl_easy_setopt(
	    c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->size);
	begin(c, path, p->size, ms);
	return c->curl;
}

const struct answer *
client_post(
    struct client *c, const char *path, const struct post *p, uint64_t ms)
{
	client_begin(c, path, p, ms);
	return perform(c);
}
