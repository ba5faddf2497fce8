#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"
#include "s3/creds/find.h"
#include "s3/creds/secret.h"

/* docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
enum { CONTAINER_TIMEOUT = 2, CONTAINER_ATTEMPTS = 3, CONTAINER_PAUSE = 1000 };

/* Between attempts at an instance's service, in milliseconds. */
enum { INSTANCE_PAUSE = 100 };

/* If the service is in trouble, it may hand out expired credentials.  They
 * stay valid, and are requested again after this many seconds.
 * docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html */
enum { EXTENSION = 15 * 60 };

/* The bytes of a role's name. */
#define NAME                                                                   \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"+=,.@_-"

static const char roles[] = "latest/meta-data/iam/security-credentials/";

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *
of_env_or_profile(
    const struct finding *f, const char *variable, const char *name)
{
	const char *value = env(variable);

	return value != NULL ? value : creds_value(f, name, NULL);
}

static bool
is_local(const char *host, size_t n)
{
	static const char *const names[] = { "localhost", "169.254.170.2",
		"169.254.170.23", "[fd00:ec2::23]", "[::1]" };
	unsigned char address[4];
	char text[INET_ADDRSTRLEN] = "";
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (span_is((struct span){ host, n }, names[i]))
			return true;
	if (n < sizeof text)
		memcpy(text, host, n);
	return inet_pton(AF_INET, text, address) == 1 && address[0] == 127;
}

/* The token may only be sent to this machine's own services, or over TLS. */
static bool
is_safe(const char *url)
{
	const char *host;
	size_t n, name;

	if (strncmp(url, "https://", 8) == 0)
		return true;
	if (strncmp(url, "http://", 7) != 0)
		return false;
	host = url + 7;
	n = strcspn(host, "/?#");
	if (memchr(host, '@', n) != NULL)
		return false;
	name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	return is_local(host, name < n ? name : n);
}

/* The Authorization header, to be freed by secret_free; NULL: none.  Returns
 * 0, or -1 and why. */
