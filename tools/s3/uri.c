#include "s3/uri.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/percent.h"

static const char scheme[] = "s3://";

enum { BUCKET_MIN = 3, BUCKET_MAX = 255, KEY_MAX = 1024 };

bool
s3_uri_is(const char *text)
{
	return strncmp(text, scheme, sizeof scheme - 1) == 0;
}

/* RFC 3986, 3.1. */
bool
s3_uri_has_scheme(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n > 0 && strncmp(text + n, "://", 3) == 0;
}

bool
s3_uri_is_other(const char *text)
{
	return s3_uri_has_scheme(text) && !s3_uri_is(text) &&
	       strncmp(text, "file://", 7) != 0;
}

const char *
s3_uri_parse(const char *text, struct s3_uri *u)
{
	const char *bucket, *key;
	size_t n;

	memset(u, 0, sizeof *u);
	if (!s3_uri_is(text))
		return "not s3://BUCKET/KEY";
	bucket = text + sizeof scheme - 1;
	n = strcspn(bucket, "/");
	key = bucket + n + (bucket[n] == '/');
	if (strncmp(bucket, "arn:", 4) == 0)
		return "an ARN: name an access point by its alias, "
		       "s3://NAME-...-s3alias/KEY";
	if (n < BUCKET_MIN || n > BUCKET_MAX)
		return "a bucket's name has 3 to 255 bytes";
	if (strspn(bucket, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") < n)
		return "a bucket's name consists of A-Z a-z 0-9 - . _";
	if (strlen(key) > KEY_MAX)
		return "a key has at most 1024 bytes";
	u->bucket = mem_dup(bucket, n);
	u->key = mem_str(key);
	return NULL;
}

void
s3_uri_free(struct s3_uri *u)
{
	free(u->bucket);
	free(u->key);
	memset(u, 0, sizeof *u);
}

/* All but A-Z a-z 0-9 - . _ ~, and the same without the slash. */
#define LOW (PERCENT_BIT('-') | PERCENT_BIT('.') | UINT64_C(0x3ff) << '0')
#define LETTERS (UINT64_C(0x7fffffe) | UINT64_C(0x7fffffe) << 32)
#define HIGH (LETTERS | PERCENT_BIT('_') | PERCENT_BIT('~'))

void
s3_encode(struct buf *b, const char *text, bool slash)
{
	static percent_set all = { ~LOW, ~HIGH, UINT64_MAX, UINT64_MAX };
	static percent_set path = { ~(LOW | PERCENT_BIT('/')), ~HIGH,
		UINT64_MAX, UINT64_MAX };

	percent_encode(
	    b, (struct span){ text, strlen(text) }, slash ? path : all);
}
