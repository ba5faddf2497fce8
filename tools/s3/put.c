#include "s3/put.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/checksum.h"
#include "s3/get.h"
#include "s3/xml.h"

/* docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html; the parts grow
 * from this one on, by a step each so many. */
enum { GROW_FROM = 1000, GROW_EACH = 56 };

struct part {
	struct part *next;
	unsigned number; /* from 1 */
	size_t n, size;
	char *p;
};

struct s3_put {
	struct s3_client *client;
	struct s3_conn *conn;
	char *bucket, *key;
	struct s3_put_options o;
	char *content_type, *kms_key_id;
	char *upload;	  /* its id; NULL: not in parts so far */
	struct part *now; /* that is being filled, or NULL */
	unsigned parts;	  /* begun */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t work, done;
	struct part *queue, **queue_tail;
	struct part *spare; /* to be filled again */
	char **etags;	    /* by number - 1 */
	uint64_t flying;    /* bytes with the threads or in the queue */
	pthread_t *threads;
	unsigned started;
	bool failed, stop;
	struct buf why;
};

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_dup(text, strlen(text));
}

static void
free_part(struct part *part)
{
	if (part != NULL)
		free(part->p);
	free(part);
}

static void
free_list(struct part *part)
{
	struct part *next;

	for (; part != NULL; part = next) {
		next = part->next;
		free_part(part);
	}
}

static void
end_threads(struct s3_put *put)
{
	unsigned i;

	pthread_mutex_lock(&put->lock);
	put->stop = true;
	pthread_cond_broadcast(&put->work);
	pthread_mutex_unlock(&put->lock);
	for (i = 0; i < put->started; i++)
		pthread_join(put->threads[i], NULL);
	put->started = 0;
}

static void
free_put(struct s3_put *put)
{
	unsigned i;

	end_threads(put);
	free_list(put->queue);
	free_list(put->spare);
	for (i = 0; put->etags != NULL && i < put->parts; i++)
		free(put->etags[i]);
	free_part(put->now);
	free(put->etags);
	free(put->threads);
	free(put->upload);
	free(put->content_type);
	free(put->kms_key_id);
	free(put->bucket);
	free(put->key);
	buf_free(&put->why);
	pthread_mutex_destroy(&put->lock);
	pthread_cond_destroy(&put->work);
	pthread_cond_destroy(&put->done);
	free(put);
}

/* A server that knows no If-None-Match would replace what is there. */
static int
look_first(struct s3_put *put, struct buf *why)
{
	struct s3_call call = {
		.method = "HEAD", .bucket = put->bucket, .key = put->key
	};
	struct s3_reply reply = { 0 };
	int status = s3_call(put->conn, &call, &reply);

	if (status == 0)
		buf_adds(why, "it is there already");
	s3_reply_free(&reply);
	return status == 0 ? -1 : 0;
}

struct s3_put *
s3_put_new(struct s3_client *client, struct s3_conn *conn, const char *bucket,
    const char *key, const struct s3_put_options *options, struct buf *why)
{
	struct s3_put *put = mem_alloc(sizeof *put);

	memset(put, 0, sizeof *put);
	put->client = client;
	put->conn = conn;
	put->bucket = copy(bucket);
	put->key = copy(key);
	put->o = *options;
	put->content_type = copy(options->content_type);
	put->kms_key_id = copy(options->kms_key_id);
	put->queue_tail = &put->queue;
	put->threads = mem_alloc(options->connections * sizeof *put->threads);
	pthread_mutex_init(&put->lock, NULL);
	pthread_cond_init(&put->work, NULL);
	pthread_cond_init(&put->done, NULL);
	if (options->if_none_match && look_first(put, why) != 0) {
		free_put(put);
		return NULL;
	}
	return put;
}

/* The headers that say what the object will be: at most 4. */
static size_t
add_headers(const struct s3_put *put, struct s3_pair *list)
{
	size_t n = 0;

	if (put->content_type != NULL)
		list[n++] =
		    (struct s3_pair){ "Content-Type", put->content_type };
	if (put->kms_key_id != NULL) {
		list[n++] = (struct s3_pair){ "x-amz-server-side-encryption",
			"aws:kms" };
		list[n++] = (struct s3_pair){
			"x-amz-server-side-encryption-aws-kms-key-id",
			put->kms_key_id
		};
	}
	return n;
}

