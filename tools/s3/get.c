#include "s3/get.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
s3_version_free(struct s3_version *v)
{
	free(v->etag);
	free(v->modified);
	memset(v, 0, sizeof *v);
}

void
s3_version_copy(struct s3_version *to, const struct s3_version *from)
{
	*to = *from;
	to->etag = mem_str(from->etag);
	to->modified = mem_str(from->modified);
}

/* The object's version and the place of the body in it, from an answer. */
struct place {
	uint64_t at, n; /* of its body */
	uint64_t size;
	bool ranged;
	bool unsized; /* size is not said */
};

static bool
number(const char **p, uint64_t *n)
{
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	errno = 0;
	*n = strtoull(*p, &end, 10);
	*p = end;
	return errno == 0;
}

static bool
find_place(const struct http_reply *reply, struct place *place)
{
	const char *length = http_header(reply, "Content-Length");
	const char *range = http_header(reply, "Content-Range");
	uint64_t last;

	place->ranged = reply->status == 206;
	place->unsized = false;
	if (!place->ranged) {
		place->at = 0;
		if (length == NULL || !number(&length, &place->size) ||
		    *length != '\0')
			return false;
		place->n = place->size;
		return true;
	}
	/* "bytes 5-9/20", or "bytes 5-9/" and a "*" (RFC 9110, 14.4). */
	if (range == NULL || strncmp(range, "bytes ", 6) != 0)
		return false;
	range += 6;
	if (!number(&range, &place->at) || *range++ != '-' ||
	    !number(&range, &last) || *range++ != '/' || place->at > last)
		return false;
	place->n = last - place->at + 1;
	place->unsized = strcmp(range, "*") == 0;
	return place->unsized || (number(&range, &place->size) &&
				     *range == '\0' && last < place->size);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int
changed(const struct s3_version *v, const char *etag, const struct place *place,
    struct buf *why)
{
	buf_adds(why, "the object has changed: ");
	if (!same(v->etag, etag))
		buf_addf(why, "ETag %s, not %s", etag == NULL ? "none" : etag,
		    v->etag == NULL ? "none" : v->etag);
	else if (v->size != place->size)
		buf_addf(why, "%" PRIu64 " bytes, not %" PRIu64, place->size,
		    v->size);
	else
		buf_addf(why, "modified since %s", v->modified);
	return -1;
}

/* Compares the answer's version with v, or sets v.  Last-Modified only
 * counts if there is no ETag; an answer with neither does not come from S3. */
static int
match(struct s3_version *v, const struct http_reply *reply,
    const struct place *place, bool validate, struct buf *why)
{
	const char *etag = http_header(reply, "ETag");
	const char *modified = http_header(reply, "Last-Modified");

	if (etag == NULL && modified == NULL) {
		buf_adds(why, "an answer without an ETag is not S3's: does "
			      "a proxy require a login?");
		return -1;
	}

	if (!v->known && v->etag != NULL && !same(v->etag, etag))
		return changed(v, etag, place, why);
	if (!v->known) {
		v->known = true;
		v->size = place->size;
		v->ranged = place->ranged;
		if (v->etag == NULL)
			v->etag = mem_str(etag);
		v->modified = mem_str(modified);
		if (validate)
			s3_sum_find(reply, place->ranged, &v->sum);
		return 0;
	}
	if (!same(v->etag, etag) || v->size != place->size ||
	    (etag == NULL && !same(v->modified, modified)))
		return changed(v, etag, place, why);
	return 0;
}

static const struct s3_settings *
settings_of(const struct s3_conn *conn)
{
	return s3_client_settings(s3_conn_client(conn));
}

struct getting {
	struct s3_client *client;
	const struct s3_settings *settings;
	const struct s3_get *get;
	struct s3_version *v;
	struct buf *why;
	uint64_t got;  /* bytes taken, in all */
	uint64_t skip; /* of this answer, before the requested bytes */
	uint64_t left; /* of its body, by its headers */
	bool looked;   /* at this answer's headers */
	bool plain;    /* ask without a range */
	bool final;    /* another attempt cannot help */
	bool enough;
};

/* If an answer does not give the object's size, HEAD does, over another
 * connection, because this one is busy with the body. */
static int
learn_size(struct getting *g, struct place *place)
{
	struct s3_conn *conn;
	int status = 0;

	if (!g->v->known) {
		conn = s3_conn_new(g->client);
		status =
		    s3_head(conn, g->get->bucket, g->get->key, g->v, g->why);
		s3_conn_free(conn);
		g->v->ranged = true;
	}
	if (status != 0)
		return -1;
	place->size = g->v->size;
	if (place->at < place->size && place->n <= place->size - place->at)
		return 0;
	buf_addf(g->why, "an answer beyond byte %" PRIu64 ", the last",
	    place->size - 1);
	return -1;
}

static int
look(struct getting *g, const struct http_reply *reply)
{
	uint64_t wanted = g->get->at + g->got;
	struct place place;

	g->looked = true;
	if (!find_place(reply, &place)) {
		g->final = true;
		buf_adds(g->why, reply->status == 206
				     ? "an answer without its Content-Range"
				     : "an answer without its length");
		return -1;
	}
	if ((place.unsized && learn_size(g, &place) != 0) ||
	    match(g->v, reply, &place, g->settings->checksum_validate,
		g->why) != 0) {
		g->final = true;
		return -1;
	}
	if (place.ranged && place.at != wanted) {
		g->final = true;
		buf_addf(g->why,
		    "an answer from byte %" PRIu64 ", not %" PRIu64, place.at,
		    wanted);
		return -1;
	}
	g->skip = wanted - place.at;
	g->left = place.n;
	return 0;
}

static int
sink(void *arg, const struct http_reply *reply, const void *p, size_t n)
{
	struct getting *g = arg;
	int status;

	if (!g->looked && look(g, reply) != 0)
		return -1;
	if (n > g->left) {
		g->final = true;
		buf_adds(g->why, "an answer longer than its headers say");
		return -1;
	}
	g->left -= n;
	if (g->skip >= n) {
		g->skip -= n;
		return 0;
	}
	p = (const char *)p + g->skip;
	n -= (size_t)g->skip;
	g->skip = 0;
	g->got += n;
	status = g->get->take(g->get->arg, g->v, p, n, g->why);
	g->enough = status == 1;
	g->final |= status < 0;
	return status;
}

static int
ask(struct s3_conn *conn, struct getting *g, struct s3_reply *reply)
{
	const struct s3_get *get = g->get;
	struct s3_pair list[3];
	struct s3_call call = {
		.method = "GET",
		.bucket = get->bucket,
		.key = get->key,
		.sink = sink,
		.arg = g,
	};
	char range[64];
	size_t n = 0;

	/* Only numbers that any server can read. */
	if (get->at <= INT64_MAX && get->n <= INT64_MAX - get->at)
		snprintf(range, sizeof range, "bytes=%" PRIu64 "-%" PRIu64,
		    get->at + g->got, get->at + get->n - 1);
	else
		snprintf(range, sizeof range, "bytes=%" PRIu64 "-",
		    get->at + g->got);
	if (!g->plain && strcmp(range, "bytes=0-") != 0)
		list[n++] = (struct s3_pair){ s3_range, range };
	if (g->v->etag != NULL)
		list[n++] = (struct s3_pair){ "If-Match", g->v->etag };
	if (g->settings->checksum_validate)
		list[n++] =
		    (struct s3_pair){ "x-amz-checksum-mode", "ENABLED" };
	call.headers = (struct s3_pairs){ list, n };
	g->looked = false;
	g->skip = 0;
	return s3_call(conn, &call, reply);
}

/* How much of the requested range exists. */
static uint64_t
wanted(const struct getting *g)
{
	uint64_t left = g->get->at < g->v->size ? g->v->size - g->get->at : 0;

	return g->get->n < left ? g->get->n : left;
}

static int
failed(struct getting *g, const struct s3_reply *reply)
{
	if (reply->http.status == 412 && g->v->etag != NULL)
		buf_addf(g->why, "the object has changed: its ETag is not %s",
		    g->v->etag);
	else
		buf_add(g->why, reply->error.text.p, reply->error.text.n);
	if (g->got > 0)
		buf_addf(g->why, " (at byte %" PRIu64 ")", g->get->at + g->got);
	return -1;
}

/* The range begins after the object's end, unless the server is wrong or the
 * object has been replaced. */
static int
nothing(struct s3_conn *conn, struct getting *g)
{
	const struct s3_get *get = g->get;

	if (s3_head(conn, get->bucket, get->key, g->v, g->why) != 0)
		return -1;
	if (get->at >= g->v->size)
		return 0;
	buf_addf(g->why,
	    "416 Range Not Satisfiable at byte %" PRIu64 ", of %" PRIu64,
	    get->at, g->v->size);
	return -1;
}

static int
go_on(struct s3_conn *conn, struct getting *g, struct s3_reply *reply)
{
	unsigned tries = 0;

	for (;;) {
		uint64_t before = g->got;

		if (ask(conn, g, reply) == 0) {
			/* An answer without a body never reached the sink;
			 * one with a shorter range than the requested one is
			 * allowed by RFC 9110, 15.3.7. */
			if (!g->looked && look(g, &reply->http) != 0)
				return -1;
			if (g->got >= wanted(g))
				return 0;
		} else if (g->enough) {
			return 0;
		} else if (g->final) {
			return -1;
		} else if (reply->http.status == 416 && g->got == 0) {
			/* An empty object has no range; without one, the
			 * answer shows what the object is. */
			if (g->get->at > 0 || g->plain)
				return nothing(conn, g);
			g->plain = true;
			continue;
		} else if (!g->looked || !s3_may_mend(reply)) {
			/* s3_call has already retried answers without a
			 * body. */
			return failed(g, reply);
		}
		g->plain = false;
		tries = g->got > before ? 0 : tries + 1;
		if (tries == 0 && reply->failure == S3_NONE)
			continue;
		if (tries >= g->settings->attempts ||
		    s3_pause(conn, tries + 1, reply) != 0)
			break;
	}
	if (reply->failure != S3_NONE)
		return failed(g, reply);
	buf_addf(g->why, "the answer ends after %" PRIu64 " bytes of %" PRIu64,
	    g->got, wanted(g));
	return -1;
}

int
s3_get(struct s3_conn *conn, const struct s3_get *get, struct s3_version *v,
    struct buf *why)
{
	struct getting g = { .client = s3_conn_client(conn),
		.settings = settings_of(conn),
		.get = get,
		.v = v,
		.why = why };
	struct s3_reply reply = { 0 };
	int status = go_on(conn, &g, &reply);

	s3_reply_free(&reply);
	return status;
}

static int
head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_reply *reply)
{
	struct s3_pair mode = { "x-amz-checksum-mode", "ENABLED" };
	struct s3_call call = { .method = "HEAD",
		.bucket = bucket,
		.key = key,
		.headers = { &mode, settings_of(conn)->checksum_validate } };

	return s3_call(conn, &call, reply);
}

int
s3_head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why)
{
	struct s3_reply reply = { 0 };
	struct place place;
	int status = -1;

	if (head(conn, bucket, key, &reply) != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	else if (!find_place(&reply.http, &place))
		buf_adds(why, "an answer without its length");
	else
		status = match(v, &reply.http, &place,
		    settings_of(conn)->checksum_validate, why);
	s3_reply_free(&reply);
	return status;
}

int
s3_get_sum(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why)
{
	struct s3_reply reply = { 0 };
	struct place place;
	int status = 0, code;

	if (v->sum.text[0] != '\0' || !v->ranged ||
	    !settings_of(conn)->checksum_validate)
		return 0;
	if (head(conn, bucket, key, &reply) != 0) {
		code = reply.http.status;
		if (code / 100 != 4 && code != 501) {
			buf_add(why, reply.error.text.p, reply.error.text.n);
			status = -1;
		}
	} else if (find_place(&reply.http, &place) &&
		   http_header(&reply.http, "ETag") != NULL) {
		status = match(v, &reply.http, &place, true, why);
		if (status == 0)
			s3_sum_find(&reply.http, false, &v->sum);
	}
	s3_reply_free(&reply);
	return status;
}
