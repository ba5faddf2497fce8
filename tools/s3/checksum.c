#include "s3/checksum.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "s3/crc64nvme.h"

enum { SUM_MAX = 64 };

struct s3_check {
	const struct kind *kind;
	struct s3_sum sum;
	uint64_t crc;
	EVP_MD_CTX *digest;
};

struct kind {
	const char *name;
	const char *header;
	void (*add)(struct s3_check *c, const void *p, size_t n);
	const char *digest;
	size_t n;
};

static void
add_crc32(struct s3_check *c, const void *p, size_t n)
{
	c->crc = crc32_z((uLong)c->crc, p, n);
}

static void
add_crc32c(struct s3_check *c, const void *p, size_t n)
{
	c->crc = crc32c((uint32_t)c->crc, p, n);
}

static void
add_crc64(struct s3_check *c, const void *p, size_t n)
{
	c->crc = s3_crc64nvme(c->crc, p, n);
}

static void
add_digest(struct s3_check *c, const void *p, size_t n)
{
	EVP_DigestUpdate(c->digest, p, n);
}

/* In order of preference. */
static const struct kind kinds[] = {
	{ "crc64nvme", "x-amz-checksum-crc64nvme", add_crc64, NULL, 8 },
	{ "crc32c", "x-amz-checksum-crc32c", add_crc32c, NULL, 4 },
	{ "crc32", "x-amz-checksum-crc32", add_crc32, NULL, 4 },
	{ "sha256", "x-amz-checksum-sha256", add_digest, "SHA256", 32 },
	{ "sha1", "x-amz-checksum-sha1", add_digest, "SHA1", 20 },
	{ "md5", NULL, add_digest, "MD5", 16 },
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* If the object is encrypted by KMS or with the caller's key, an ETag of
 * this form is not an MD5. */
static bool
is_md5(const struct http_reply *reply, const char *etag)
{
	const char *sse = http_header(reply, "x-amz-server-side-encryption");

	return etag != NULL && strlen(etag) == 34 && etag[0] == '"' &&
	       strspn(etag + 1, "0123456789abcdef") == 32 &&
	       (sse == NULL || strcmp(sse, "AES256") == 0) &&
	       http_header(reply,
		   "x-amz-server-side-encryption-customer-algorithm") == NULL;
}

void
s3_sum_find(const struct http_reply *reply, bool ranged, struct s3_sum *sum)
{
	const char *type = http_header(reply, "x-amz-checksum-type");
	bool of_parts = type != NULL && strcasecmp(type, "FULL_OBJECT") != 0;
	const char *value;
	size_t i;

	sum->text[0] = '\0';
	for (i = 0; i < KINDS && !ranged && !of_parts; i++) {
		value = kinds[i].header == NULL
			    ? NULL
			    : http_header(reply, kinds[i].header);
		if (value != NULL && strlen(value) <= SUM_MAX &&
		    strchr(value, '-') == NULL) {
			snprintf(sum->text, sizeof sum->text, "%s %s",
			    kinds[i].name, value);
			return;
		}
	}
	value = http_header(reply, "ETag");
	if (is_md5(reply, value))
		snprintf(sum->text, sizeof sum->text, "md5 %.32s", value + 1);
}

struct s3_check *
s3_check_new(const struct s3_sum *sum)
{
	size_t name = strcspn(sum->text, " "), i;
	struct s3_check *c;

	for (i = 0; i < KINDS; i++)
		if (strlen(kinds[i].name) == name &&
		    memcmp(kinds[i].name, sum->text, name) == 0)
			break;
	if (i == KINDS)
		return NULL;
	c = mem_alloc(sizeof *c);
	memset(c, 0, sizeof *c);
	c->kind = &kinds[i];
	c->sum = *sum;
	if (c->kind->digest == NULL)
		return c;
	if ((c->digest = EVP_MD_CTX_new()) != NULL &&
	    EVP_DigestInit_ex(
		c->digest, EVP_get_digestbyname(c->kind->digest), NULL) == 1)
		return c;
	EVP_MD_CTX_free(c->digest);
	free(c);
	return NULL;
}

void
s3_check_add(struct s3_check *check, const void *p, size_t n)
{
	check->kind->add(check, p, n);
}

void
s3_check_free(struct s3_check *check)
{
	if (check == NULL)
		return;
	EVP_MD_CTX_free(check->digest);
	free(check);
}

int
s3_check_end(struct s3_check *check, struct buf *why)
{
	unsigned char raw[EVP_MAX_MD_SIZE], text[SUM_MAX];
	const struct kind *kind;
	struct buf found = { 0 };
	size_t i;
	bool same;

	if (check == NULL)
		return 0;
	kind = check->kind;
	for (i = 0; i < kind->n && kind->digest == NULL; i++)
		raw[i] = (unsigned char)(check->crc >> 8 * (kind->n - 1 - i));
	if (kind->digest != NULL)
		EVP_DigestFinal_ex(check->digest, raw, NULL);
	buf_addf(&found, "%s ", kind->name);
	if (kind->header != NULL) {
		EVP_EncodeBlock(text, raw, (int)kind->n);
		buf_adds(&found, (char *)text);
	} else {
		for (i = 0; i < kind->n; i++)
			buf_addf(&found, "%02x", raw[i]);
	}
	same = strcmp(buf_str(&found), check->sum.text) == 0;
	if (!same)
		buf_addf(why,
		    "corrupted in transit: its checksum is %s, not %s", found.p,
		    check->sum.text);
	buf_free(&found);
	s3_check_free(check);
	return same ? 0 : -1;
}