static int
take_upload_id(void *arg, const char *path, const char *text)
{
	struct s3_put *put = arg;

	if (strcmp(path, "UploadId") == 0 && text[0] != '\0') {
		free(put->upload);
		put->upload = copy(text);
	}
	return 0;
}

static int
begin_upload(struct s3_put *put, struct buf *why)
{
	struct s3_pair query = { "uploads", "" }, headers[4];
	struct s3_call call = {
		.method = "POST",
		.bucket = put->bucket,
		.key = put->key,
		.query = { &query, 1 },
		.headers = { headers, add_headers(put, headers) },
	};
	struct s3_reply reply = { 0 };
	int status = s3_call(put->conn, &call, &reply);

	if (status != 0) {
		buf_add(why, reply.error.text.p, reply.error.text.n);
	} else if (s3_xml(reply.http.body.p, reply.http.body.n, NULL,
		       take_upload_id, put) != 0 ||
		   put->upload == NULL) {
		buf_adds(why, "the answer names no upload");
		status = -1;
	}
	s3_reply_free(&reply);
	return status;
}

static int
send_part(struct s3_conn *conn, const struct s3_put *put,
    const struct part *part, char **etag, struct buf *why)
{
	char number[16];
	struct s3_pair query[2] = { { "partNumber", number },
		{ "uploadId", put->upload } };
	struct s3_call call = {
		.method = "PUT",
		.bucket = put->bucket,
		.key = put->key,
		.query = { query, 2 },
		.body = part->p,
		.body_n = part->n,
	};
	struct s3_reply reply = { 0 };
	int status;

	snprintf(number, sizeof number, "%u", part->number);
	status = s3_call(conn, &call, &reply);
	if (status != 0) {
		buf_addf(why, "part %u: %s", part->number,
		    buf_str(&reply.error.text));
	} else if ((*etag = copy(http_header(&reply.http, "ETag"))) == NULL) {
		buf_addf(
		    why, "part %u: an answer without an ETag", part->number);
		status = -1;
	}
	s3_reply_free(&reply);
	return status;
}

/* Locked. */
static void
put_away(struct s3_put *put, struct part *part)
{
	put->flying -= part->n;
	part->next = put->spare;
	put->spare = part;
	pthread_cond_broadcast(&put->done);
}

static void
work_on(struct s3_conn *conn, struct s3_put *put, struct part *part)
{
	struct buf why = { 0 };
	char *etag = NULL;
	int status = send_part(conn, put, part, &etag, &why);

	pthread_mutex_lock(&put->lock);
	put->etags[part->number - 1] = etag;
	if (status != 0 && !put->failed) {
		put->failed = true;
		buf_add(&put->why, why.p, why.n);
	}
	put_away(put, part);
	pthread_mutex_unlock(&put->lock);
	buf_free(&why);
}

static void *
work(void *arg)
{
	struct s3_put *put = arg;
	struct s3_conn *conn = s3_conn_new(put->client);
	struct part *part;

	pthread_mutex_lock(&put->lock);
	while (!put->stop) {
		if ((part = put->queue) == NULL) {
			pthread_cond_wait(&put->work, &put->lock);
			continue;
		}
		if ((put->queue = part->next) == NULL)
			put->queue_tail = &put->queue;
		if (put->failed) {
			put_away(put, part);
			continue;
		}
		pthread_mutex_unlock(&put->lock);
		work_on(conn, put, part);
		pthread_mutex_lock(&put->lock);
	}
	pthread_mutex_unlock(&put->lock);
	s3_conn_free(conn);
	return NULL;
}

/* Signals are the caller's. */
static int
start_thread(struct s3_put *put, struct buf *why)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	error = pthread_create(&put->threads[put->started], NULL, work, put);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (error == 0)
		put->started++;
	else if (put->started == 0) {
		buf_addf(why, "no thread: %s", strerror(error));
		return -1;
	}
	return 0;
}

