/*
 * Names of objects: a name taken apart is put together again, and its address
 * is of bytes that a request line can have.
 */
#include <string.h>

#include "base/mem.h"
#include "s3/address.h"
#include "s3/uri.h"
#include "want.h"

static void
is_clean(const struct buf *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		want(b->p[i] > ' ' && b->p[i] < 0x7f && b->p[i] != '?' &&
		     b->p[i] != '#');
}

static void
address(const struct s3_uri *u, const char *endpoint, bool path_style)
{
	struct s3_settings s = { .endpoint = endpoint,
		.path_style = path_style };
	struct s3_address a = { 0 };

	s3_address(&a, &s, "us-east-1", NULL, u->bucket, u->key);
	is_clean(&a.base);
	is_clean(&a.host);
	is_clean(&a.path);
	want(a.path.p[0] == '/');
	s3_address_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dup((const char *)data, size);
	struct buf again = { 0 };
	struct s3_uri u;

	if (s3_uri_parse(text, &u) == NULL) {
		buf_addf(&again, "s3://%s%s%s", u.bucket,
		    strchr(text + 5, '/') != NULL ? "/" : "", u.key);
		want(strcmp(buf_str(&again), text) == 0);
		address(&u, NULL, false);
		address(&u, "http://h:1/x", true);
	} else {
		want(u.bucket == NULL && u.key == NULL);
	}
	s3_uri_free(&u);
	buf_free(&again);
	free(text);
	return 0;
}