static int
container_token(struct finding *f, char **token)
{
	const char *path = env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");

	*token = creds_copy(getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
	if (path != NULL) {
		secret_free(*token);
		if ((*token = creds_read_file(f, path)) == NULL)
			return -1;
	}
	if (*token == NULL || strpbrk(*token, "\r\n") == NULL)
		return 0;
	buf_adds(&f->why, "the container's authorization token has a newline");
	secret_free(*token);
	return -1;
}

enum found
creds_from_container(struct finding *f)
{
	static const struct http_options options = { NULL, true, false,
		CONTAINER_TIMEOUT, CONTAINER_TIMEOUT };
	const char *relative = env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
	struct s3_pair headers[2] = { { "Accept", "application/json" } };
	struct http_request request = { .method = "GET" };
	struct http_reply reply = { 0 };
	struct buf url = { 0 };
	enum found found = FAILED;
	char *token = NULL;

	if (relative != NULL)
		buf_addf(&url, "http://169.254.170.2%s%s",
		    relative[0] == '/' ? "" : "/", relative);
	else if (full != NULL)
		buf_adds(&url, full);
	else
		return NOT_HERE;
	http_show(&f->why, buf_str(&url));
	buf_adds(&f->why, ": ");
	if (!is_safe(url.p)) {
		buf_adds(&f->why, "not https, and not this machine's own");
	} else if (container_token(f, &token) == 0) {
		headers[1] = (struct s3_pair){ "Authorization", token };
		request.url = url.p;
		request.headers =
		    (struct s3_pairs){ headers, token != NULL ? 2 : 1 };
		if (creds_ask(f, &options, CONTAINER_ATTEMPTS, CONTAINER_PAUSE,
			&request, &reply) == 0) {
			if (reply.status == 200)
				found = creds_from_json(
				    f, buf_span(&reply.body), "Token", false);
			else
				buf_addf(&f->why, "status %d", reply.status);
		}
		secret_free(token);
	}
	creds_reply_free(&reply);
	buf_free(&url);
	return found;
}

/* The requests to an instance's service. */
struct instance {
	struct finding *f;
	struct http_options options;
	unsigned attempts;
	const char *base;
	char *token;
};

static unsigned
number(const struct finding *f, const char *variable, const char *name)
{
	const char *text = of_env_or_profile(f, variable, name), *why;
	uint64_t n;

	if (text == NULL)
		return 1;
	n = num_parse((struct span){ text, strlen(text) }, 1, 1000, &why);
	return why == NULL ? (unsigned)n : 1;
}

/* 0 and the body, or -1 and why. */
static int
ask(struct instance *i, const char *method, const char *path, const char *role,
    struct http_reply *reply)
{
	struct s3_pair put = { "X-aws-ec2-metadata-token-ttl-seconds",
		"21600" };
	struct s3_pair get = { "X-aws-ec2-metadata-token", i->token };
	struct http_request request = { .method = method };
	size_t n = strlen(i->base), before = i->f->why.n;
	struct buf url = { 0 };
	int status;

	buf_addf(&url, "%s%s%s%s", i->base,
	    n > 0 && i->base[n - 1] == '/' ? "" : "/", path, role);
	request.url = buf_str(&url);
	request.headers =
	    (struct s3_pairs){ i->token != NULL ? &get : &put, 1 };
	http_show(&i->f->why, request.url);
	buf_adds(&i->f->why, ": ");
	status = creds_ask(
	    i->f, &i->options, i->attempts, INSTANCE_PAUSE, &request, reply);
	if (status == 0 && reply->status != 200) {
		buf_addf(&i->f->why, "status %d", reply->status);
		status = -1;
	}
	if (status == 0 && reply->body.n == 0) {
		buf_adds(&i->f->why, "an empty answer");
		status = -1;
	}
	if (status == 0)
		i->f->why.n = before;
	buf_free(&url);
	return status;
}

static char *
first_line(const struct http_reply *reply)
{
	const char *p = reply->body.p, *end = memchr(p, '\n', reply->body.n);

	return mem_dup(p, end != NULL ? (size_t)(end - p) : reply->body.n);
}

/* The page of a proxy is neither. */
static bool
is_of(struct instance *i, const char *text, const char *bytes, const char *what)
{
	if (text[0] != '\0' && text[strspn(text, bytes)] == '\0')
		return true;
	buf_addf(&i->f->why, "%s: the answer is not a %s", i->base, what);
	return false;
}

static enum found
take(struct instance *i, struct http_reply *reply)
{
	time_t now = time(NULL);
	char *role;
	int status;

	if (ask(i, "PUT", "latest/api/token", "", reply) != 0)
		return NOT_HERE;
	i->token = first_line(reply);
	if (!is_of(i, i->token, NAME "/", "token"))
		return NOT_HERE;
	if (ask(i, "GET", roles, "", reply) != 0)
		return NOT_HERE;
	role = first_line(reply);
	status = is_of(i, role, NAME, "role's name")
		     ? ask(i, "GET", roles, role, reply)
		     : -1;
	free(role);
	if (status != 0)
		return NOT_HERE;
	http_show(&i->f->why, i->base);
	buf_adds(&i->f->why, ": ");
	if (creds_from_json(i->f, buf_span(&reply->body), "Token", false) !=
	    FOUND)
		return NOT_HERE;
	if (i->f->creds.expires != 0 && i->f->creds.expires <= now)
		i->f->creds.expires = now + EXTENSION;
	return FOUND;
}

enum found
creds_from_instance(struct finding *f)
{
	const char *disabled = env("AWS_EC2_METADATA_DISABLED");
	const char *mode =
	    of_env_or_profile(f, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
		"ec2_metadata_service_endpoint_mode");
	struct http_reply reply = { 0 };
	struct instance i = { .f = f, .options.verify_ssl = true };
	enum found found;

	if (disabled != NULL && strcasecmp(disabled, "true") == 0) {
		buf_adds(&f->why, "AWS_EC2_METADATA_DISABLED");
		return NOT_HERE;
	}
	i.base = of_env_or_profile(f, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
	    "ec2_metadata_service_endpoint");
	if (i.base == NULL)
		i.base = mode != NULL && strcasecmp(mode, "ipv6") == 0
			     ? "http://[fd00:ec2::254]"
			     : "http://169.254.169.254";
	i.options.connect_timeout = i.options.read_timeout = number(
	    f, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
	i.attempts = number(f, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
	    "metadata_service_num_attempts");
	found = take(&i, &reply);
	secret_free(i.token);
	creds_reply_free(&reply);
	return found;
}
