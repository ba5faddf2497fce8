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
#include "s3/crc64nvme.h"
#include "s3/get.h"
#include "s3/xml.h"

/* docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html; the parts grow
 * from this one on, by a step each so many. */
enum { GROW_FROM = 1000, GROW_EACH = 56 };

/* The checksum of what is stored, which buckets with Object Lock insist on, and
 * which Amazon has for whole objects also where they are of parts. */
static const char sum_header[] = "x-amz-checksum-crc64nvme";

enum { CRC_TEXT = 13 }; /* 8 bytes in base64, and NUL */

static const char IF_NONE_MATCH[] = "If-None-Match";

enum { HEADERS_MOST = 4 }; /* of a call, but for the checksum */

struct part {
	struct part *next;
	unsigned number; /* from 1 */
	size_t n, size;
	char *p;
};

/* What the server said of a part. */
struct stored {
	char *etag;
	char crc[CRC_TEXT]; /* "": it knows no such checksums */
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
	struct part *spare;    /* to be filled again */
	struct stored *stored; /* by number - 1 */
	uint64_t flying;       /* bytes with the threads or in the queue */
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
	for (i = 0; put->stored != NULL && i < put->parts; i++)
		free(put->stored[i].etag);
	free_part(put->now);
	free(put->stored);
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
look(struct s3_put *put, struct buf *why)
{
	struct s3_call call = {
		.method = "HEAD", .bucket = put->bucket, .key = put->key
	};
	struct s3_reply reply = { 0 };
	int status = -1;

	if (s3_call(put->conn, &call, &reply) == 0) {
		buf_adds(why, "it is there already");
	} else if (s3_client_stopped(put->client)) {
		buf_adds(why, "interrupted");
	} else if (reply.http.status != 404) {
		buf_addf(why, "whether it is there cannot be looked up: %s",
		    buf_str(&reply.error.text));
		if (reply.http.status == 403)
			buf_adds(why, ", which Amazon also says of what is not "
				      "there to who lacks s3:ListBucket");
	} else {
		status = 0;
	}
	s3_reply_free(&reply);
	return status;
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
	if (options->if_none_match && !options->at_hand &&
	    look(put, why) != 0) {
		free_put(put);
		return NULL;
	}
	return put;
}

/* The headers that say what the object will be: at most 3. */
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

static bool
is_conditional(const struct s3_call *call)
{
	size_t n = call->headers.n;

	return n > 0 && strcmp(call->headers.p[n - 1].name, IF_NONE_MATCH) == 0;
}

/* Whether the server's reason is that it does not know the checksum, not that
 * the checksum is wrong, nor the condition. */
static bool
refuses_sums(const struct s3_call *call, struct s3_reply *reply)
{
	const char *code = reply->error.code;
	const char *text = buf_str(&reply->error.text);

	if (strcmp(code, "BadDigest") == 0 || strstr(code, "Mismatch") != NULL)
		return false;
	if (reply->http.status != 400 && reply->http.status != 501)
		return false;
	return strstr(text, "checksum") != NULL ||
	       strstr(text, "Checksum") != NULL ||
	       (reply->http.status == 501 && !is_conditional(call));
}

/* With a checksum beside the call's headers; where the server refuses it, once
 * more without, and from then on all is without. */
static int
call_summed(struct s3_conn *conn, const struct s3_call *call,
    struct s3_pair sum, struct s3_reply *reply)
{
	struct s3_client *client = s3_conn_client(conn);
	struct s3_pair headers[HEADERS_MOST + 1];
	struct s3_call with = *call;
	int status;

