#include "s3/address.h"

#include <string.h>

#include "s3/uri.h"

/* Whether it can be a host's label: 3 to 63 of a-z 0-9 - and, if dots, dots.
 */
static bool
fits_host(const char *bucket, bool dots)
{
	size_t n = strlen(bucket), i;

	if (n > 63 || bucket[0] == '-' || bucket[n - 1] == '-')
		return false;
	for (i = 0; i < n; i++)
		if (!((bucket[i] >= 'a' && bucket[i] <= 'z') ||
			(bucket[i] >= '0' && bucket[i] <= '9') ||
			bucket[i] == '-' || (dots && bucket[i] == '.')))
			return false;
	return true;
}

bool
s3_is_region(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n > 0 && n <= 63 && text[n] == '\0' && text[0] != '-' &&
	       text[n - 1] != '-';
}

const char *
s3_suffix(const char *region)
{
	static const char *const partitions[][2] = {
		{ "cn-", "amazonaws.com.cn" },
		{ "eusc-", "amazonaws.eu" },
		{ "us-iso-", "c2s.ic.gov" },
		{ "us-isob-", "sc2s.sgov.gov" },
		{ "us-isof-", "csp.hci.ic.gov" },
		{ "eu-isoe-", "cloud.adc-e.uk" },
	};
	size_t i;

	for (i = 0; i < sizeof partitions / sizeof *partitions; i++)
		if (strncmp(region, partitions[i][0],
			strlen(partitions[i][0])) == 0)
			return partitions[i][1];
	return "amazonaws.com";
}

/* The Host header leaves out the scheme's default port. */
static void
set_host(struct s3_address *a, const char *authority, size_t n)
{
	const char *port = a->tls ? ":443" : ":80";
	size_t p = strlen(port);

	if (n > p && memcmp(authority + n - p, port, p) == 0)
		n -= p;
	buf_add(&a->host, authority, n);
}

void
s3_address(struct s3_address *a, const struct s3_settings *settings,
    const char *region, const char *endpoint, const char *bucket,
    const char *key)
{
	struct buf whole = { 0 };
	const char *authority, *rest;
	bool in_host;

	a->base.n = a->host.n = a->path.n = 0;
	if (endpoint != NULL)
		buf_adds(&whole, endpoint);
	else if (settings->endpoint != NULL)
		buf_adds(&whole, settings->endpoint);
	else
		buf_addf(&whole, "https://s3.%s%s.%s",
		    settings->dualstack ? "dualstack." : "", region,
		    s3_suffix(region));
	a->tls = strncmp(buf_str(&whole), "https:", 6) == 0;
	authority = strstr(whole.p, "://");
	authority = authority == NULL ? whole.p : authority + 3;
	rest = authority + strcspn(authority, "/");

	in_host = endpoint == NULL && !settings->path_style &&
		  fits_host(bucket, !a->tls);
	buf_add(&a->base, whole.p, (size_t)(authority - whole.p));
	if (in_host) {
		buf_addf(&a->base, "%s.", bucket);
		buf_addf(&a->host, "%s.", bucket);
	}
	buf_add(&a->base, authority, (size_t)(rest - authority));
	set_host(a, authority, (size_t)(rest - authority));
	buf_adds(&a->path, rest);
	buf_addc(&a->path, '/');
	if (!in_host && endpoint == NULL) {
		buf_adds(&a->path, bucket);
		if (key != NULL)
			buf_addc(&a->path, '/');
	}
	if (key != NULL)
		s3_encode(&a->path, key, true);
	buf_str(&a->base);
	buf_str(&a->host);
	buf_str(&a->path);
	buf_free(&whole);
}

void
s3_address_free(struct s3_address *a)
{
	buf_free(&a->base);
	buf_free(&a->host);
	buf_free(&a->path);
}
