#include "s3/put_requests.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/checksum.h"
#include "s3/crc64nvme.h"
#include "s3/get.h"
#include "s3/xml.h"

/* The checksum of stored data.  Buckets with Object Lock require one, and
 * Amazon has this one for whole objects even if they were stored in parts. */
static const char sum_header[] = "x-amz-checksum-crc64nvme";

static const char IF_NONE_MATCH[] = "If-None-Match";

enum { HEADERS_MAX = 4 }; /* of a call, but for the checksum */

static struct s3_client *
client_of(const struct s3_storing *s)
{
	return s3_conn_client(s->conn);
}

/* Whether the server's answer concerns this object alone, unlike expired
 * credentials or a wrong clock. */
static int
failure(const struct s3_storing *s, const struct s3_reply *reply)
{
	switch (reply->failure) {
	case S3_NONE:
	case S3_FINAL:
	case S3_ELSEWHERE:
		return reply->http.status != 0 &&
			       !s3_client_stopped(client_of(s))
			   ? S3_PUT_REFUSED
			   : S3_PUT_FAILED;
	default:
		return S3_PUT_FAILED;
	}
}

/* A server that does not support If-None-Match would replace the object. */
int
s3_storing_look(const struct s3_storing *s, struct buf *why)
{
	struct s3_call call = {
		.method = "HEAD", .bucket = s->bucket, .key = s->key
	};
	struct s3_reply reply = { 0 };
	int status = -1;

	if (s3_call(s->conn, &call, &reply) == 0) {
		buf_adds(why, "it already exists");
	} else if (s3_client_stopped(client_of(s))) {
		buf_adds(why, "interrupted");
	} else if (reply.http.status != 404) {
		buf_addf(why, "cannot look up whether it exists: %s",
		    buf_str(&reply.error.text));
		if (reply.http.status == 403)
			buf_adds(why,
			    ", which Amazon also answers for a missing "
			    "object without s3:ListBucket");
	} else {
		status = 0;
	}
	s3_reply_free(&reply);
	return status;
}

/* The headers that describe the object: at most 3. */
static size_t
add_headers(const struct s3_storing *s, struct s3_pair *list)
{
	size_t n = 0;

	if (s->o.content_type != NULL)
		list[n++] =
		    (struct s3_pair){ "Content-Type", s->o.content_type };
	if (s->o.kms_key_id != NULL) {
		list[n++] = (struct s3_pair){ "x-amz-server-side-encryption",
			"aws:kms" };
		list[n++] = (struct s3_pair){
			"x-amz-server-side-encryption-aws-kms-key-id",
			s->o.kms_key_id
		};
	}
	return n;
}

static int
take_upload_id(void *arg, const char *path, const char *text)
{
	struct s3_storing *s = arg;

	if (strcmp(path, "UploadId") == 0 && text[0] != '\0') {
		free(s->upload);
		s->upload = mem_str(text);
	}
	return 0;
}

static bool
is_conditional(const struct s3_call *call)
{
	size_t n = call->headers.n;

	return n > 0 && strcmp(call->headers.p[n - 1].name, IF_NONE_MATCH) == 0;
}

/* Whether the server refuses this kind of checksum, not its value, nor the
 * condition. */
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

/* Adds a checksum to the call's headers.  If the server refuses it, sends
 * again without, as all calls do from then on. */
static int
call_summed(struct s3_conn *conn, const struct s3_call *call,
    struct s3_pair sum, struct s3_reply *reply)
{
	struct s3_client *client = s3_conn_client(conn);
	struct s3_pair headers[HEADERS_MAX + 1];
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

int
s3_storing_begin(struct s3_storing *s, struct buf *why)
{
	struct s3_pair query = { "uploads", "" }, headers[HEADERS_MAX];
	struct s3_pair sum = { "x-amz-checksum-algorithm", "CRC64NVME" };
	struct s3_call call = {
		.method = "POST",
		.bucket = s->bucket,
		.key = s->key,
		.query = { &query, 1 },
		.headers = { headers, add_headers(s, headers) },
	};
	struct s3_reply reply = { 0 };
	char root[64];
	int status;

	if (s->o.if_none_match && s->o.at_hand && s3_storing_look(s, why) != 0)
		return -1;
	status = call_summed(s->conn, &call, sum, &reply);
	if (status != 0) {
		buf_add(why, reply.error.text.p, reply.error.text.n);
	} else if (s3_xml(reply.http.body.p, reply.http.body.n, root,
		       take_upload_id, s) != 0 ||
		   strcmp(root, "InitiateMultipartUploadResult") != 0 ||
		   s->upload == NULL) {
		free(s->upload);
		s->upload = NULL;
		buf_adds(why, "the answer names no upload");
		status = -1;
	}
	if (status != 0)
		status = failure(s, &reply);
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
crc_text(struct span bytes, char text[S3_CRC_TEXT])
{
	uint64_t crc = s3_crc64nvme(0, bytes.p, bytes.n);
	unsigned char raw[8];
	int i;

	for (i = 0; i < 8; i++)
		raw[i] = (unsigned char)(crc >> 8 * (7 - i));
	EVP_EncodeBlock((unsigned char *)text, raw, sizeof raw);
}

/*
 * Checks the answer of a server that has the bytes.  Its checksum is compared
 * if it has one.  If nothing else could have found damage, so is its ETag if
 * that is an MD5, unless when_required says that ETags may not be MD5s.
 */
static int
check_stored(const struct s3_storing *s, struct span bytes, const char *crc,
    const struct s3_reply *reply, struct s3_stored *stored, struct buf *why)
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
			    "corrupted in transit: its checksum is %s, not %s",
			    theirs, crc);
			return -1;
		}
		snprintf(stored->crc, sizeof stored->crc, "%s", crc);
	} else if (!reply->summed &&
		   s3_client_settings(client_of(s))->checksum_validate) {
		s3_sum_find(&reply->http, true, &sum);
		md5_hex(bytes.p, bytes.n, hex);
		if (sum.text[0] != '\0' && strcmp(sum.text + 4, hex) != 0) {
			buf_addf(why,
			    "corrupted in transit: its ETag is %s, its MD5 %s",
			    etag, hex);
			return -1;
		}
	}
	stored->etag = mem_str(etag);
	return 0;
}