static int
say_failed(struct s3_put *put, struct buf *why)
{
	buf_add(why, put->why.p, put->why.n);
	return -1;
}

static int
send_now(struct s3_put *put, struct buf *why)
{
	struct part *part = put->now;

	if (put->started < put->o.connections && put->started < part->number &&
	    start_thread(put, why) != 0)
		return -1;
	put->now = NULL;
	pthread_mutex_lock(&put->lock);
	part->next = NULL;
	*put->queue_tail = part;
	put->queue_tail = &part->next;
	put->flying += part->n;
	pthread_cond_signal(&put->work);
	pthread_mutex_unlock(&put->lock);
	return 0;
}

uint64_t
s3_put_part_size(uint64_t part_size, unsigned number)
{
	uint64_t n = S3_PUT_PART;

	if (part_size != 0)
		return part_size;
	if (number > GROW_FROM)
		n *= 1 + (number - GROW_FROM) / GROW_EACH;
	return n;
}

/*
 * Locked.  Waits until those that fly and the next have together as many bytes
 * as first parts on all connections, or there is but the next.
 */
static int
wait_for_room(struct s3_put *put, size_t size, struct buf *why)
{
	uint64_t most = put->o.part_size != 0 ? put->o.part_size : S3_PUT_PART;

	most *= put->o.connections;
	while (!put->failed && put->flying > 0 && put->flying + size > most)
		pthread_cond_wait(&put->done, &put->lock);
	return put->failed ? say_failed(put, why) : 0;
}

/* NULL where there is no memory: the upload has to be aborted. */
static struct part *
new_part(size_t size)
{
	struct part *part = mem_alloc(sizeof *part);

	part->size = size;
	if ((part->p = malloc(size)) != NULL)
		return part;
	free(part);
	return NULL;
}

static int
begin_part(struct s3_put *put, struct buf *why)
{
	size_t size =
	    (size_t)s3_put_part_size(put->o.part_size, put->parts + 1);
	struct part *part = NULL;
	int status;

	if (put->parts == S3_PUT_PARTS_MOST) {
		buf_addf(why, "more than %d parts of %" PRIu64 " bytes",
		    S3_PUT_PARTS_MOST, put->o.part_size);
		return -1;
	}
	pthread_mutex_lock(&put->lock);
	if ((status = wait_for_room(put, size, why)) == 0) {
		if ((part = put->spare) != NULL)
			put->spare = part->next;
		put->etags =
		    mem_resize(put->etags, put->parts + 1, sizeof *put->etags);
		put->etags[put->parts] = NULL;
	}
	pthread_mutex_unlock(&put->lock);
	if (status != 0)
		return -1;
	if (part == NULL || part->size != size) {
		free_part(part);
		part = new_part(size);
	}
	if (part == NULL) {
		buf_addf(why, "no memory for a part of %zu bytes", size);
		return -1;
	}
	part->n = 0;
	part->number = ++put->parts;
	put->now = part;
	return 0;
}

void *
s3_put_room(struct s3_put *put, size_t *n, struct buf *why)
{
	if (put->now != NULL && put->now->n == put->now->size) {
		if (put->upload == NULL && begin_upload(put, why) != 0)
			return NULL;
		if (send_now(put, why) != 0)
			return NULL;
	}
	if (put->now == NULL && begin_part(put, why) != 0)
		return NULL;
	*n = put->now->size - put->now->n;
	return put->now->p + put->now->n;
}

void
s3_put_filled(struct s3_put *put, size_t n)
{
	put->now->n += n;
}

int
s3_put_write(struct s3_put *put, const void *p, size_t n, struct buf *why)
{
	while (n > 0) {
		size_t room;
		char *to = s3_put_room(put, &room, why);

		if (to == NULL)
			return -1;
		room = room < n ? room : n;
		memcpy(to, p, room);
		s3_put_filled(put, room);
		p = (const char *)p + room;
		n -= room;
	}
	return 0;
}

