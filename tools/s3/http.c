#include "s3/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "base/say.h"

enum {
	RECEIVE = 512 * 1024, /* the most libcurl takes: for a sink */
	RECEIVE_LITTLE = 16 * 1024,
	SEND = 256 * 1024,
	BODY_MAX = 64 * 1024 * 1024,
	HEADERS_MAX = 1024 * 1024,
};

struct http {
	CURL *curl;
	struct http_options options;
	const char *proxy; /* the variable that has it, or NULL */
	int no_socket;	   /* errno, or 0 */
	char error[CURL_ERROR_SIZE];
};

/* The state that the callbacks of one exchange share. */
struct exchange {
	const struct http_request *request;
	struct http_reply *reply;
	struct http *h;
	curl_off_t bytes; /* sent and received */
	time_t since;	  /* when the last of them did */
	bool silent;	  /* for longer than read_timeout */
};

/* In seconds. */
static time_t
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void
start(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		say_exit(1, "libcurl cannot be started");
}

static size_t
take_header(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *e = arg;
	struct http_reply *reply = e->reply;
	const char *end, *colon, *value;

	n *= size;
	end = p + n;
	reply->answered = true;
	e->since = clock_now();
	/* The last answer's, not those of a proxy or a 100 before it. */
	if (n > 5 && memcmp(p, "HTTP/", 5) == 0) {
		const char *blank = memchr(p, ' ', n);

		reply->headers.n = 0;
		reply->status = blank == NULL ? 0 : atoi(blank + 1);
		return n;
	}
	if (reply->headers.n + n > HEADERS_MAX || memchr(p, '\0', n) != NULL)
		return 0;
	if ((colon = memchr(p, ':', n)) == NULL)
		return n;
	for (value = colon + 1; value < end && strchr(" \t", *value) != NULL;)
		value++;
	while (end > value && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	/* NAME, a NUL, VALUE, a NUL. */
	buf_add(&reply->headers, p, (size_t)(colon - p));
	buf_addc(&reply->headers, '\0');
	buf_add(&reply->headers, value, (size_t)(end - value));
	buf_addc(&reply->headers, '\0');
	return n;
}

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *e = arg;
	struct http_reply *reply = e->reply;

	n *= size;
	reply->got += n;
	if (e->request->sink != NULL && reply->status / 100 == 2) {
		if (e->request->sink(e->request->arg, reply, p, n) != 0) {
			reply->sink_ended = true;
			return CURL_WRITEFUNC_ERROR;
		}
		return n;
	}
	if (reply->body.n < BODY_MAX)
		buf_add(&reply->body, p,
		    n < BODY_MAX - reply->body.n ? n
						 : BODY_MAX - reply->body.n);
	return n;
}

static int
look_up(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct exchange *e = arg;
	unsigned most = e->h->options.read_timeout;
	time_t now = clock_now();
	curl_off_t ready = 0; /* 0 while connecting, which has its own limit */

	(void)a, (void)c;
	curl_easy_getinfo(e->h->curl, CURLINFO_PRETRANSFER_TIME_T, &ready);
	if (b + d != e->bytes || ready == 0) {
		e->bytes = b + d;
		e->since = now;
	} else if (most != 0 && now - e->since > (time_t)most) {
		e->silent = true;
		return 1;
	}
	return e->request->stop == NULL ? 0 : e->request->stop(e->request->arg);
}

static const char *
set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] != '\0' ? variable : NULL;
}

/* The variable that names the proxy, or NULL; libcurl reads no_proxy.  In
 * CGI, HTTP_PROXY is the client's "Proxy:" header. */
static const char *
proxy_of(const char *url)
{
	const char *variable;

	if (strncasecmp(url, "https:", 6) == 0) {
		if ((variable = set("https_proxy")) == NULL)
			variable = set("HTTPS_PROXY");
	} else if ((variable = set("http_proxy")) == NULL &&
		   getenv("REQUEST_METHOD") == NULL) {
		variable = set("HTTP_PROXY");
	}
	if (variable == NULL && (variable = set("all_proxy")) == NULL)
		variable = set("ALL_PROXY");
	return variable;
}

/* Whether libcurl and its writer agree on the URL: a '/', '?' or '#' in a
 * password ends the host, and the part before it becomes the host's name. */
