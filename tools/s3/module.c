/*
 * bt-s3.so: reads and writes S3 objects for the tools that know nothing of S3,
 * see io/remote.h.  Settings and credentials are those of bt-s3cat without
 * options.
 *
 * One connection lasts from the first object to the end of the process, and so
 * do the connections that fetch ahead if an object is read in order.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/remote.h"
#include "s3/creds.h"
#include "s3/fetch.h"
#include "s3/put.h"
#include "s3/threads.h"
#include "s3/uri.h"

/* A read that continues the last one fetches at least AHEAD_MIN bytes, and
 * at most AHEAD_MAX more than it was asked for. */
enum { AHEAD_MIN = 256 * 1024, AHEAD_MAX = 4 * 1024 * 1024 };

/* Bytes to request before the size is known. */
enum { FIRST = 1024 * 1024 };

/* Bytes of an output to keep before an upload in parts begins. */
enum { SMALL = 1024 * 1024 };

static struct s3_client *client;
static struct s3_conn *conn;
static struct s3_fetch *fetch;
static struct object *streamed; /* the one that fetch is at */
static struct output *latest;	/* the one written to */

struct object {
	struct s3_uri uri;
	struct s3_version v;
	struct buf held;   /* bytes of it, */
	uint64_t held_at;  /* from this offset on */
	uint64_t read_end; /* where the last read ended */
	size_t ahead;	   /* bytes that the last read ahead brought */

	bool follows; /* it is read in order from some offset: fetch ahead */
	/* Of one that is read in order. */
	uint64_t next;	  /* offset of what the fetch brings next */
	struct span lent; /* what it brought last */
	struct s3_check *check;
};

struct output {
	struct s3_uri uri;
	struct buf small;   /* all of it, while put is NULL */
	struct s3_put *put; /* what is no more than SMALL has none */
	bool refused;	    /* nothing more of it is kept */
	struct buf why;	    /* it is refused */
};

/* Before the libraries' own cleanup: threads use them. */
static void
at_exit(void)
{
	s3_fetch_free(fetch);
	fetch = NULL;
}

static int
begin(struct buf *why)
{
	static const struct s3_options options;
	struct s3_settings *settings;
	char *wrong;

	if (client != NULL)
		return 0;
	s3_creds_guard();
	wrong = s3_settings_load(&options, &settings);
	if (wrong != NULL) {
		buf_adds(why, wrong);
		free(wrong);
		return -1;
	}
	client = s3_client_new(settings);
	conn = s3_conn_new(client);
	atexit(at_exit);
	return 0;
}

static unsigned
connections(void)
{
	return s3_client_settings(client)->connections;
}

static int
parse(const char *text, struct s3_uri *uri, struct buf *why)
{
	const char *wrong;

	if (begin(why) == -1)
		return -1;
	wrong = s3_uri_parse(text, uri);
	if (wrong == NULL && uri->key[0] == '\0') {
		s3_uri_free(uri);
		wrong = "no key";
	}
	if (wrong == NULL)
		return 0;
	buf_adds(why, wrong);
	return -1;
}

/* The destination of a request's bytes. */
struct room {
	char *p;
	size_t n, size;
	struct buf *grows; /* instead of p */
};

static int
take(void *arg, const struct s3_version *v, const void *p, size_t n,
    struct buf *why)
{
	struct room *r = arg;
	size_t now = r->size - r->n < n ? r->size - r->n : n;

	(void)v, (void)why;
	if (r->grows != NULL)
		buf_add(r->grows, p, now);
	else
		memcpy(r->p + r->n, p, now);
	r->n += now;
	return n > now;
}

static int
get(struct object *o, uint64_t at, struct room *r, struct buf *why)
{
	struct s3_get g = { o->uri.bucket, o->uri.key, at, r->size, take, r };

	return s3_get(conn, &g, &o->v, why);
}

