/*
 * A server's answers, headers and bodies, as libcurl hands them over: lists,
 * errors, objects and their ranges, uploads.  libcurl itself is left out, and
 * pauses too: see the Makefile.  The first byte says what is asked for; the
 * rest is the answers, one after the other.
 */
#include <curl/curl.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "words.h"

#include "base/mem.h"
#include "s3/get.h"
#include "s3/list.h"
#include "s3/put.h"

CURLcode __wrap_curl_easy_setopt(CURL *curl, CURLoption option, ...);
CURLcode __wrap_curl_easy_perform(CURL *curl);
int __wrap_nanosleep(const struct timespec *t, struct timespec *rest);

static const char *const words[] = { "HTTP/1.1 200 OK\r\n",
	"HTTP/1.1 206 Partial\r\n", "HTTP/1.1 301 Moved\r\n",
	"HTTP/1.1 400 Bad\r\n", "HTTP/1.1 403 No\r\n", "HTTP/1.1 404 No\r\n",
	"HTTP/1.1 412 No\r\n", "HTTP/1.1 416 No\r\n", "HTTP/1.1 503 Slow\r\n",
	"\r\n\r\n", "\r\n", "ETag: \"0\"\r\n",
	"ETag: ", "Content-Length: 16\r\n",
	"Content-Length: ", "Content-Range: bytes 0-15/16\r\n",
	"Content-Range: bytes ", "Location: http://x/\r\n",
	"x-amz-bucket-region: ", "Date: Fri, 24 May 2013 00:00:00 GMT\r\n",
	"Retry-After: 1\r\n", "x-amz-checksum-crc32: ", "Last-Modified: x\r\n",
	"0123456789abcdef", "<Error>", "</Error>", "<Code>", "</Code>",
	"<Message>", "</Message>", "<Region>", "</Region>", "SlowDown",
	"ExpiredToken", "RequestTimeTooSkewed", "<ListBucketResult>",
	"</ListBucketResult>", "<Contents>", "</Contents>", "<Key>", "</Key>",
	"<Size>", "</Size>", "<ETag>", "</ETag>", "<LastModified>",
	"</LastModified>", "<IsTruncated>true</IsTruncated>",
	"<NextContinuationToken>", "</NextContinuationToken>",
	"<EncodingType>url</EncodingType>", "<InitiateMultipartUploadResult>",
	"<UploadId>u</UploadId>", "</InitiateMultipartUploadResult>",
	"<ErrorResponse>", "</ErrorResponse>", "Location: http://h/buc/key\r\n",
	"x-amz-checksum-crc64nvme: ",
	"<Contents><Key>p/a</Key><Size>1</Size></Contents>", "%2F", "&amp;",
	"<![CDATA[", "]]>", "<!DOCTYPE x [", "<?xml version=\"1.0\"?>", "p/" };

enum { WORDS = sizeof words / sizeof *words, ANSWERS_MAX = 40 };

static struct buf bytes; /* of the answers that are left */
static size_t at;
static unsigned answers;

static curl_write_callback take_header, take_body;
static void *header_arg, *body_arg;

CURLcode
__wrap_curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
	va_list list;

	(void)curl;
	va_start(list, option);
	if (option == CURLOPT_HEADERFUNCTION)
		take_header = va_arg(list, curl_write_callback);
	else if (option == CURLOPT_WRITEFUNCTION)
		take_body = va_arg(list, curl_write_callback);
	else if (option == CURLOPT_HEADERDATA)
		header_arg = va_arg(list, void *);
	else if (option == CURLOPT_WRITEDATA)
		body_arg = va_arg(list, void *);
	va_end(list);
	return CURLE_OK;
}

int
__wrap_nanosleep(const struct timespec *t, struct timespec *rest)
{
	(void)t, (void)rest;
	return 0;
}

/* Up to the next answer's first line, or all. */
static size_t
until_next(void)
{
	const char *p = bytes.p + at;
	size_t left = bytes.n - at, i;

	for (i = 1; i + 7 < left; i++)
		if (memcmp(p + i, "HTTP/1.", 7) == 0)
			return i;
	return left;
}