static void
md5_hex(const struct part *part, char hex[33])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned i;

	hex[0] = '\0';
	if (EVP_Digest(part->p, part->n, sum, NULL, EVP_md5(), NULL) != 1)
		return;
	for (i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

/* The ETag that S3 gives to parts together: the MD5 of their MD5s, and their
 * number; "" where theirs are none. */
static void
etag_of_parts(const struct s3_put *put, char etag[64])
{
	struct part all = { 0 };
	struct buf sums = { 0 };
	char hex[33];
	unsigned i, k, byte;

	etag[0] = '\0';
	for (i = 0; i < put->parts; i++) {
		const char *text = put->etags[i];

		text += *text == '"';
		if (strspn(text, "0123456789abcdef") != 32)
			break;
		for (k = 0; k < 32 && sscanf(text + k, "%2x", &byte) == 1;
		     k += 2)
			buf_addc(&sums, (char)byte);
	}
	all.p = sums.p;
	all.n = sums.n;
	if (i == put->parts) {
		md5_hex(&all, hex);
		snprintf(etag, 64, "%s-%u", hex, put->parts);
	}
	buf_free(&sums);
}

/* Whether an answer may have been lost that said it was done: what is asked
 * again is refused then.  libcurl asks again by itself, too, where a connection
 * turns out to be dead. */
static bool
may_be_there(const struct s3_reply *reply)
{
	return s3_may_mend(reply) || reply->http.status == 404 ||
	       reply->http.status == 412;
}

/* It was done by us where what is there has our ETag. */
static int
is_there(struct s3_put *put, const char *etag)
{
	struct s3_version v = { 0 };
	struct buf why = { 0 };
	size_t n = strlen(etag);
	int status = s3_head(put->conn, put->bucket, put->key, &v, &why);

	if (status == 0 &&
	    (n == 0 || v.etag == NULL || strlen(v.etag) != n + 2 ||
		memcmp(v.etag + 1, etag, n) != 0))
		status = -1;
	s3_version_free(&v);
	buf_free(&why);
	return status;
}

/* The call that makes the object, If-None-Match the last of its headers where
 * that is wanted. */
static int
call_last(struct s3_put *put, struct s3_call *call, struct s3_reply *reply)
{
	int status = s3_call(put->conn, call, reply);

	if (status == 0 || reply->http.status != 501 || !put->o.if_none_match ||
	    !put->o.look_is_enough)
		return status;
	s3_reply_free(reply);
	*reply = (struct s3_reply){ 0 };
	call->headers.n--;
	return s3_call(put->conn, call, reply);
}

static int
store_whole(struct s3_put *put, const struct part *part, struct buf *why)
{
	struct s3_pair headers[4];
	struct s3_call call = {
		.method = "PUT",
		.bucket = put->bucket,
		.key = put->key,
		.body = part->n > 0 ? part->p : "",
		.body_n = part->n,
	};
	struct s3_reply reply = { 0 };
	size_t n = add_headers(put, headers);
	char hex[33];
	int status;

	if (put->o.if_none_match)
		headers[n++] = (struct s3_pair){ "If-None-Match", "*" };
	call.headers = (struct s3_pairs){ headers, n };
	status = call_last(put, &call, &reply);
	if (status != 0 && may_be_there(&reply)) {
		md5_hex(part, hex);
		status = is_there(put, hex);
	}
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	s3_reply_free(&reply);
	return status;
}

static int
abort_upload(struct s3_put *put, struct buf *why)
{
	struct s3_pair query = { "uploadId", put->upload };
	struct s3_call call = {
		.method = "DELETE",
		.bucket = put->bucket,
		.key = put->key,
		.query = { &query, 1 },
		.to_the_end = true,
	};
	struct s3_reply reply = { 0 };
	int status = s3_call(put->conn, &call, &reply);

	if (status != 0 && reply.http.status == 404)
		status = 0;
	if (status != 0 && why != NULL)
		buf_addf(why, "parts are left of upload %s, not aborted: %s",
		    put->upload, buf_str(&reply.error.text));
	s3_reply_free(&reply);
	return status;
}

static void
add_xml(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '&')
			buf_adds(b, "&amp;");
		else if (*text == '<')
			buf_adds(b, "&lt;");
		else
			buf_addc(b, *text);
}