static int
hold(struct object *o, uint64_t at, size_t n, struct buf *why)
{
	struct room r = { .size = n, .grows = &o->held };

	o->held.n = 0;
	o->held_at = at;
	return get(o, at, &r, why);
}

/* Bytes that arrive in order are added to the checksum; the last of them are
 * only returned if it is right. */
static int
arrived(struct object *o, struct span bytes, struct buf *why)
{
	struct s3_check *check = o->check;

	o->next += bytes.n;
	if (check != NULL)
		s3_check_add(check, bytes.p, bytes.n);
	if (o->next < o->v.size)
		return 0;
	o->check = NULL;
	return s3_check_end(check, why);
}

static void
stream_no_more(struct object *o)
{
	if (streamed != o)
		return;
	s3_fetch_drop(fetch);
	streamed = NULL;
	o->lent = (struct span){ NULL, 0 };
}

/* Whether all requested bytes have arrived. */
static bool
is_idle(void)
{
	return streamed == NULL || streamed->next == streamed->v.size;
}

/* From now on, fetches the object from this offset. */
static void
stream(struct object *o, uint64_t at)
{
	if (streamed != NULL)
		stream_no_more(streamed);
	if (fetch == NULL)
		fetch = s3_fetch_new(client, connections(), S3_FETCH_PART);
	s3_fetch_add_rest(fetch, o->uri.bucket, o->uri.key, at, &o->v);
	streamed = o;
	o->next = at;
	o->lent = (struct span){ NULL, 0 };
}

/* The first part tells the object's size; the others are fetched side by
 * side. */
static int
begin_in_order(struct object *o, struct buf *why)
{
	if (hold(o, 0, FIRST, why) == -1 ||
	    s3_get_sum(conn, o->uri.bucket, o->uri.key, &o->v, why) == -1)
		return -1;
	o->check = s3_check_new(&o->v.sum);
	if (arrived(o, buf_span(&o->held), why) == -1)
		return -1;
	if (o->next < o->v.size && is_idle())
		stream(o, o->next);
	return 0;
}

static void
object_close(void *object)
{
	struct object *o = object;

	stream_no_more(o);
	s3_check_free(o->check);
	s3_version_free(&o->v);
	s3_uri_free(&o->uri);
	buf_free(&o->held);
	free(o);
}

static void *
object_open(const char *text, const char *etag, bool in_order, struct buf *why)
{
	struct s3_uri uri;
	struct object *o;

	if (parse(text, &uri, why) == -1)
		return NULL;
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->uri = uri;
	o->v.etag = mem_str(etag);
	if (!in_order || begin_in_order(o, why) == 0)
		return o;
	object_close(o);
	return NULL;
}

/* Copies available bytes at this offset, up to n, and returns how many. */
static size_t
copy(const struct object *o, char *p, size_t n, uint64_t at)
{
	uint64_t lent_at = o->next - o->lent.n;
	const char *from;
	size_t left;

	if (at >= o->held_at && at < o->held_at + o->held.n) {
		from = o->held.p + (at - o->held_at);
		left = o->held.n - (size_t)(at - o->held_at);
	} else if (at >= lent_at && at < o->next) {
		from = o->lent.p + (at - lent_at);
		left = o->lent.n - (size_t)(at - lent_at);
	} else {
		return 0;
	}
	if (n > left)
		n = left;
	memcpy(p, from, n);
	return n;
}

/* The rest of a read, p[0..n): how many bytes. */
static ptrdiff_t
ask(struct object *o, char *p, size_t n, uint64_t at, struct buf *why)
{
	struct room r = { .p = p, .size = n };

	if (at != o->read_end || n > AHEAD_MAX / 2) {
		o->ahead = 0;
		return get(o, at, &r, why) == -1 ? -1 : (ptrdiff_t)r.n;
	}
	o->ahead = o->ahead * 2 > n ? o->ahead * 2 : n;
	if (o->ahead < AHEAD_MIN)
		o->ahead = AHEAD_MIN;
	if (o->ahead > AHEAD_MAX)
		o->ahead = AHEAD_MAX;
	if (hold(o, at, o->ahead, why) == -1)
		return -1;
	return (ptrdiff_t)copy(o, p, n, at);
}