static bool
is_proxy(const char *text)
{
	static const char *const schemes[] = { "http", "https", "socks4",
		"socks4a", "socks5", "socks5h" };
	const char *host = strstr(text, "://");
	CURLU *url;
	size_t i = 0;
	bool right;

	for (; host != NULL && i < sizeof schemes / sizeof *schemes; i++)
		if (strlen(schemes[i]) == (size_t)(host - text) &&
		    strncasecmp(schemes[i], text, (size_t)(host - text)) == 0)
			break;
	if (i == sizeof schemes / sizeof *schemes)
		return false;
	host = host == NULL ? text : host + 3;
	if (strchr(host + strcspn(host, "/?#"), '@') != NULL)
		return false;
	if ((url = curl_url()) == NULL)
		say_exit(1, "out of memory");
	right = curl_url_set(url, CURLUPART_URL, text,
		    CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == CURLUE_OK;
	curl_url_cleanup(url);
	return right;
}

/* Opened here, so that a lack of descriptors is reported, and so that the
 * programs we start inherit no connection. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct http *h = arg;
	int fd = socket(a->family, a->socktype, a->protocol);

	(void)purpose;
	if (fd != -1)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	else if (errno != EAFNOSUPPORT)
		h->no_socket = errno;
	return fd == -1 ? CURL_SOCKET_BAD : fd;
}

static void
set_options(CURL *curl, const struct http_options *o)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(
	    curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
	curl_easy_setopt(
	    curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, (long)SEND);
	curl_easy_setopt(
	    curl, CURLOPT_CONNECTTIMEOUT, (long)o->connect_timeout);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)o->read_timeout);
	if (o->ca_bundle != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, o->ca_bundle);
	if (!o->verify_ssl) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

struct http *
http_new(const struct http_options *options)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct http *h = mem_alloc(sizeof *h);

	pthread_once(&once, start);
	memset(h, 0, sizeof *h);
	h->options = *options;
	if ((h->curl = curl_easy_init()) == NULL)
		say_exit(1, "libcurl cannot be started");
	return h;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->curl);
	free(h);
}

void
http_set_read_timeout(struct http *h, unsigned seconds)
{
	h->options.read_timeout = seconds;
}

static struct curl_slist *
add_line(struct curl_slist *list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(list, line);

	if (longer == NULL)
		say_exit(1, "out of memory");
	return longer;
}

/* Removes headers that libcurl adds by itself: a form's type, a pause before
 * the body. */
static struct curl_slist *
header_lines(struct s3_pairs headers)
{
	struct curl_slist *list = add_line(NULL, "Expect:");
	bool typed = false;
	struct buf line = { 0 };
	size_t i;

	for (i = 0; i < headers.n; i++) {
		typed |= strcasecmp(headers.p[i].name, "Content-Type") == 0;
		line.n = 0;
		buf_adds(&line, headers.p[i].name);
		if (headers.p[i].value[0] == '\0') {
			buf_addc(&line, ';');
		} else {
			buf_adds(&line, ": ");
			buf_adds(&line, headers.p[i].value);
		}
		list = add_line(list, buf_str(&line));
	}
	if (!typed)
		list = add_line(list, "Content-Type:");
	buf_free(&line);
	return list;
}

static void
set_request(struct http *h, const struct exchange *e, struct curl_slist *lines)
{
	const struct http_request *r = e->request;

	/* Keeps the connection. */
	curl_easy_reset(h->curl);
	set_options(h->curl, &h->options);
	h->proxy = h->options.proxies ? proxy_of(r->url) : NULL;
	curl_easy_setopt(
	    h->curl, CURLOPT_PROXY, h->proxy != NULL ? getenv(h->proxy) : "");
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h->curl, CURLOPT_OPENSOCKETDATA, h);
	curl_easy_setopt(h->curl, CURLOPT_URL, r->url);
	curl_easy_setopt(h->curl, CURLOPT_BUFFERSIZE,
	    r->sink != NULL ? (long)RECEIVE : (long)RECEIVE_LITTLE);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->error);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, lines);
	curl_easy_setopt(h->curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(h->curl, CURLOPT_HEADERDATA, e);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, e);
	curl_easy_setopt(h->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(h->curl, CURLOPT_XFERINFOFUNCTION, look_up);
	curl_easy_setopt(h->curl, CURLOPT_XFERINFODATA, e);
	if (strcmp(r->method, "HEAD") == 0) {
		curl_easy_setopt(h->curl, CURLOPT_NOBODY, 1L);
	} else if (r->body != NULL || strcmp(r->method, "GET") != 0) {
		/* Even without a body: it says that its length is 0. */
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)r->body_n);
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS,
		    r->body != NULL ? r->body : "");
		curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, r->method);
	}
}