/* libcurl hands over lines whole, and a body in pieces. */
CURLcode
__wrap_curl_easy_perform(CURL *curl)
{
	size_t n, end, line, piece;
	char *p;

	(void)curl;
	if (at == bytes.n || ++answers > ANSWERS_MAX)
		return CURLE_COULDNT_CONNECT;
	end = at + until_next();
	do {
		p = memchr(bytes.p + at, '\n', end - at);
		line = p == NULL ? end - at : (size_t)(p + 1 - bytes.p) - at;
		if (take_header(bytes.p + at, 1, line, header_arg) != line) {
			at = end;
			return CURLE_WRITE_ERROR;
		}
		at += line;
	} while (at < end && line > 2);
	for (; at < end; at += n) {
		piece = 1 + (size_t)(unsigned char)bytes.p[at] % 37;
		n = piece < end - at ? piece : end - at;
		if (take_body(bytes.p + at, 1, n, body_arg) != n) {
			at = end;
			return CURLE_WRITE_ERROR;
		}
	}
	return answers % 5 == 4 ? CURLE_RECV_ERROR : CURLE_OK;
}

struct taking {
	uint64_t from, got;
};

static int
take(void *arg, const struct s3_version *v, const void *p, size_t n,
    struct buf *why)
{
	struct taking *t = arg;

	(void)why, (void)p;
	want(v->known && n > 0);
	t->got += n;
	return 0;
}

static void
get(struct s3_conn *conn, uint64_t from, uint64_t n, bool known)
{
	struct taking t = { from, 0 };
	struct s3_get g = { "buc", "key", from, n, take, &t };
	struct s3_version v = { 0 };
	struct buf why = { 0 };
	int status;

	if (known)
		v = (struct s3_version){ .known = true,
			.size = 16,
			.etag = mem_dup("\"0\"", 3),
			.ranged = true };
	status = s3_get(conn, &g, &v, &why);
	want((status == 0) == (why.n == 0));
	if (status == 0)
		want(v.known && t.got >= (v.size <= from	 ? 0
					     : v.size - from < n ? v.size - from
								 : n));
	s3_version_free(&v);
	buf_free(&why);
}

static void
list(struct s3_conn *conn)
{
	struct s3_list *l = s3_list_new(conn, "buc", "p/");
	struct buf why = { 0 }, last = { 0 };
	struct s3_listed o;
	int status;

	while ((status = s3_list_next(l, &o, &why)) == 1) {
		want(strncmp(o.key, "p/", 2) == 0);
		want(last.n == 0 || strcmp(buf_str(&last), o.key) < 0);
		last.n = 0;
		buf_adds(&last, o.key);
	}
	want((status == 0) == (why.n == 0));
	s3_list_free(l);
	buf_free(&why);
	buf_free(&last);
}

static void
put(struct s3_client *client, struct s3_conn *conn, size_t n)
{
	struct s3_put_options o = { .if_none_match = n % 2 == 1,
		.connections = 1 };
	struct buf why = { 0 };
	struct s3_put *p = s3_put_new(client, conn, "buc", "key", &o, &why);

	want((p == NULL) == (why.n > 0));
	if (p != NULL && s3_put_write(p, "abc", n % 4, &why) != 0)
		s3_put_abort(p, &why);
	else if (p != NULL)
		want((s3_put_commit(p, &why) == 0) == (why.n == 0));
	buf_free(&why);
}

static struct s3_client *
new_client(void)
{
	struct s3_options options = { .no_sign_request = true,
		.endpoint_url = "http://h" };
	struct s3_settings *s;
	char *why = s3_settings_load(&options, &s);

	want(why == NULL);
	return s3_client_new(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct s3_client *client;
	struct s3_conn *conn;

	if (size < 2)
		return 0;
	bytes.n = at = answers = 0;
	spell(&bytes, data + 1, size - 1, words, WORDS);
	client = new_client();
	conn = s3_conn_new(client);
	if (data[0] % 4 == 0)
		list(conn);
	else if (data[0] % 4 == 1)
		get(conn, data[0] / 4 % 8, 1 + data[0] / 32, data[0] % 8 < 4);
	else if (data[0] % 4 == 2)
		get(conn, 0, UINT64_MAX, false);
	else
		put(client, conn, data[0] / 4);
	s3_conn_free(conn);
	s3_client_free(client);
	return 0;
}