	if (!s3_client_sums(client))
		return s3_call(conn, call, reply);
	if (call->headers.n > 0)
		memcpy(headers, call->headers.p,
		    call->headers.n * sizeof *headers);
	headers[with.headers.n++] = sum;
	with.headers.p = headers;
	status = s3_call(conn, &with, reply);
	if (status == 0 || !refuses_sums(call, reply))
		return status;
	s3_reply_free(reply);
	*reply = (struct s3_reply){ 0 };
	if ((status = s3_call(conn, call, reply)) == 0)
		s3_client_sums_refused(client);
	return status;
}

static int
begin_upload(struct s3_put *put, struct buf *why)
{
	struct s3_pair query = { "uploads", "" }, headers[HEADERS_MOST];
	struct s3_pair sum = { "x-amz-checksum-algorithm", "CRC64NVME" };
	struct s3_call call = {
		.method = "POST",
		.bucket = put->bucket,
		.key = put->key,
		.query = { &query, 1 },
		.headers = { headers, add_headers(put, headers) },
	};
	struct s3_reply reply = { 0 };
	char root[64];
	int status;

	if (put->o.if_none_match && put->o.at_hand && look(put, why) != 0)
		return -1;
	status = call_summed(put->conn, &call, sum, &reply);
	if (status != 0) {
		buf_add(why, reply.error.text.p, reply.error.text.n);
	} else if (s3_xml(reply.http.body.p, reply.http.body.n, root,
		       take_upload_id, put) != 0 ||
		   strcmp(root, "InitiateMultipartUploadResult") != 0 ||
		   put->upload == NULL) {
		free(put->upload);
		put->upload = NULL;
		buf_adds(why, "the answer names no upload");
		status = -1;
	}
	s3_reply_free(&reply);
	return status;
}

static void
md5_hex(const void *p, size_t n, char hex[33])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned i;