/* With NOSIGNAL libcurl leaves SIGPIPE to us, and OpenSSL writes to sockets
 * that may be closed.  It is blocked rather than ignored, because the tool
 * needs it if standard output is a pipe. */
static CURLcode
perform(CURL *curl)
{
	const struct timespec now = { 0 };
	sigset_t set, old, pending;
	CURLcode code;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	code = curl_easy_perform(curl);
	if (!sigismember(&old, SIGPIPE) && sigpending(&pending) == 0 &&
	    sigismember(&pending, SIGPIPE))
		sigtimedwait(&set, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return code;
}

static bool
hopeless(CURLcode code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
	case CURLE_WRITE_ERROR:
	case CURLE_ABORTED_BY_CALLBACK:
		return true;
	default:
		return false;
	}
}

/* Codes that are due to an invalid proxy. */
static bool
of_proxy(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
		return true;
	default:
		return false;
	}
}

/* The reason for the missing answer.  libcurl's own messages quote parts of
 * the URL, which may be the password. */
static void
explain(const struct http *h, const struct http_request *request, CURLcode code,
    struct http_reply *reply)
{
	bool doubtful = h->proxy != NULL && !is_proxy(getenv(h->proxy));
	const char *own = curl_easy_strerror(code);
	long refused = 0; /* the proxy's answer to CONNECT */

	curl_easy_getinfo(h->curl, CURLINFO_HTTP_CONNECTCODE, &refused);
	reply->timed_out = code == CURLE_OPERATION_TIMEDOUT;
	reply->final = hopeless(code) || refused / 100 == 4;
	if (reply->timed_out && reply->answered) {
		snprintf(reply->error, sizeof reply->error,
		    "no data for %u seconds", h->options.read_timeout);
	} else if (h->no_socket != 0) {
		snprintf(reply->error, sizeof reply->error, "no socket: %s",
		    strerror(h->no_socket));
	} else if (doubtful && of_proxy(code)) {
		reply->final = true;
		snprintf(reply->error, sizeof reply->error,
		    "the proxy in %s is not a URL: http://USER:PASSWORD@HOST:PORT "
		    "with %%XX for all but letters and digits in a password",
		    h->proxy);
	} else if (doubtful || strchr(request->url, '@') != NULL ||
		   strchr(h->error, '@') != NULL || h->error[0] == '\0') {
		snprintf(reply->error, sizeof reply->error, "%s", own);
	} else {
		snprintf(reply->error, sizeof reply->error, "%s", h->error);
	}
}

int
http_exchange(struct http *h, const struct http_request *request,
    struct http_reply *reply)
{
	struct exchange e = { request, reply, .h = h, .since = clock_now() };
	struct curl_slist *lines = header_lines(request->headers);
	CURLcode code;

	reply->status = 0;
	reply->headers.n = 0;
	reply->body.n = 0;
	reply->got = 0;
	reply->answered = false;
	reply->error[0] = '\0';
	reply->timed_out = reply->final = reply->sink_ended = false;
	h->error[0] = '\0';
	h->no_socket = 0;
	set_request(h, &e, lines);
	code = perform(h->curl);
	if (e.silent) {
		code = CURLE_OPERATION_TIMEDOUT;
		snprintf(h->error, sizeof h->error, "no data for %u seconds",
		    h->options.read_timeout);
	}
	curl_slist_free_all(lines);
	if (code == CURLE_OK)
		return 0;
	explain(h, request, code, reply);
	return -1;
}

const char *
http_header(const struct http_reply *reply, const char *name)
{
	const char *p = reply->headers.p, *end;

	if (p == NULL)
		return NULL;
	for (end = p + reply->headers.n; p < end;) {
		const char *value = p + strlen(p) + 1;

		if (strcasecmp(p, name) == 0)
			return value;
		p = value + strlen(value) + 1;
	}
	return NULL;
}

time_t
http_date(const char *text)
{
	return curl_getdate(text, NULL);
}

void
http_show(struct buf *b, const char *url)
{
	const char *scheme = strstr(url, "://");
	size_t n = strcspn(url, "?#");

	if (strchr(url, '@') != NULL)
		buf_addf(b, "%.*s...",
		    scheme == NULL ? 0 : (int)(scheme + 3 - url), url);
	else
		buf_addf(
		    b, "%.*s%s", (int)n, url, url[n] != '\0' ? "?..." : "");
}

void
http_reply_free(struct http_reply *reply)
{
	buf_free(&reply->headers);
	buf_free(&reply->body);
}