int
s3_storing_part(struct s3_conn *conn, const struct s3_storing *s,
    unsigned number, struct span bytes, struct s3_stored *stored,
    struct buf *why)
{
	char text[16], crc[S3_CRC_TEXT] = "";
	struct s3_pair query[2] = { { "partNumber", text },
		{ "uploadId", s->upload } };
	struct s3_call call = {
		.method = "PUT",
		.bucket = s->bucket,
		.key = s->key,
		.query = { query, 2 },
		.body = bytes.p,
		.body_n = bytes.n,
		.root = "",
	};
	struct s3_reply reply = { 0 };
	int status;

	snprintf(text, sizeof text, "%u", number);
	if (s3_client_sums(client_of(s)))
		crc_text(bytes, crc);
	status = call_summed(
	    conn, &call, (struct s3_pair){ sum_header, crc }, &reply);
	buf_addf(why, "part %u: ", number);
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	else
		status = check_stored(s, bytes, crc, &reply, stored, why);
	if (status != 0)
		status = failure(s, &reply);
	s3_reply_free(&reply);
	return status;
}

/* The ETag of an object in parts: the MD5 of the parts' MD5s, and their
 * number; "" if the parts' ETags are not MD5s. */
static void
etag_of_parts(const struct s3_stored *parts, unsigned n, char etag[64])
{
	struct buf all = { 0 };
	char hex[33];
	unsigned i, k, byte;

	etag[0] = '\0';
	for (i = 0; i < n; i++) {
		const char *text = parts[i].etag;

		text += *text == '"';
		if (strspn(text, "0123456789abcdef") != 32)
			break;
		for (k = 0; k < 32 && sscanf(text + k, "%2x", &byte) == 1;
		     k += 2)
			buf_addc(&all, (char)byte);
	}
	if (i == n) {
		md5_hex(all.p, all.n, hex);
		snprintf(etag, 64, "%s-%u", hex, n);
	}
	buf_free(&all);
}

/* Whether a lost answer may have been a success, so that the repeated
 * request was refused.  libcurl itself repeats a request if a connection turns
 * out to be dead. */
static bool
may_be_there(const struct s3_reply *reply)
{
	return reply->unsure || s3_may_mend(reply) ||
	       reply->http.status == 404 || reply->http.status == 412;
}

enum there { THERE, OTHER, UNKNOWN };

/* The object was stored if the one that exists has its ETag; "": that is not
 * known. */
