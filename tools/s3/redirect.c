#include "s3/redirect.h"

#include <string.h>
#include <strings.h>

/* A host's name without its port. */
static size_t
name_size(const char *authority)
{
	return authority[0] == '[' ? strcspn(authority, "]/") + 1
				   : strcspn(authority, ":/?#");
}

static bool
ends(const char *name, size_t n, const char *end, size_t m)
{
	return n >= m && strncasecmp(name + n - m, end, m) == 0 &&
	       (n == m || name[n - m - 1] == '.');
}

static bool
is_loopback(const char *name, size_t n)
{
	return ends(name, n, "localhost", 9) || ends(name, n, "[::1]", 5) ||
	       (n > 4 && strncmp(name, "127.", 4) == 0 &&
		   strspn(name, "0123456789.") == n);
}

/* The domain whose hosts serve what the endpoint serves: of s3.example.com and
 * its like, example.com; of Amazon's, amazonaws.com. */
static size_t
domain(const char *name, size_t n)
{
	const char *at, *end = name + n;

	for (at = name; at < end; at++)
		if (strncasecmp(at, ".amazonaws.", 11) == 0)
			return (size_t)(end - at) - 1;
	at = memchr(name, '.', n);
	if (at == NULL || memchr(at + 1, '.', (size_t)(end - at - 1)) == NULL ||
	    strspn(name, "0123456789.") == n)
		return n;
	return (size_t)(end - at) - 1;
}

/* The host is in the domain of the endpoint: what is sent there, the object's
 * bytes and the session token, is not another's to see. */
static bool
is_kin(const struct s3_redirect *r, const char *name, size_t n)
{
	const char *home = r->endpoint != NULL ? strstr(r->endpoint, "//") + 2
					       : r->from->host.p;
	size_t home_n = name_size(home), m = domain(home, home_n);

	return ends(name, n, home + home_n - m, m) ||
	       (is_loopback(name, n) && is_loopback(home, home_n));
}

static unsigned
hex(char c)
{
	return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
	       : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
	       : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
				      : 16;
}

/* The path is a slash, the bucket unless NULL, and the key unless NULL, after
 * another slash. */
static bool
path_is(const char *path, size_t n, const char *bucket, const char *key)
{
	struct buf want = { 0 }, got = { 0 };
	size_t i;
	bool same;

	buf_addf(&want, "/%s%s%s", bucket != NULL ? bucket : "",
	    bucket != NULL && key != NULL ? "/" : "", key != NULL ? key : "");
	for (i = 0; i < n; i++)
		if (path[i] == '%' && i + 2 < n && hex(path[i + 1]) < 16 &&
		    hex(path[i + 2]) < 16) {
			buf_addc(&got,
			    (char)(hex(path[i + 1]) * 16 + hex(path[i + 2])));
			i += 2;
		} else {
			buf_addc(&got, path[i]);
		}
	same = got.n == want.n && memcmp(got.p, want.p, got.n) == 0;
	buf_free(&want);
	buf_free(&got);
	return same;
}

/* The path says where the bucket stands, in it or in the host; -1: it is not
 * the path of what was asked for. */
static int
bucket_in_path(const struct s3_redirect *r, const char *host, size_t host_n,
    const char *path, size_t n)
{
	size_t bucket = strlen(r->bucket);

	if (path_is(path, n, r->bucket, r->key) ||
	    (r->key == NULL && path_is(path, n, r->bucket, "")))
		return 1;
	if (r->key != NULL)
		return path_is(path, n, NULL, r->key) ? 0 : -1;
	/* Any host has a path of "/". */
	return (n == 0 || path_is(path, n, NULL, NULL)) && host_n > bucket &&
		       host[bucket] == '.' &&
		       strncasecmp(host, r->bucket, bucket) == 0
		   ? 0
		   : -1;
}

/* HOST or HOST:PORT, of nothing that could be read in two ways. */
static bool
is_authority(const char *p, size_t n)
{
	size_t name = p[0] == '[' ? 1 + strspn(p + 1, "0123456789abcdefABCDEF:")
				  : strspn(p, "abcdefghijklmnopqrstuvwxyz"
					      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "0123456789.-_");

	name += p[0] == '[' && p[name] == ']';
	if (p[name] == ':')
		name += 1 + strspn(p + name + 1, "0123456789");
	return n > 0 && name == n;
}

/* Why it is not gone to, or NULL and *to. */
static const char *
look_at(const struct s3_redirect *r, const char *location, size_t scheme,
    struct buf *to)
{
	const char *host = location + scheme;
	const char *path = host + strcspn(host, "/?#");
	size_t name_n = name_size(host);
	int in_path;

	if (scheme == 0 || !is_authority(host, (size_t)(path - host)))
		return "not http://HOST or https://HOST";
	if (r->from->tls && scheme != strlen("https://"))
		return "not https";
	if (name_n == 0 || host + name_n > path || !is_kin(r, host, name_n))
		return "not of the endpoint's domain; --endpoint-url may name "
		       "it";
	in_path = bucket_in_path(r, host, name_n, path, strcspn(path, "?#"));
	if (in_path == -1)
		return "not the path of what was asked for";
	buf_addf(to, "http%s://%.*s", scheme == strlen("https://") ? "s" : "",
	    (int)(path - host), host);
	if (in_path == 1)
		buf_addf(to, "/%s", r->bucket);
	return NULL;
}

char *
s3_redirect(const struct s3_redirect *r, const char *location, struct buf *why)
{
	size_t scheme = strncasecmp(location, "https://", 8) == 0  ? 8
			: strncasecmp(location, "http://", 7) == 0 ? 7
								   : 0;
	const char *host = location + scheme, *refused;
	struct buf to = { 0 };

	if ((refused = look_at(r, location, scheme, &to)) == NULL) {
		buf_str(&to);
		return to.p;
	}
	/* Before a '@' is a password, behind the host perhaps a token. */
	if (scheme == 0 || strchr(host, '@') != NULL)
		buf_addf(why, "; its Location is not gone to: %s", refused);
	else
		buf_addf(why, "; Location %.*s is not gone to: %s",
		    (int)(scheme + strcspn(host, "/?#")), location, refused);
	return NULL;
}