/* Reads up to n bytes, and returns how many; 0 at the end. */
static ptrdiff_t
read_some(struct object *o, char *p, size_t n, uint64_t at, struct buf *why)
{
	size_t got;
	int status;

	if (o->v.known && at >= o->v.size)
		return 0;
	if ((got = copy(o, p, n, at)) > 0)
		return (ptrdiff_t)got;
	if (streamed == o && at > o->next)
		stream_no_more(o);
	/* If enough is left for several connections, and no other object uses
	 * them. */
	if (o->follows && is_idle() && at == o->read_end && o->v.known &&
	    o->v.size - at > S3_FETCH_PART)
		stream(o, at);
	if (streamed != o || at != o->next)
		return ask(o, p, n, at, why);
	o->lent = (struct span){ NULL, 0 };
	status = s3_fetch_next(fetch, &o->lent, why);
	if (status == 1)
		return arrived(o, o->lent, why) == -1
			   ? -1
			   : (ptrdiff_t)copy(o, p, n, at);
	streamed = NULL; /* to the fetch, it has ended */
	if (status == 0)
		buf_adds(why, "it ended early");
	return -1;
}

static ptrdiff_t
object_read(void *object, void *p, size_t n, uint64_t at, struct buf *why)
{
	struct object *o = object;
	size_t have = 0;
	ptrdiff_t got = 1;

	while (have < n && got > 0) {
		got = read_some(o, (char *)p + have, n - have, at + have, why);
		have += got > 0 ? (size_t)got : 0;
		o->read_end = at + have;
	}
	return got == -1 ? -1 : (ptrdiff_t)have;
}

static void
object_follow(void *object)
{
	struct object *o = object;

	o->follows = true;
}

static uint64_t
object_size(void *object)
{
	struct object *o = object;
	struct buf why = { 0 };

	if (!o->v.known)
		s3_head(conn, o->uri.bucket, o->uri.key, &o->v, &why);
	buf_free(&why);
	return o->v.known ? o->v.size : UINT64_MAX;
}

static const char *
object_etag(const void *object)
{
	const struct object *o = object;

	return o->v.etag;
}

static void *
output_create(const char *text, struct buf *why)
{
	struct output *o;

	if (begin(why) == -1)
		return NULL;
	o = mem_alloc(sizeof *o);
	memset(o, 0, sizeof *o);
	o->refused = parse(text, &o->uri, &o->why) == -1;
	return o;
}

static void
drop_parts(struct output *o, struct buf *why)
{
	struct buf left = { 0 };

	if (o->put != NULL && s3_put_abort(o->put, &left) == -1)
		buf_addf(why, "; %s", buf_str(&left));
	o->put = NULL;
	buf_free(&left);
}

/* Only one output at a time has parts in progress.  For each of the others,
 * memory holds at most one unfinished part. */
static int
output_write(void *output, const void *p, size_t n, struct buf *why)
{
	struct s3_put_options options = { .connections = connections() };
	struct output *o = output;
	int status = 0;

	if (o->refused)
		return 0;
	if (o->put == NULL && o->small.n + n <= SMALL) {
		buf_add(&o->small, p, n);
		return 0;
	}
	if (latest != NULL && latest != o)
		s3_put_settle(latest->put);
	latest = NULL;
	if (o->put == NULL) {
		o->put = s3_put_new(
		    client, conn, o->uri.bucket, o->uri.key, &options, why);
		if (o->put == NULL)
			return -1;
		/* Its bytes so far become the start of the first part. */
		status = s3_put_write(o->put, o->small.p, o->small.n, why);
		buf_free(&o->small);
	}
	if (status == 0)
		status = s3_put_write(o->put, p, n, why);
	if (status == S3_PUT_REFUSED) {
		/* Reported at its commit, so that other outputs can still be
		 * stored. */
		o->refused = true;
		buf_add(&o->why, why->p, why->n);
		drop_parts(o, &o->why);
	} else {
		latest = o;
	}
	return status == S3_PUT_FAILED ? -1 : 0;
}