static enum there
is_there(const struct s3_storing *s, const char *etag)
{
	struct s3_call call = { .method = "HEAD",
		.bucket = s->bucket,
		.key = s->key,
		.to_the_end = true };
	struct s3_reply reply = { 0 };
	int status = s3_call(s->conn, &call, &reply);
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

/* The call that makes the object; If-None-Match, if sent, is the last of
 * its headers. */
static int
call_last(const struct s3_storing *s, struct s3_call *call,
    const struct s3_pair *sum, struct s3_reply *reply)
{
	int status;

	for (;;) {
		status = sum != NULL ? call_summed(s->conn, call, *sum, reply)
				     : s3_call(s->conn, call, reply);
		if (status == 0 || reply->http.status != 501 ||
		    !is_conditional(call) || !s->o.look_is_enough)
			return status;
		s3_reply_free(reply);
		*reply = (struct s3_reply){ 0 };
		call->headers.n--;
	}
}

int
s3_storing_whole(const struct s3_storing *s, struct span bytes, struct buf *why)
{
	struct s3_pair headers[HEADERS_MAX];
	struct s3_call call = {
		.method = "PUT",
		.bucket = s->bucket,
		.key = s->key,
		.body = bytes.n > 0 ? bytes.p : "",
		.body_n = bytes.n,
		.root = "",
	};
	struct s3_reply reply = { 0 };
	struct s3_stored stored = { 0 };
	size_t n = add_headers(s, headers), before = why->n;
	char hex[33], crc[S3_CRC_TEXT] = "";
	const struct s3_pair sum = { sum_header, crc };
	bool doubt;
	int status;

	if (s->o.if_none_match) {
		if (s3_storing_look(s, why) != 0)
			return -1;
		headers[n++] = (struct s3_pair){ IF_NONE_MATCH, "*" };
	}
	call.headers = (struct s3_pairs){ headers, n };
	if (s3_client_sums(client_of(s)))
		crc_text(bytes, crc);
	status = call_last(s, &call, &sum, &reply);
	doubt = status == 0 || may_be_there(&reply);
	if (status == 0)
		status = check_stored(s, bytes, crc, &reply, &stored, why);
	else
		buf_add(why, reply.error.text.p, reply.error.text.n);
	if (status != 0 && doubt && !s3_client_stopped(client_of(s))) {
		md5_hex(bytes.p, bytes.n, hex);
		if (is_there(s, hex) == THERE) {
			why->n = before;
			status = 0;
		}
	}
	free(stored.etag);
	if (status != 0)
		status = failure(s, &reply);
	s3_reply_free(&reply);
	return status;
}

int
s3_storing_abort(const struct s3_storing *s, struct buf *why)
{
	struct s3_pair query = { "uploadId", s->upload };
	struct s3_call call = {
		.method = "DELETE",
		.bucket = s->bucket,
		.key = s->key,
		.query = { &query, 1 },
		.root = "",
		.to_the_end = true,
	};
	struct s3_reply reply = { 0 };
	int status = s3_call(s->conn, &call, &reply);

	if (status != 0 && reply.http.status == 404)
		status = 0;
	if (status != 0 && why != NULL)
		buf_addf(why, "parts remain of upload %s, not aborted: %s",
		    s->upload, buf_str(&reply.error.text));
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
add_parts(const struct s3_stored *parts, unsigned n, struct buf *body)
{
	unsigned i;

	buf_adds(body, "<CompleteMultipartUpload xmlns=\""
		       "http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (i = 0; i < n; i++) {
		const struct s3_stored *stored = &parts[i];

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

/* The content of an answer to complete. */
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

/* Whether the answer is about this object.  That of radosgw 16 has no ETag.
 */
static bool
is_result(const struct s3_storing *s, const struct s3_reply *reply)
{
	struct result r = { .key = s->key };

	return s3_xml(reply->http.body.p, reply->http.body.n, NULL, take_result,
		   &r) == 0 &&
	       !r.other;
}

/*
 * If the answer is missing, or not from the server, the request may have been
 * carried out, or may still be.  The object is then looked up by its ETag, and
 * the upload is aborted only if it is not complete.  *open: that is not known,
 * and the upload has to be left alone.
 */
static int
judge(const struct s3_storing *s, const char *etag,
    const struct s3_reply *reply, bool *open)
{
	int status = reply->http.status;
	bool gone = status == 404; /* nothing is left to abort */
	enum there there = is_there(s, etag);

	if (there == UNKNOWN)
		*open = reply->unsure || status / 100 == 2;
	else
		*open = reply->unsure && !gone;
	/* The previous object may have had the same bytes. */
	if (there == THERE && !*open && !gone)
		s3_storing_abort(s, NULL);
	return there == THERE ? 0 : -1;
}

int
s3_storing_end(const struct s3_storing *s, const struct s3_stored *parts,
    unsigned n, bool *open, struct buf *why)
{
	struct s3_pair query = { "uploadId", s->upload };
	struct s3_pair headers[2] = { { "Content-Type", "application/xml" },
		{ IF_NONE_MATCH, "*" } };
	struct buf body = { 0 };
	struct s3_call call = {
		.method = "POST",
		.bucket = s->bucket,
		.key = s->key,
		.query = { &query, 1 },
		.headers = { headers, s->o.if_none_match ? 2 : 1 },
		.root = "CompleteMultipartUploadResult",
		.long_silent = true,
	};
	struct s3_reply reply = { 0 };
	char etag[64];
	int status;

	if (s->o.if_none_match && s3_storing_look(s, why) != 0)
		return -1;
	add_parts(parts, n, &body);
	call.body = body.p;
	call.body_n = body.n;
	status = call_last(s, &call, NULL, &reply);
	if (status == 0 && !is_result(s, &reply)) {
		buf_adds(&reply.error.text,
		    "200 OK, but the answer is not about this object");
		status = -1;
	}
	if (status != 0 &&
	    (may_be_there(&reply) || reply.http.status / 100 == 2)) {
		etag_of_parts(parts, n, etag);
		status = judge(s, etag, &reply, open);
	}
	if (status != 0)
		buf_add(why, reply.error.text.p, reply.error.text.n);
	if (status != 0 && *open)
		buf_addf(why,
		    "; it is not known whether it is stored, and parts may "
		    "remain of upload %s",
		    s->upload);
	if (status != 0)
		status = failure(s, &reply);
	s3_reply_free(&reply);
	buf_free(&body);
	return status;
}
