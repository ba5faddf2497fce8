#include "s3/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "s3/address.h"
#include "s3/creds.h"
#include "s3/redirect.h"
#include "s3/sign.h"

/* The quota of retries, as AWS's standard mode counts. */
enum { QUOTA = 500, RETRY_COST = 5, TIMEOUT_COST = 10 };

enum { PAUSE_MAX = 20, NAP_MS = 100, OWN_HEADERS = 6, MOVES_MAX = 3 };

/* Seconds: parts of 5 TiB take minutes to assemble.
 * docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
enum { LONG_SILENCE = 600 };

/* Tenths of a second within which a second signal counts as the first. */
enum { ONE_STOP = 5 };

struct place {
	char *bucket;
	char *region;
	struct place *next;
};

struct s3_client {
	struct s3_settings *settings;
	struct s3_creds_source *source;
	pthread_mutex_t lock; /* for what follows */
	struct place *places; /* of buckets that are not in settings' region */
	time_t skew;	      /* the server's clock less ours */
	unsigned quota;
	/* Lock-free: set by signal handlers. */
	atomic_int stopped; /* 2: calls with to_the_end, too */
	atomic_uint when;   /* the first time, in tenths of a second */
	atomic_bool sums_refused;
};

struct s3_conn {
	struct s3_client *client;
	struct http *http;
	unsigned random;
	bool to_the_end; /* the current call's */
};

static bool
is_stopped(const struct s3_conn *conn)
{
	return conn->client->stopped > (conn->to_the_end ? 1 : 0);
}

