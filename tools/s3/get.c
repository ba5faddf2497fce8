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

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_dup(text, strlen(text));
}

void
s3_version_copy(struct s3_version *to, const struct s3_version *from)
{
	*to = *from;
	to->etag = copy(from->etag);
	to->modified = copy(from->modified);
}

/* What an answer says of the object and of the place of its body in it. */
struct place {
	uint64_t at, size;
	bool ranged;
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

/* "bytes 5-9/20" */
static bool
content_range(const char *text, struct place *place)
{
	uint64_t last;

	if (text == NULL || strncmp(text, "bytes ", 6) != 0)
		return false;
	text += 6;
	return number(&text, &place->at) && *text++ == '-' &&
	       number(&text, &last) && *text++ == '/' &&
	       number(&text, &place->size) && *text == '\0' &&
	       place->at <= last && last < place->size;
}

static bool
find_place(const struct http_reply *reply, struct place *place)
{
	const char *length = http_header(reply, "Content-Length");

	place->ranged = reply->status == 206;
	if (place->ranged)
		return content_range(
		    http_header(reply, "Content-Range"), place);
	place->at = 0;
	return length != NULL && number(&length, &place->size) &&
	       *length == '\0';
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
	buf_adds(why, "another object by now: ");
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

/* The version in the answer is v, or becomes it.  Last-Modified counts only
 * where there is no ETag. */
static int
match(struct s3_version *v, const struct http_reply *reply,
    const struct place *place, struct buf *why)
{
	const char *etag = http_header(reply, "ETag");
	const char *modified = http_header(reply, "Last-Modified");

	if (!v->known && v->etag != NULL && !same(v->etag, etag))
		return changed(v, etag, place, why);
	if (!v->known) {
		v->known = true;
		v->size = place->size;
		v->ranged = place->ranged;
		if (v->etag == NULL)
			v->etag = copy(etag);
		v->modified = copy(modified);
		s3_sum_find(reply, place->ranged, &v->sum);
		return 0;
	}
	if (!same(v->etag, etag) || v->size != place->size ||
	    (etag == NULL && !same(v->modified, modified)))
		return changed(v, etag, place, why);
	return 0;
}

struct getting {
	const struct s3_get *get;
	struct s3_version *v;
	struct buf *why;
	uint64_t got;  /* bytes taken, in all */
	uint64_t skip; /* of this answer, before what is wanted */
	bool looked;   /* at this answer's headers */
	bool final;    /* no use to go on */
	bool enough;
};

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
	if (match(g->v, reply, &place, g->why) != 0) {
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
	return 0;
}

static int
sink(void *arg, const struct http_reply *reply, const void *p, size_t n)
{
	struct getting *g = arg;
	int status;

	if (!g->looked && look(g, reply) != 0)
		return -1;
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

/* Whether it is not the whole object that is asked for. */
static bool
range_of(const struct s3_get *get, uint64_t from, char range[64])
{
	if (get->n <= UINT64_MAX - get->at)
		snprintf(range, 64, "bytes=%" PRIu64 "-%" PRIu64, from,
		    get->at + get->n - 1);
	else
		snprintf(range, 64, "bytes=%" PRIu64 "-", from);
	return strcmp(range, "bytes=0-") != 0;
}

static int
ask(struct s3_conn *conn, struct getting *g, struct s3_reply *reply)
{
	const struct s3_get *get = g->get;
	const struct s3_settings *s;
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

	s = s3_client_settings(s3_conn_client(conn));
	if (range_of(get, get->at + g->got, range))
		list[n++] = (struct s3_pair){ s3_range, range };
	if (g->v->etag != NULL)
		list[n++] = (struct s3_pair){ "If-Match", g->v->etag };
	if (s->checksum_validate)
		list[n++] =
		    (struct s3_pair){ "x-amz-checksum-mode", "ENABLED" };
	call.headers = (struct s3_pairs){ list, n };
	g->looked = false;
	g->skip = 0;
	return s3_call(conn, &call, reply);
}

/* Whether what was asked for has all come. */
static bool
came(const struct getting *g)
{
	uint64_t left;

	if (!g->v->known)
		return false;
	left = g->get->at < g->v->size ? g->v->size - g->get->at : 0;
	return g->got >= (g->get->n < left ? g->get->n : left);
}

/* An answer without a body never reached the sink. */
static int
finish(struct getting *g, const struct s3_reply *reply)
{
	if (!g->looked && look(g, &reply->http) != 0)
		return -1;
	if (came(g))
		return 0;
	buf_addf(g->why, "the answer ends after %" PRIu64 " bytes of %" PRIu64,
	    g->got, g->get->n);
	return -1;
}

static int
failed(struct getting *g, const struct s3_reply *reply)
{
	if (reply->http.status == 412 && g->v->etag != NULL)
		buf_addf(g->why, "another object by now: its ETag is not %s",
		    g->v->etag);
	else
		buf_add(g->why, reply->error.text.p, reply->error.text.n);
	if (g->got > 0)
		buf_addf(g->why, " (at byte %" PRIu64 ")", g->get->at + g->got);
	return -1;
}

/* Nothing is there: an empty object, or beyond its end; unless the server is
 * wrong, or the object has been replaced since. */
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
	unsigned attempts = s3_client_settings(s3_conn_client(conn))->attempts;
	unsigned tries = 0;

	for (;;) {
		uint64_t before = g->got;

		if (ask(conn, g, reply) == 0)
			return finish(g, reply);
		if (g->enough)
			return 0;
		if (g->final)
			return -1;
		if (reply->http.status == 416 && g->got == 0)
			return nothing(conn, g);
		/* s3_call itself retried what had no body. */
		if (!g->looked || !s3_may_mend(reply))
			return failed(g, reply);
		tries = g->got > before ? 0 : tries + 1;
		if (tries >= attempts || s3_pause(conn, tries + 1, reply) != 0)
			return failed(g, reply);
	}
}

int
s3_get(struct s3_conn *conn, const struct s3_get *get, struct s3_version *v,
    struct buf *why)
{
	struct getting g = { .get = get, .v = v, .why = why };
	struct s3_reply reply = { 0 };
	int status = go_on(conn, &g, &reply);

	s3_reply_free(&reply);
	return status;
}

int
s3_head(struct s3_conn *conn, const char *bucket, const char *key,
    struct s3_version *v, struct buf *why)
{
	struct s3_pair mode = { "x-amz-checksum-mode", "ENABLED" };
	struct s3_call call = { .method = "HEAD",
		.bucket = bucket,
		.key = key,
		.headers = { &mode, 1 } };
	struct s3_reply reply = { 0 };
	struct place place;
	int status = -1;

	if (s3_call(conn, &call, &reply) != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	else if (!find_place(&reply.http, &place))
		buf_adds(why, "an answer without its length");
	else
		status = match(v, &reply.http, &place, why);
	if (status == 0 && v->sum.text[0] == '\0')
		s3_sum_find(&reply.http, false, &v->sum);
	s3_reply_free(&reply);
	return status;
}
