#include "s3/sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "s3/uri.h"

enum { SHA = 32 };

static const char algorithm[] = "AWS4-HMAC-SHA256";

static void
add_hex(char *text, const unsigned char *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		*text++ = hex[p[i] >> 4];
		*text++ = hex[p[i] & 15];
	}
	*text = '\0';
}

void
s3_sha256_hex(const void *p, size_t n, char hex[65])
{
	unsigned char sum[SHA];

	EVP_Digest(p, n, sum, NULL, EVP_sha256(), NULL);
	add_hex(hex, sum, SHA);
}

void
s3_amz_date(time_t when, char date[17])
{
	struct tm tm;

	strftime(date, 17, "%Y%m%dT%H%M%SZ", gmtime_r(&when, &tm));
}

/* "name=value", or "name:value\n" for headers, to be sorted. */
static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* '=' sorts after bytes that a name may contain, so the end of the name is
 * marked by a byte that sorts before all. */
void
s3_query(struct s3_pairs query, struct buf *b)
{
	char **list = mem_alloc((query.n + 1) * sizeof *list);
	struct buf pair = { 0 };
	char *end;
	size_t i;

	for (i = 0; i < query.n; i++) {
		s3_encode(&pair, query.p[i].name, false);
		buf_addc(&pair, '\1');
		s3_encode(&pair, query.p[i].value, false);
		list[i] = mem_dup(pair.p, pair.n);
		pair.n = 0;
	}
	buf_free(&pair);
	qsort(list, query.n, sizeof *list, by_bytes);
	for (i = 0; i < query.n; i++) {
		end = strchr(list[i], '\1');
		*end = '=';
		buf_addf(b, "%s%s", i > 0 ? "&" : "", list[i]);
		free(list[i]);
	}
	free(list);
}

/* A value in canonical form: trimmed, with single blanks inside. */
static void
add_trimmed(struct buf *b, const char *value)
{
	size_t from;

	value += strspn(value, " \t");
	from = b->n;
	for (; *value != '\0'; value++)
		if ((*value != ' ' && *value != '\t') ||
		    (b->n > from && b->p[b->n - 1] != ' '))
			buf_addc(b, *value == '\t' ? ' ' : *value);
	while (b->n > from && b->p[b->n - 1] == ' ')
		b->n--;
}

static void
add_lower(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++)
		buf_addc(b,
		    (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name));
}

/* By name; those of one name stay in their order. */
static int
by_name(const void *a, const void *b)
{
	const struct s3_pair *v = *(const struct s3_pair *const *)a;
	const struct s3_pair *w = *(const struct s3_pair *const *)b;
	int order = strcasecmp(v->name, w->name);

	return order != 0 ? order : v < w ? -1 : v > w;
}

/* The lines of the headers, and the names of those signed. */
static void
add_headers(struct s3_pairs headers, struct buf *lines, struct buf *names)
{
	const struct s3_pair **list = mem_alloc((headers.n + 1) * sizeof *list);
	bool again;
	size_t i;

	for (i = 0; i < headers.n; i++)
		list[i] = &headers.p[i];
	qsort(list, headers.n, sizeof *list, by_name);
	for (i = 0; i < headers.n; i++) {
		again =
		    i > 0 && strcasecmp(list[i]->name, list[i - 1]->name) == 0;
		if (again) {
			lines->p[lines->n - 1] = ',';
		} else {
			add_lower(lines, list[i]->name);
			buf_addc(lines, ':');
			buf_adds(names, i > 0 ? ";" : "");
			add_lower(names, list[i]->name);
		}
		add_trimmed(lines, list[i]->value);
		buf_addc(lines, '\n');
	}
	free(list);
}

static void
hmac(unsigned char out[SHA], const void *key, size_t key_n, const void *p,
    size_t n)
{
	HMAC(EVP_sha256(), key, (int)key_n, p, n, out, NULL);
}

/* The key of that day, region and service. */
static void
signing_key(
    const struct s3_signing *s, const char *date, unsigned char key[SHA])
{
	struct buf first = { 0 };

	buf_addf(&first, "AWS4%s", s->creds->secret);
	hmac(key, first.p, first.n, date, 8);
	OPENSSL_cleanse(first.p, first.n);
	buf_free(&first);
	hmac(key, key, SHA, s->region, strlen(s->region));
	hmac(key, key, SHA, s->service, strlen(s->service));
	hmac(key, key, SHA, "aws4_request", 12);
}

void
s3_canonical(const struct s3_signing *s, struct buf *request, struct buf *names)
{
	buf_addf(request, "%s\n%s\n", s->method, s->path);
	s3_query(s->query, request);
	buf_addc(request, '\n');
	add_headers(s->headers, request, names);
	buf_addf(request, "\n%s\n%s", buf_str(names), s->payload);
}

void
s3_sign(const struct s3_signing *s, struct buf *authorization)
{
	struct buf request = { 0 }, names = { 0 }, scope = { 0 }, text = { 0 };
	unsigned char key[SHA], sum[SHA];
	char date[17], hex[2 * SHA + 1];

	s3_amz_date(s->when, date);
	s3_canonical(s, &request, &names);
	buf_addf(
	    &scope, "%.8s/%s/%s/aws4_request", date, s->region, s->service);
	s3_sha256_hex(request.p, request.n, hex);
	buf_addf(
	    &text, "%s\n%s\n%s\n%s", algorithm, date, buf_str(&scope), hex);
	signing_key(s, date, key);
	hmac(sum, key, SHA, text.p, text.n);
	OPENSSL_cleanse(key, sizeof key);
	add_hex(hex, sum, SHA);
	buf_addf(authorization,
	    "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s", algorithm,
	    s->creds->access, scope.p, names.p, hex);
	buf_free(&request);
	buf_free(&names);
	buf_free(&scope);
	buf_free(&text);
}