static void
output_free(struct output *o)
{
	if (latest == o)
		latest = NULL;
	s3_uri_free(&o->uri);
	buf_free(&o->small);
	buf_free(&o->why);
	free(o);
}

static void
output_drop(void *output)
{
	struct output *o = output;

	drop_parts(o, &o->why);
	output_free(o);
}

/* Outputs that threads commit, one after the other. */
struct group {
	pthread_mutex_t lock;
	void *const *output;
	size_t n, next;
	int *errors;
	struct buf *why;
};

static void
commit_next(struct group *g, struct s3_conn *own, size_t i)
{
	static const struct s3_put_options options;
	struct output *o = g->output[i];
	struct buf *why = &g->why[i];
	int status;

	if (o->refused) {
		buf_add(why, o->why.p, o->why.n);
		status = S3_PUT_REFUSED;
	} else if (o->put == NULL) {
		status = s3_put_bytes(own, o->uri.bucket, o->uri.key, &options,
		    buf_str(&o->small), o->small.n, why);
	} else {
		s3_put_use(o->put, own);
		status = s3_put_commit(o->put, why);
	}
	g->errors[i] = status == 0		  ? 0
		       : status == S3_PUT_REFUSED ? REMOTE_REFUSED
						  : REMOTE_FAILED;
}

static void *
commit_some(void *arg)
{
	struct group *g = arg;
	struct s3_conn *own = s3_conn_new(client);
	size_t i;

	for (;;) {
		pthread_mutex_lock(&g->lock);
		i = g->next < g->n ? g->next++ : g->n;
		pthread_mutex_unlock(&g->lock);
		if (i == g->n)
			break;
		commit_next(g, own, i);
	}
	s3_conn_free(own);
	return NULL;
}

static int
output_commit(void *const *output, size_t n, int *errors, struct buf *why)
{
	struct group g = {
		.output = output, .n = n, .errors = errors, .why = why
	};
	unsigned most = connections() < n ? connections() : (unsigned)n;
	pthread_t *threads = mem_alloc(most * sizeof *threads);
	int status = 0, error;
	size_t i;

	pthread_mutex_init(&g.lock, NULL);
	if (n == 1) {
		commit_next(&g, conn, 0);
	} else {
		/* One thread for each connection, this one among them. */
		most =
		    threads_start(threads, most - 1, commit_some, &g, &error);
		commit_some(&g);
		threads_join(threads, most);
	}
	free(threads);
	pthread_mutex_destroy(&g.lock);
	for (i = 0; i < n; i++) {
		output_free(output[i]);
		if (errors[i] == REMOTE_FAILED)
			status = -1;
	}
	return status;
}

static int
store(const char *text, const void *p, size_t n, struct buf *why)
{
	static const struct s3_put_options options;
	struct s3_uri uri;
	int status;

	if (parse(text, &uri, why) == -1)
		return -1;
	status = s3_put_bytes(conn, uri.bucket, uri.key, &options, p, n, why);
	s3_uri_free(&uri);
	return status == 0 ? 0 : -1;
}

static void
stop(void)
{
	if (client != NULL)
		s3_client_stop(client);
}

extern const struct remote bt_remote;

__attribute__((visibility("default"))) const struct remote bt_remote = {
	.version = BT_VERSION,
	.open = object_open,
	.follow = object_follow,
	.read = object_read,
	.size = object_size,
	.etag = object_etag,
	.close = object_close,
	.create = output_create,
	.write = output_write,
	.commit = output_commit,
	.drop = output_drop,
	.store = store,
	.stop = stop,
};
