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

/* The length of a host's name up to ".amazonaws.com", or of all of it. */
static size_t
before_amazon(const char *name, size_t n)
{
	size_t at;

	for (at = 0; at < n; at++)
		if (strncasecmp(name + at, ".amazonaws.", 11) == 0)
			break;
	return at;
}

/* The domain that the endpoint's servers share: of s3.example.com and the
 * like, example.com, but not co.uk; of Amazon's hosts, amazonaws.com. */
static size_t
domain(const char *name, size_t n)
{
	const char *at, *dot, *end = name + n;

	if (before_amazon(name, n) < n)
		return n - before_amazon(name, n) - 1;
	at = memchr(name, '.', n);
	if (at == NULL || strspn(name, "0123456789.") == n)
		return n;
	at++;
	dot = memchr(at, '.', (size_t)(end - at));
	if (dot == NULL || (dot - at <= 3 && end - dot == 3))
		return n;
	return (size_t)(end - at);
}

static bool
has_bucket(const struct s3_redirect *r, const char *host, size_t n)
{
	size_t bucket = strlen(r->bucket);

	return n > bucket && host[bucket] == '.' &&
	       strncasecmp(host, r->bucket, bucket) == 0;
}

/* "us-west-2", or "dualstack" */
static bool
is_place(const char *label, size_t n)
{
	const char *dash = memchr(label, '-', n);

	if (n == 9 && strncasecmp(label, "dualstack", n) == 0)
		return true;
	return dash != NULL &&
	       memchr(dash + 1, '-', (size_t)(label + n - dash - 1)) != NULL &&
	       label[n - 1] >= '0' && label[n - 1] <= '9';
}

/* Anyone can have a host in amazonaws.com.  Those of S3 are [BUCKET.]s3, or
 * s3-fips and the like, and then perhaps dualstack and a region. */
static bool
is_amazons(const struct s3_redirect *r, const char *name, size_t n)
{
	const char *end = name + before_amazon(name, n), *next;

	if (has_bucket(r, name, n))
		name += strlen(r->bucket) + 1;
	if (end - name < 2 || strncasecmp(name, "s3", 2) != 0 ||
	    (name[2] != '.' && name[2] != '-'))
		return false;
	while ((next = memchr(name, '.', (size_t)(end - name))) != NULL) {
		name = next + 1;
		next = memchr(name, '.', (size_t)(end - name));
		if (!is_place(
			name, (size_t)((next != NULL ? next : end) - name)))
			return false;
	}
	return true;
}

/* Whether the host is in the endpoint's domain: it will see the object's
 * bytes and the session token. */
static bool
is_kin(const struct s3_redirect *r, const char *name, size_t n)
{
	const char *home = r->endpoint != NULL ? strstr(r->endpoint, "//") + 2
					       : r->from->host.p;
	size_t home_n = name_size(home), m = domain(home, home_n);

	if (before_amazon(home, home_n) < home_n && !is_amazons(r, name, n))
		return false;
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

/* Whether the path is a slash, then the bucket unless NULL, and the key
 * unless NULL, after another slash. */
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

/* HOST or HOST:PORT, with nothing ambiguous in it. */
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

/* The reason to refuse the redirect, or NULL and *to. */
static const char *
look_at(const struct s3_redirect *r, const char *location, size_t scheme,
    struct buf *to)
{
	const char *host = location + scheme;
	const char *path = host + strcspn(host, "/?#");
	size_t name_n = name_size(host), path_n = strcspn(path, "?#");
	bool in_path, in_host;

	if (scheme == 0 || !is_authority(host, (size_t)(path - host)))
		return "not http://HOST or https://HOST";
	if (r->from->tls && scheme != strlen("https://"))
		return "not https";
	if (name_n == 0 || host + name_n > path || !is_kin(r, host, name_n))
		return "outside the endpoint's domain; --endpoint-url may name "
		       "it";
	in_path = path_is(path, path_n, r->bucket, r->key) ||
		  (r->key == NULL && path_is(path, path_n, r->bucket, ""));
	in_host = has_bucket(r, host, name_n) &&
		  (path_is(path, path_n, NULL, r->key) ||
		      (path_n == 0 && r->key == NULL));
	if (!in_path && !in_host)
		return "not the path that was requested";
	buf_addf(to, "http%s://%.*s", scheme == strlen("https://") ? "s" : "",
	    (int)(path - host), host);
	if (in_path)
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
	/* There may be a password before a '@', and a token after the host.
	 */
	if (scheme == 0 || strchr(host, '@') != NULL)
		buf_addf(why, "; its Location is not followed: %s", refused);
	else
		buf_addf(why, "; Location %.*s is not followed: %s",
		    (int)(scheme + strcspn(host, "/?#")), location, refused);
	return NULL;
}