	hex[0] = '\0';
	if (EVP_Digest(p, n, sum, NULL, EVP_md5(), NULL) != 1)
		return;
	for (i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

static void
crc_text(const struct part *part, char text[CRC_TEXT])
{
	uint64_t crc = s3_crc64nvme(0, part->p, part->n);
	unsigned char raw[8];
	int i;

	for (i = 0; i < 8; i++)
		raw[i] = (unsigned char)(crc >> 8 * (7 - i));
	EVP_EncodeBlock((unsigned char *)text, raw, sizeof raw);
}

/*
 * The answer is that of a server that has the bytes.  Its checksum is compared
 * where it has one, and where nothing else let it find damage, its ETag where
 * that is an MD5; when_required says that ETags may be none.
 */
static int
check_stored(const struct s3_put *put, const struct part *part, const char *crc,
    const struct s3_reply *reply, struct stored *stored, struct buf *why)
{
	const char *etag = http_header(&reply->http, "ETag");
	const char *theirs = http_header(&reply->http, sum_header);
	struct s3_sum sum;
	char hex[33];

	if (etag == NULL || etag[0] == '\0') {
		buf_adds(why, "an answer without an ETag");
		return -1;
	}
	if (theirs != NULL && crc[0] != '\0') {
		if (strcmp(theirs, crc) != 0) {
			buf_addf(why,
			    "damaged on the way: its checksum is %s, not %s",
			    theirs, crc);
			return -1;
		}
		snprintf(stored->crc, sizeof stored->crc, "%s", crc);
	} else if (!reply->summed &&
		   s3_client_settings(put->client)->checksum_validate) {
		s3_sum_find(&reply->http, true, &sum);
		md5_hex(part->p, part->n, hex);
		if (sum.text[0] != '\0' && strcmp(sum.text + 4, hex) != 0) {
			buf_addf(why,
			    "damaged on the way: its ETag is %s, its MD5 %s",
			    etag, hex);
			return -1;
		}
	}
	stored->etag = copy(etag);
	return 0;
}

static int
send_part(struct s3_conn *conn, struct s3_put *put, const struct part *part,
    struct stored *stored, struct buf *why)
{
	char number[16], crc[CRC_TEXT] = "";
	struct s3_pair query[2] = { { "partNumber", number },
		{ "uploadId", put->upload } };
	struct s3_call call = {
		.method = "PUT",
		.bucket = put->bucket,
		.key = put->key,
		.query = { query, 2 },
		.body = part->p,
		.body_n = part->n,
		.root = "",
	};
	struct s3_reply reply = { 0 };
	int status;

	snprintf(number, sizeof number, "%u", part->number);
	if (s3_client_sums(put->client))
		crc_text(part, crc);
	status = call_summed(
	    conn, &call, (struct s3_pair){ sum_header, crc }, &reply);
	buf_addf(why, "part %u: ", part->number);
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	else
		status = check_stored(put, part, crc, &reply, stored, why);
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
	struct stored stored = { 0 };
	int status = send_part(conn, put, part, &stored, &why);

	pthread_mutex_lock(&put->lock);
	put->stored[part->number - 1] = stored;
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
		put->stored = mem_resize(
		    put->stored, put->parts + 1, sizeof *put->stored);
		put->stored[put->parts] = (struct stored){ 0 };
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

/* The ETag that S3 gives to parts together: the MD5 of their MD5s, and their
 * number; "" where theirs are none. */
static void
etag_of_parts(const struct s3_put *put, char etag[64])
{
	struct buf all = { 0 };
	char hex[33];
	unsigned i, k, byte;

	etag[0] = '\0';
	for (i = 0; i < put->parts; i++) {
		const char *text = put->stored[i].etag;

		text += *text == '"';
		if (strspn(text, "0123456789abcdef") != 32)
			break;
		for (k = 0; k < 32 && sscanf(text + k, "%2x", &byte) == 1;
		     k += 2)
			buf_addc(&all, (char)byte);
	}
	if (i == put->parts) {
		md5_hex(all.p, all.n, hex);
		snprintf(etag, 64, "%s-%u", hex, put->parts);
	}
	buf_free(&all);
}

/* Whether an answer may have been lost that said it was done: what is asked
 * again is refused then.  libcurl asks again by itself, too, where a connection
 * turns out to be dead. */
static bool
may_be_there(const struct s3_reply *reply)
{
	return reply->unsure || s3_may_mend(reply) ||
	       reply->http.status == 404 || reply->http.status == 412;
}

enum there { THERE, OTHER, UNKNOWN };

/* What was stored is there where what is there has its ETag; "": nobody knows
 * that. */
static enum there
is_there(struct s3_put *put, const char *etag)
{
	struct s3_call call = { .method = "HEAD",
		.bucket = put->bucket,
		.key = put->key,
		.to_the_end = true };
	struct s3_reply reply = { 0 };
	int status = s3_call(put->conn, &call, &reply);
	const char *theirs = http_header(&reply.http, "ETag");
	size_t n = strlen(etag);
	enum there there = OTHER;

	if (status != 0)
		there = reply.http.status == 404 ? OTHER : UNKNOWN;
	else if (n == 0 || theirs == NULL)
		there = UNKNOWN;
	else if (strlen(theirs) == n + 2 && memcmp(theirs + 1, etag, n) == 0)
		there = THERE;
	s3_reply_free(&reply);
	return there;
}

/* The call that makes the object, If-None-Match the last of its headers where
 * that is wanted. */
static int
call_last(struct s3_put *put, struct s3_call *call, const struct s3_pair *sum,
    struct s3_reply *reply)
{
	int status;

	for (;;) {
		status = sum != NULL ? call_summed(put->conn, call, *sum, reply)
				     : s3_call(put->conn, call, reply);
		if (status == 0 || reply->http.status != 501 ||
		    !is_conditional(call) || !put->o.look_is_enough)
			return status;
		s3_reply_free(reply);
		*reply = (struct s3_reply){ 0 };
		call->headers.n--;
	}
}

static int
store_whole(struct s3_put *put, const struct part *part, struct buf *why)
{
	struct s3_pair headers[HEADERS_MOST];
	struct s3_call call = {
		.method = "PUT",
		.bucket = put->bucket,
		.key = put->key,
		.body = part->n > 0 ? part->p : "",
		.body_n = part->n,
		.root = "",
	};
	struct s3_reply reply = { 0 };
	struct stored stored = { 0 };
	size_t n = add_headers(put, headers), before = why->n;
	char hex[33], crc[CRC_TEXT] = "";
	const struct s3_pair sum = { sum_header, crc };
	bool doubt;
	int status;

	if (put->o.if_none_match) {
		if (look(put, why) != 0)
			return -1;
		headers[n++] = (struct s3_pair){ IF_NONE_MATCH, "*" };
	}
	call.headers = (struct s3_pairs){ headers, n };
	if (s3_client_sums(put->client))
		crc_text(part, crc);
	status = call_last(put, &call, &sum, &reply);
	doubt = status == 0 || may_be_there(&reply);
	if (status == 0)
		status = check_stored(put, part, crc, &reply, &stored, why);
	else
		buf_add(why, reply.error.text.p, reply.error.text.n);
	if (status != 0 && doubt && !s3_client_stopped(put->client)) {
		md5_hex(part->p, part->n, hex);
		if (is_there(put, hex) == THERE) {
			why->n = before;
			status = 0;
		}
	}
	free(stored.etag);
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
		.root = "",
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
		const struct stored *stored = &put->stored[i];

		buf_addf(
		    body, "<Part><PartNumber>%u</PartNumber><ETag>", i + 1);
		add_xml(body, stored->etag);
		buf_adds(body, "</ETag>");
		if (stored->crc[0] != '\0')
			buf_addf(body,
			    "<ChecksumCRC64NVME>%s</ChecksumCRC64NVME>",
			    stored->crc);
		buf_adds(body, "</Part>");
	}
	buf_adds(body, "</CompleteMultipartUpload>");
}

/* What an answer to complete says. */
struct result {
	const char *key;
	bool other;
};

static int
take_result(void *arg, const char *path, const char *text)
{
	struct result *r = arg;

	if (strcmp(path, "Key") == 0)
		r->other = strcmp(text, r->key) != 0;
	return 0;
}

/* The answer is about this object.  radosgw 16 has no ETag in it. */
static bool
is_result(const struct s3_put *put, const struct s3_reply *reply)
{
	struct result r = { .key = put->key };

	return s3_xml(reply->http.body.p, reply->http.body.n, NULL, take_result,
		   &r) == 0 &&
	       !r.other;
}

/*
 * What was not answered, or not by the server, may have been done, or be under
 * way: the upload is then looked for by its ETag, and is aborted only where it
 * is not complete.  *open: nobody knows that, and it has to be left as it is.
 */
static int
judge(struct s3_put *put, const struct s3_reply *reply, bool *open)
{
	int status = reply->http.status;
	bool gone = status == 404; /* nothing is left to abort */
	char etag[64];
	enum there there;

	etag_of_parts(put, etag);
	there = is_there(put, etag);
	if (there == UNKNOWN)
		*open = reply->unsure || status / 100 == 2;
	else
		*open = reply->unsure && !gone;
	/* What was there before may have been the same bytes. */
	if (there == THERE && !*open && !gone)
		abort_upload(put, NULL);
	return there == THERE ? 0 : -1;
}

static int
complete(struct s3_put *put, bool *open, struct buf *why)
{
	struct s3_pair query = { "uploadId", put->upload };
	struct s3_pair headers[2] = { { "Content-Type", "application/xml" },
		{ IF_NONE_MATCH, "*" } };
	struct buf body = { 0 };
	struct s3_call call = {
		.method = "POST",
		.bucket = put->bucket,
		.key = put->key,
		.query = { &query, 1 },
		.headers = { headers, put->o.if_none_match ? 2 : 1 },
		.root = "CompleteMultipartUploadResult",
		.long_silent = true,
	};
	struct s3_reply reply = { 0 };
	int status;

	if (put->o.if_none_match && look(put, why) != 0)
		return -1;
	add_parts(put, &body);
	call.body = body.p;
	call.body_n = body.n;
	status = call_last(put, &call, NULL, &reply);
	if (status == 0 && !is_result(put, &reply)) {
		buf_adds(&reply.error.text,
		    "200 OK, but the answer is not about this object");
		status = -1;
	}
	if (status != 0 &&
	    (may_be_there(&reply) || reply.http.status / 100 == 2))
		status = judge(put, &reply, open);
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	if (status != 0 && *open)
		buf_addf(why,
		    "; whether it is stored is not known, and parts may be "
		    "left of upload %s",
		    put->upload);
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
	bool open = false;
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
		 wait_for_parts(put, why) != 0 ||
		 complete(put, &open, why) != 0)
		status = -1;
	else
		status = 0;
	if (status != 0 && !open) {
		struct buf also = { 0 };

		if (s3_put_abort(put, &also) != 0)
			buf_addf(why, "; %s", buf_str(&also));
		buf_free(&also);
		return -1;
	}
	free_put(put);
	return status;
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
	struct s3_put put = { .client = s3_conn_client(conn),
		.conn = conn,
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
