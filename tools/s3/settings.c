#include "s3/settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "s3/address.h"
#include "s3/http.h"
#include "s3/profiles.h"

enum {
	ATTEMPTS = 3,
	ATTEMPTS_MAX = 1000,
	CONNECTIONS = 8,
	CONNECT_TIMEOUT = 10, /* seconds */
	READ_TIMEOUT = 30,
	OTHER_FILES = 16, /* that a tool has open */
	FILES_EACH = 4,	  /* for a connection */
};

/* The sources, and the settings made from them. */
struct loading {
	const struct s3_options *options;
	struct s3_profiles *profiles;
	struct s3_settings *settings;
	char *why; /* the first thing that is wrong */
};

/* A value and its place: the name of an option or variable, or a line of a
 * file. */
struct value {
	const char *text; /* NULL: not set */
	const char *name;
	struct s3_line at; /* path NULL: not in a file */
};

static const struct value unset;

/* "NAME VALUE: what is wrong", or "FILE: line N: NAME VALUE: ..."; more
 * completes the reason. */
static void
wrong(struct loading *l, const struct value *v, const char *what,
    const char *more)
{
	struct buf b = { 0 };

	if (l->why != NULL)
		return;
	if (v->at.path != NULL)
		buf_addf(&b, "%s: line %zu: ", v->at.path, v->at.line);
	buf_addf(&b, "%s %s: %s%s", v->name, v->text, what, more);
	buf_str(&b);
	l->why = b.p;
}

static struct value
of_option(const char *name, const char *text)
{
	return (struct value){ text, name, { NULL, 0 } };
}

/* An empty one counts as not set. */
static struct value
of_env(const char *name)
{
	const char *text = getenv(name);

	if (text != NULL && text[0] == '\0')
		text = NULL;
	return (struct value){ text, name, { NULL, 0 } };
}

static struct value
of_profile(const struct loading *l, const char *nested, const char *name)
{
	struct value v = { NULL, name, { NULL, 0 } };

	v.text = s3_profiles_value(
	    l->profiles, S3_BOTH, l->settings->profile, nested, name, &v.at);
	return v;
}

static struct value
first(struct value a, struct value b)
{
	return a.text != NULL ? a : b;
}

static struct value
of_env_or_profile(const struct loading *l, const char *env, const char *name)
{
	return first(of_env(env), of_profile(l, NULL, name));
}

static bool
is_true(struct value v)
{
	return v.text != NULL && strcasecmp(v.text, "true") == 0;
}

/* AWS_DEFAULT_PROFILE before AWS_PROFILE: so does the AWS command line. */
static void
set_profile(struct loading *l)
{
	struct value v = of_option("--profile", l->options->profile);
	const char *config = s3_profiles_path(l->profiles, S3_CONFIG);

	l->settings->profile_given = v.text != NULL;
	v = first(v, of_env("AWS_DEFAULT_PROFILE"));
	v = first(v, of_env("AWS_PROFILE"));
	l->settings->profile = mem_str(v.text != NULL ? v.text : "default");
	if (v.text != NULL && strcmp(v.text, "default") != 0 &&
	    !s3_profiles_has(l->profiles, v.text))
		wrong(l, &v, "no such profile in ",
		    config != NULL ? config : "~/.aws/config");
}

static void
set_region(struct loading *l)
{
	struct value v = of_option("--region", l->options->region);

	v = first(v, of_env("AWS_REGION"));
	v = first(v, of_env_or_profile(l, "AWS_DEFAULT_REGION", "region"));
	if (v.text != NULL && !s3_is_region(v.text))
		wrong(l, &v, "a region's name consists of A-Z a-z 0-9 -", "");
	l->settings->region = mem_str(v.text != NULL ? v.text : "us-east-1");
}

/* The service's variable, the variable for all, the service's in the config
 * file, the profile's for all. */
static struct value
configured_endpoint(struct loading *l, const char *env, const char *service)
{
	struct value v = first(of_env(env), of_env("AWS_ENDPOINT_URL"));
	char *why;

	if (v.text != NULL)
		return v;
	v.name = "endpoint_url";
	v.text = s3_profiles_endpoint(
	    l->profiles, l->settings->profile, service, &v.at, &why);
	if (why != NULL && l->why == NULL)
		l->why = why;
	else
		free(why);
	return v.text != NULL ? v : of_profile(l, NULL, "endpoint_url");
}