static void
add_parts(const struct s3_put *put, struct buf *body)
{
	unsigned i;

	buf_adds(body, "<CompleteMultipartUpload xmlns=\""
		       "http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (i = 0; i < put->parts; i++) {
		buf_addf(
		    body, "<Part><PartNumber>%u</PartNumber><ETag>", i + 1);
		add_xml(body, put->etags[i]);
		buf_adds(body, "</ETag></Part>");
	}
	buf_adds(body, "</CompleteMultipartUpload>");
}

static int
complete(struct s3_put *put, struct buf *why)
{
	struct s3_pair query = { "uploadId", put->upload };
	struct s3_pair headers[2] = { { "Content-Type", "application/xml" },
		{ "If-None-Match", "*" } };
	struct buf body = { 0 };
	struct s3_call call = {
		.method = "POST",
		.bucket = put->bucket,
		.key = put->key,
		.query = { &query, 1 },
		.headers = { headers, put->o.if_none_match ? 2 : 1 },
		.error_in_200 = true,
	};
	struct s3_reply reply = { 0 };
	char etag[64];
	int status;

	add_parts(put, &body);
	call.body = body.p;
	call.body_n = body.n;
	status = call_last(put, &call, &reply);
	if (status != 0 && may_be_there(&reply)) {
		etag_of_parts(put, etag);
		if ((status = is_there(put, etag)) == 0)
			abort_upload(put, NULL);
	}
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	s3_reply_free(&reply);
	buf_free(&body);
	return status;
}

static int
wait_for_parts(struct s3_put *put, struct buf *why)
{
	bool failed;

	pthread_mutex_lock(&put->lock);
	while (put->flying > 0)
		pthread_cond_wait(&put->done, &put->lock);
	failed = put->failed;
	pthread_mutex_unlock(&put->lock);
	return failed ? say_failed(put, why) : 0;
}

void
s3_put_settle(struct s3_put *put)
{
	pthread_mutex_lock(&put->lock);
	while (put->flying > 0)
		pthread_cond_wait(&put->done, &put->lock);
	pthread_mutex_unlock(&put->lock);
	end_threads(put);
	put->stop = false;
	free_list(put->spare);
	put->spare = NULL;
}

void
s3_put_use(struct s3_put *put, struct s3_conn *conn)
{
	put->conn = conn;
}

int
s3_put_commit(struct s3_put *put, struct buf *why)
{
	static const struct part nothing;
	int status;

	/* Room was made for what did not come. */
	if (put->upload != NULL && put->now != NULL && put->now->n == 0) {
		free_part(put->now);
		put->now = NULL;
		put->parts--;
	}
	if (put->upload == NULL)
		status = store_whole(
		    put, put->now != NULL ? put->now : &nothing, why);
	else if ((put->now != NULL && send_now(put, why) != 0) ||
		 wait_for_parts(put, why) != 0 || complete(put, why) != 0)
		status = -1;
	else
		status = 0;
	if (status != 0) {
		struct buf also = { 0 };

		if (s3_put_abort(put, &also) != 0)
			buf_addf(why, "; %s", buf_str(&also));
		buf_free(&also);
		return -1;
	}
	free_put(put);
	return 0;
}

int
s3_put_abort(struct s3_put *put, struct buf *why)
{
	int status = 0;

	/* Parts under way would come after the abort. */
	pthread_mutex_lock(&put->lock);
	put->failed = true;
	pthread_mutex_unlock(&put->lock);
	end_threads(put);
	if (put->upload != NULL)
		status = abort_upload(put, why);
	free_put(put);
	return status;
}

int
s3_put_bytes(struct s3_conn *conn, const char *bucket, const char *key,
    const struct s3_put_options *options, const void *p, size_t n,
    struct buf *why)
{
	struct part part = { .n = n, .p = (char *)p };
	struct s3_put put = { .conn = conn,
		.o = *options,
		.bucket = copy(bucket),
		.key = copy(key),
		.content_type = copy(options->content_type),
		.kms_key_id = copy(options->kms_key_id) };
	int status = store_whole(&put, &part, why);

	free(put.bucket);
	free(put.key);
	free(put.content_type);
	free(put.kms_key_id);
	return status;
}