struct s3_client *
s3_client_new(struct s3_settings *settings)
{
	struct s3_client *c = mem_alloc(sizeof *c);

	memset(c, 0, sizeof *c);
	c->settings = settings;
	c->source = s3_creds_source_new(settings);
	c->quota = QUOTA;
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void
s3_client_free(struct s3_client *c)
{
	struct place *p, *next;

	if (c == NULL)
		return;
	for (p = c->places; p != NULL; p = next) {
		next = p->next;
		free(p->bucket);
		free(p->region);
		free(p);
	}
	s3_creds_source_free(c->source);
	s3_settings_free(c->settings);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

const struct s3_settings *
s3_client_settings(const struct s3_client *c)
{
	return c->settings;
}

void
s3_client_stop(struct s3_client *c)
{
	struct timespec t;
	unsigned now;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (unsigned)t.tv_sec * 10 + (unsigned)(t.tv_nsec / 100000000);
	if (c->stopped == 0) {
		c->when = now;
		c->stopped = 1;
	} else if (now - c->when >= ONE_STOP) {
		c->stopped = 2;
	}
}

bool
s3_client_stopped(const struct s3_client *c)
{
	return c->stopped > 0;
}

bool
s3_client_sums(const struct s3_client *c)
{
	return c->settings->checksum_calculate && !c->sums_refused;
}

void
s3_client_sums_refused(struct s3_client *c)
{
	c->sums_refused = true;
}

struct s3_conn *
s3_conn_new(struct s3_client *client)
{
	const struct s3_settings *s = client->settings;
	struct http_options o = {
		.ca_bundle = s->ca_bundle,
		.verify_ssl = s->verify_ssl,
		.proxies = true,
		.connect_timeout = s->connect_timeout,
		.read_timeout = s->read_timeout,
	};
	struct s3_conn *conn = mem_alloc(sizeof *conn);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	conn->client = client;
	conn->http = http_new(&o);
	conn->to_the_end = false;
	conn->random = (unsigned)now.tv_nsec ^ (unsigned)(uintptr_t)conn;
	return conn;
}

struct s3_client *
s3_conn_client(const struct s3_conn *conn)
{
	return conn->client;
}

void
s3_conn_free(struct s3_conn *conn)
{
	if (conn == NULL)
		return;
	http_free(conn->http);
	free(conn);
}

/* A copy, or NULL if the bucket is not known to be elsewhere. */
static char *
region_of(struct s3_client *c, const char *bucket)
{
	struct place *p;
	char *region = NULL;

	pthread_mutex_lock(&c->lock);
	for (p = c->places; p != NULL && region == NULL; p = p->next)
		if (strcmp(p->bucket, bucket) == 0)
			region = mem_str(p->region);
	pthread_mutex_unlock(&c->lock);
	return region;
}

static void
set_region(struct s3_client *c, const char *bucket, const char *region)
{
	struct place *p;

	pthread_mutex_lock(&c->lock);
	for (p = c->places; p != NULL; p = p->next)
		if (strcmp(p->bucket, bucket) == 0)
			break;
	if (p == NULL) {
		p = mem_alloc(sizeof *p);
		p->bucket = mem_str(bucket);
		p->region = NULL;
		p->next = c->places;
		c->places = p;
	}
	free(p->region);
	p->region = mem_str(region);
	pthread_mutex_unlock(&c->lock);
}

static time_t
clock_of(struct s3_client *c)
{
	time_t now = time(NULL);

	pthread_mutex_lock(&c->lock);
	now += c->skew;
	pthread_mutex_unlock(&c->lock);
	return now;
}

static bool
spend(struct s3_client *c, unsigned cost)
{
	bool enough;

	pthread_mutex_lock(&c->lock);
	enough = c->quota >= cost;
	if (enough)
		c->quota -= cost;
	pthread_mutex_unlock(&c->lock);
	return enough;
}

static void
earn(struct s3_client *c, unsigned cost)
{
	pthread_mutex_lock(&c->lock);
	c->quota = c->quota + cost < QUOTA ? c->quota + cost : QUOTA;
	pthread_mutex_unlock(&c->lock);
}

static unsigned
cost_of(enum s3_failure failure)
{
	return failure == S3_TIMEOUT ? TIMEOUT_COST : RETRY_COST;
}

const char s3_range[] = "Range";

/* The state of one s3_call. */
struct trying {
	struct s3_conn *conn;
	const struct s3_call *call;
	struct s3_reply *reply;
	struct s3_address address;
	char *region;	/* of the bucket, if it is another */
	char *endpoint; /* where a redirect led, to before the key, or NULL */
	char *access;	/* the access key that signed */
	char sum[65];	/* of the body */
	struct buf query;
	time_t when;
	bool sank; /* the caller's sink was called */
	unsigned moves;
	bool corrected, renewed;
};

static int
stopped(void *arg)
{
	struct trying *t = arg;

	return is_stopped(t->conn);
}

static int
pass_on(void *arg, const struct http_reply *reply, const void *p, size_t n)
{
	struct trying *t = arg;

	t->sank = true;
	return t->call->sink(t->call->arg, reply, p, n);
}

static void
add(struct s3_pair *list, size_t *n, const char *name, const char *value)
{
	list[*n].name = name;
	list[(*n)++].value = value;
}

static int
send_once(struct trying *t, struct s3_pair *list, size_t n)
{
	struct http_request r = {
		.method = t->call->method,
		.headers = { list, n },
		.body = t->call->body,
		.body_n = t->call->body_n,
		.sink = t->call->sink != NULL ? pass_on : NULL,
		.arg = t,
		.stop = stopped,
	};
	struct buf url = { 0 };
	int status;

	buf_add(&url, t->address.base.p, t->address.base.n);
	buf_add(&url, t->address.path.p, t->address.path.n);
	if (t->query.n > 0)
		buf_addf(&url, "?%s", buf_str(&t->query));
	r.url = buf_str(&url);
	status = http_exchange(t->conn->http, &r, &t->reply->http);
	buf_free(&url);
	return status;
}

/* The server verifies the body by this hash; over TLS it can be left out. */
static const char *
payload_sum(struct trying *t)
{
	t->reply->summed = !t->address.tls || t->call->body_n == 0 ||
			   t->conn->client->settings->checksum_calculate;
	if (!t->reply->summed)
		return "UNSIGNED-PAYLOAD";
	if (t->sum[0] == '\0')
		s3_sha256_hex(t->call->body != NULL ? t->call->body : "",
		    t->call->body_n, t->sum);
	return t->sum;
}

/* Signs with the current credentials and clock, and sends. */
static int
attempt(struct trying *t, const struct s3_creds *creds)
{
	struct s3_client *c = t->conn->client;
	const struct s3_call *call = t->call;
	struct s3_pair *list =
	    mem_alloc((call->headers.n + OWN_HEADERS) * sizeof *list);
	struct buf authorization = { 0 };
	const char *payer = c->settings->request_payer;
	char date[17];
	size_t n = 0, i;
	int status;

	t->when = clock_of(c);
	s3_amz_date(t->when, date);
	add(list, &n, "Host", buf_str(&t->address.host));
	for (i = 0; i < call->headers.n; i++)
		if (call->headers.p[i].name != s3_range)
			list[n++] = call->headers.p[i];
	if (payer != NULL)
		add(list, &n, "x-amz-request-payer", payer);
	if (creds->access != NULL) {
		struct s3_signing s = { call->method, buf_str(&t->address.path),
			call->query, { list, 0 }, payload_sum(t),
			t->region != NULL ? t->region : c->settings->region,
			"s3", t->when, creds };

		add(list, &n, "x-amz-date", date);
		add(list, &n, "x-amz-content-sha256", s.payload);
		if (creds->token != NULL)
			add(list, &n, "x-amz-security-token", creds->token);
		s.headers.n = n;
		s3_sign(&s, &authorization);
		add(list, &n, "Authorization", buf_str(&authorization));
	}
	for (i = 0; i < call->headers.n; i++)
		if (call->headers.p[i].name == s3_range)
			list[n++] = call->headers.p[i];
	status = send_once(t, list, n);
	buf_free(&authorization);
	free(list);
	return status;
}

static bool
move(struct trying *t)
{
	const struct s3_error *e = &t->reply->error;
	const struct s3_settings *s = t->conn->client->settings;
	const char *to = http_header(&t->reply->http, "Location");
	struct s3_redirect r = {
		.endpoint = s->endpoint,
		.from = &t->address,
		.bucket = t->call->bucket,
		.key = t->call->key,
	};
	char *endpoint;

	if (e->region[0] != '\0' &&
	    strcmp(e->region, t->region != NULL ? t->region : s->region) != 0) {
		set_region(t->conn->client, t->call->bucket, e->region);
		free(t->region);
		t->region = mem_str(e->region);
		return true;
	}
	endpoint =
	    to == NULL ? NULL : s3_redirect(&r, to, &t->reply->error.text);
	if (endpoint == NULL)
		return false;
	free(t->endpoint);
	t->endpoint = endpoint;
	return true;
}

/* Each of these once, immediately, and not counted as a retry. */
static bool
adapt(struct trying *t)
{
	struct s3_client *c = t->conn->client;
	time_t theirs;

	switch (t->reply->failure) {
	case S3_SKEWED:
		if (t->corrected)
			return false;
		t->corrected = true;
		theirs = http_date(http_header(&t->reply->http, "Date"));
		pthread_mutex_lock(&c->lock);
		c->skew = theirs - time(NULL);
		pthread_mutex_unlock(&c->lock);
		return true;
	case S3_EXPIRED:
		if (t->renewed || t->access == NULL)
			return false;
		t->renewed = true;
		return s3_creds_source_expired(c->source, t->access);
	case S3_ELSEWHERE:
		return t->moves++ < MOVES_MAX && move(t);
	default:
		return false;
	}
}

bool
s3_may_mend(const struct s3_reply *reply)
{
	return reply->failure == S3_TRANSIENT || reply->failure == S3_TIMEOUT ||
	       reply->failure == S3_THROTTLED;
}

/* In milliseconds; 0: the server does not say. */
static long
told_pause(const struct http_reply *reply)
{
	const char *text = http_header(reply, "x-amz-retry-after");
	long unit = 1, n;

	if (text == NULL) {
		text = http_header(reply, "Retry-After");
		unit = 1000;
	}
	n = text == NULL ? 0 : strtol(text, NULL, 10);
	if (n < 0)
		n = 0;
	return n < PAUSE_MAX * 1000L / unit ? n * unit : PAUSE_MAX * 1000L;
}

/* The server's pause, or a random one up to a bound that doubles. */
int
s3_pause(struct s3_conn *conn, unsigned n, const struct s3_reply *reply)
{
	long most = reply->failure == S3_THROTTLED ? 1000 : 100;
	long ms = told_pause(&reply->http);

	while (--n > 0 && most < PAUSE_MAX * 1000L)
		most *= 2;
	if (most > PAUSE_MAX * 1000L)
		most = PAUSE_MAX * 1000L;
	if (ms == 0) {
		conn->random = conn->random * 1103515245u + 12345u;
		ms = (long)(conn->random >> 8) % (most + 1);
	}
	while (ms > 0 && !is_stopped(conn)) {
		long nap = ms < NAP_MS ? ms : NAP_MS;
		struct timespec t = { 0, nap * 1000000 };

		nanosleep(&t, NULL);
		ms -= nap;
	}
	return is_stopped(conn) ? -1 : 0;
}

static int
try_once(struct trying *t)
{
	struct s3_client *c = t->conn->client;
	struct s3_reply *reply = t->reply;
	struct s3_creds creds = { 0 };
	char *why = s3_creds_source_get(c->source, &creds, stopped, t);
	int status;

	reply->summed = false;

	if (why != NULL) {
		reply->failure = S3_FINAL;
		reply->error.text.n = 0;
		buf_adds(&reply->error.text,
		    is_stopped(t->conn) ? "interrupted" : why);
		free(why);
		return -1;
	}
	s3_address(&t->address, c->settings,
	    t->region != NULL ? t->region : c->settings->region, t->endpoint,
	    t->call->bucket, t->call->key);
	free(t->access);
	t->access = mem_str(creds.access);
	status = attempt(t, &creds);
	s3_creds_clear(&creds);
	reply->failure = s3_failure(
	    &reply->http, status != 0, t->call->root, t->when, &reply->error);
	reply->unsure |= status != 0 || reply->http.status == 502 ||
			 reply->http.status == 504;
	if (is_stopped(t->conn) && reply->failure != S3_NONE) {
		reply->failure = S3_FINAL;
		reply->error.text.n = 0;
		buf_adds(&reply->error.text, "interrupted");
	}
	return reply->failure == S3_NONE ? 0 : -1;
}

static int
try_all(struct trying *t)
{
	struct s3_client *c = t->conn->client;
	unsigned retries = 0;

	for (;;) {
		unsigned cost = cost_of(t->reply->failure);

		t->reply->attempts++;
		if (try_once(t) == 0) {
			earn(c, retries > 0 ? cost : 1);
			return 0;
		}
		if (t->sank)
			return -1;
		if (adapt(t))
			continue;
		if (!s3_may_mend(t->reply) ||
		    ++retries >= c->settings->attempts ||
		    !spend(c, cost_of(t->reply->failure)) ||
		    s3_pause(t->conn, retries, t->reply) != 0)
			return -1;
	}
}

int
s3_call(
    struct s3_conn *conn, const struct s3_call *call, struct s3_reply *reply)
{
	const struct s3_settings *s = conn->client->settings;
	struct trying t = { .conn = conn, .call = call, .reply = reply };
	/* A timeout on the command line applies to all requests. */
	bool patient = call->long_silent && !s->read_timeout_given;
	int status;

	conn->to_the_end = call->to_the_end;
	http_set_read_timeout(
	    conn->http, patient ? LONG_SILENCE : s->read_timeout);
	reply->attempts = 0;
	reply->unsure = false;
	reply->failure = S3_NONE;
	t.region = region_of(conn->client, call->bucket);
	s3_query(call->query, &t.query);
	status = try_all(&t);
	if (status != 0 && t.reply->attempts > 1)
		buf_addf(&reply->error.text, " (%u attempts)", reply->attempts);
	s3_address_free(&t.address);
	buf_free(&t.query);
	free(t.region);
	free(t.endpoint);
	free(t.access);
	return status;
}

void
s3_reply_free(struct s3_reply *reply)
{
	http_reply_free(&reply->http);
	buf_free(&reply->error.text);
}