/* Checked, and without slashes at its end. */
static const char *
checked_endpoint(struct loading *l, struct value v)
{
	struct buf shown = { 0 };
	const char *host;
	size_t n;

	if (v.text == NULL || v.text[0] == '\0')
		return NULL;
	host = strncasecmp(v.text, "http://", 7) == 0	 ? v.text + 7
	       : strncasecmp(v.text, "https://", 8) == 0 ? v.text + 8
							 : "";
	n = strlen(v.text);
	if (host[strcspn(host, "@?# \t\n")] != '\0' ||
	    strchr("/:", host[0]) != NULL) {
		http_show(&shown, v.text);
		v.text = buf_str(&shown);
		wrong(l, &v, "not http://HOST or https://HOST", "");
		buf_free(&shown);
		return NULL;
	}
	while (n > 0 && v.text[n - 1] == '/')
		n--;
	return mem_dup(v.text, n);
}

static const char fips_way[] =
    "not supported; name the host: "
    "AWS_ENDPOINT_URL_S3=https://s3-fips.REGION.amazonaws.com";

/* For these features Amazon has other hosts. */
static void
set_hosts(struct loading *l)
{
	struct value fips =
	    of_env_or_profile(l, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
	struct value fast = of_profile(l, "s3", "use_accelerate_endpoint");
	struct value dualstack = of_env_or_profile(
	    l, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
	struct value region = of_option("region", l->settings->region);
	size_t n = strlen(region.text);

	if (is_true(fips))
		wrong(l, &fips, fips_way, "");
	/* A name that other clients take for a region and a second setting. */
	if (strncmp(region.text, "fips-", 5) == 0 ||
	    (n > 5 && strcmp(region.text + n - 5, "-fips") == 0))
		wrong(l, &region, fips_way, "");
	if (is_true(fast))
		wrong(l, &fast, "not supported", "");
	l->settings->dualstack = is_true(
	    first(dualstack, of_profile(l, "s3", "use_dualstack_endpoint")));
}

static void
set_endpoints(struct loading *l)
{
	bool ignored =
	    is_true(of_env_or_profile(l, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
		"ignore_configured_endpoint_urls"));
	struct value s3 = of_option("--endpoint-url", l->options->endpoint_url);
	struct value sts = unset;

	if (!ignored) {
		if (s3.text == NULL)
			s3 =
			    configured_endpoint(l, "AWS_ENDPOINT_URL_S3", "s3");
		sts = configured_endpoint(l, "AWS_ENDPOINT_URL_STS", "sts");
	}
	l->settings->endpoint = checked_endpoint(l, s3);
	l->settings->sts_endpoint = checked_endpoint(l, sts);
	if (l->settings->endpoint == NULL)
		set_hosts(l);
}

/* A bucket can be put before a host's name, but not before an address. */
static bool
is_address(const char *endpoint)
{
	const char *host = strstr(endpoint, "//") + 2;
	char text[INET_ADDRSTRLEN] = "";
	struct in_addr address;
	size_t n = strcspn(host, ":/");

	if (host[0] == '[')
		return true;
	if (n < sizeof text)
		memcpy(text, host, n);
	return inet_pton(AF_INET, text, &address) == 1;
}

static void
set_style(struct loading *l)
{
	struct value v = of_profile(l, "s3", "addressing_style");
	const char *endpoint = l->settings->endpoint;

	l->settings->path_style = endpoint != NULL;
	if (v.text == NULL || strcmp(v.text, "auto") == 0)
		return;
	if (strcmp(v.text, "path") == 0)
		l->settings->path_style = true;
	else if (strcmp(v.text, "virtual") == 0)
		l->settings->path_style =
		    endpoint != NULL && is_address(endpoint);
	else
		wrong(l, &v, "not path, virtual or auto", "");
}

static void
set_ca_bundle(struct loading *l)
{
	struct value v = of_option("--ca-bundle", l->options->ca_bundle);

	v = first(v, of_env_or_profile(l, "AWS_CA_BUNDLE", "ca_bundle"));
	l->settings->verify_ssl = !l->options->no_verify_ssl;
	if (v.text == NULL)
		return;
	l->settings->ca_bundle = s3_profiles_expand(v.text);
	if (l->settings->ca_bundle == NULL)
		wrong(l, &v, "there is no home folder", "");
	else if (l->settings->verify_ssl &&
		 access(l->settings->ca_bundle, R_OK) == -1)
		wrong(l, &v, strerror(errno), "");
}

/* A number that is too large counts as the largest. */
static unsigned
number(struct loading *l, struct value v, unsigned most, unsigned otherwise)
{
	struct span text = { v.text, v.text != NULL ? strlen(v.text) : 0 };
	const char *why;
	uint64_t n;

	if (v.text == NULL)
		return otherwise;
	if (text.n > 0 && strspn(v.text, "0123456789") == text.n) {
		n = strtoull(v.text, NULL, 10);
		if (n > most)
			return most;
	}
	n = num_parse(text, 1, most, &why);
	if (why != NULL)
		wrong(l, &v, why, "");
	return (unsigned)n;
}

/* Each connection has a socket, and more while it looks up a name. */
static unsigned
descriptors_for(unsigned connections)
{
	struct rlimit limit;
	rlim_t most;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return connections;
	most = limit.rlim_cur > OTHER_FILES
		   ? (limit.rlim_cur - OTHER_FILES) / FILES_EACH
		   : 0;
	return most < connections ? (unsigned)most + (most == 0) : connections;
}

static void
set_numbers(struct loading *l)
{
	struct s3_settings *s = l->settings;
	struct value mode =
	    of_env_or_profile(l, "AWS_RETRY_MODE", "retry_mode");

	s->attempts =
	    number(l, of_env_or_profile(l, "AWS_MAX_ATTEMPTS", "max_attempts"),
		ATTEMPTS_MAX, ATTEMPTS);
	s->connections = l->options->connections;
	if (s->connections == 0)
		s->connections =
		    number(l, of_profile(l, "s3", "max_concurrent_requests"),
			S3_CONNECTIONS_MAX, CONNECTIONS);
	s->connections = descriptors_for(s->connections);
	s->connect_timeout = CONNECT_TIMEOUT;
	s->read_timeout_given = l->options->read_timeout_given;
	s->read_timeout =
	    s->read_timeout_given ? l->options->read_timeout : READ_TIMEOUT;
	/* All modes act as the standard one. */
	if (mode.text != NULL && strcmp(mode.text, "legacy") != 0 &&
	    strcmp(mode.text, "standard") != 0 &&
	    strcmp(mode.text, "adaptive") != 0)
		wrong(l, &mode, "not legacy, standard or adaptive", "");
}

static bool
when_supported(struct loading *l, const char *env, const char *name)
{
	struct value v = of_env_or_profile(l, env, name);

	if (v.text == NULL || strcasecmp(v.text, "when_supported") == 0)
		return true;
	if (strcasecmp(v.text, "when_required") != 0)
		wrong(l, &v, "not when_supported or when_required", "");
	return false;
}

/* yes, true, on, 1, or their opposites: GDAL's variable takes all of these,
 * and is used with YES. */
static bool
yes(struct loading *l, struct value v)
{
	static const char *const words[] = { "no", "yes", "false", "true",
		"off", "on", "0", "1" };
	size_t i;

	if (v.text == NULL)
		return false;
	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(v.text, words[i]) == 0)
			return i % 2 == 1;
	wrong(l, &v, "not yes or no", "");
	return false;
}

/* Also for the tools without S3 options. */
static void
set_access(struct loading *l)
{
	struct value payer =
	    of_option("--request-payer", l->options->request_payer);

	payer = first(
	    payer, of_env_or_profile(l, "AWS_REQUEST_PAYER", "request_payer"));
	if (payer.text != NULL && strcmp(payer.text, "requester") != 0)
		wrong(l, &payer, "not requester", "");
	l->settings->request_payer = mem_str(payer.text);
	l->settings->sign = !l->options->no_sign_request &&
			    !yes(l, of_env_or_profile(l, "AWS_NO_SIGN_REQUEST",
					"no_sign_request"));
}

char *
s3_settings_load(
    const struct s3_options *options, struct s3_settings **settings)
{
	struct loading l = { .options = options };

	if ((l.why = s3_profiles_load(&l.profiles)) != NULL)
		return l.why;
	l.settings = mem_alloc(sizeof *l.settings);
	memset(l.settings, 0, sizeof *l.settings);
	set_profile(&l);
	set_region(&l);
	set_endpoints(&l);
	set_style(&l);
	set_ca_bundle(&l);
	set_numbers(&l);
	set_access(&l);
	l.settings->checksum_calculate = when_supported(&l,
	    "AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation");
	l.settings->checksum_validate = when_supported(&l,
	    "AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation");
	s3_profiles_free(l.profiles);
	if (l.why == NULL)
		*settings = l.settings;
	else
		s3_settings_free(l.settings);
	return l.why;
}

static void
release(const char *text)
{
	free((char *)text);
}

void
s3_settings_free(struct s3_settings *s)
{
	if (s == NULL)
		return;
	release(s->profile);
	release(s->region);
	release(s->endpoint);
	release(s->sts_endpoint);
	release(s->ca_bundle);
	release(s->request_payer);
	free(s);
}
