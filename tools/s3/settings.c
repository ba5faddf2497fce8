#include "s3/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "s3/ini.h"

enum {
	ATTEMPTS = 3,
	CONNECTIONS = 8,
	CONNECTIONS_MOST = 256,
	CONNECT_TIMEOUT = 10,
	READ_TIMEOUT = 30,
	BLOCK = 64 * 1024,
};

struct all {
	struct s3_settings s; /* first: what callers have */
	struct ini *config, *credentials;
	char *section;	/* of the profile in the config file */
	char *services; /* and of its [services NAME], or NULL */
	char *owned[4];
	size_t owned_n;
};

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *
own(struct all *a, struct buf *b)
{
	buf_str(b);
	a->owned[a->owned_n++] = b->p;
	return b->p;
}

/* NULL, or what is wrong.  A file that is not there is empty. */
static char *
read_file(const char *path, struct ini **ini)
{
	struct buf text = { 0 }, wrong = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;
	char *why = NULL;

	if (fd == -1 &&
	    (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return NULL;
	while (fd != -1 && got > 0) {
		got = read(fd, buf_room(&text, BLOCK), BLOCK);
		text.n += got > 0 ? (size_t)got : 0;
	}
	if (fd == -1 || got == -1)
		buf_addf(&wrong, "%s: %s", path, strerror(errno));
	else if ((why = ini_read(text.p, text.n, ini)) != NULL)
		buf_addf(&wrong, "%s: %s", path, why);
	free(why);
	if (fd != -1)
		close(fd);
	buf_free(&text);
	if (wrong.n == 0)
		return NULL;
	buf_str(&wrong);
	return wrong.p;
}

static char *
read_home_file(const char *variable, const char *name, struct ini **ini)
{
	const char *path = env(variable), *home = env("HOME");
	struct buf b = { 0 };
	char *why = NULL;

	if (path == NULL && home != NULL) {
		buf_addf(&b, "%s/.aws/%s", home, name);
		path = buf_str(&b);
	} else if (path != NULL && strncmp(path, "~/", 2) == 0 &&
		   home != NULL) {
		buf_addf(&b, "%s%s", home, path + 1);
		path = buf_str(&b);
	}
	if (path != NULL)
		why = read_file(path, ini);
	buf_free(&b);
	return why;
}

static char *
set_profile(struct all *a, const struct s3_options *o)
{
	const char *named =
	    o->profile != NULL ? o->profile : env("AWS_PROFILE");
	const char *services;
	struct buf section = { 0 };

	if (named == NULL)
		named = env("AWS_DEFAULT_PROFILE");
	a->s.profile_given = o->profile != NULL;
	a->s.profile = named != NULL ? named : "default";
	if (strcmp(a->s.profile, "default") != 0 ||
	    !ini_has(a->config, "default"))
		buf_adds(&section, "profile ");
	buf_adds(&section, a->s.profile);
	a->section = mem_dup(buf_str(&section), section.n);
	section.n = 0;
	if (named != NULL && strcmp(named, "default") != 0 &&
	    !ini_has(a->config, a->section) &&
	    !ini_has(a->credentials, named)) {
		buf_addf(&section, "profile %s: not in the config file", named);
		buf_str(&section);
		return section.p;
	}
	services = ini_value(a->config, a->section, NULL, "services");
	if (services != NULL) {
		section.n = 0;
		buf_addf(&section, "services %s", services);
		a->services = mem_dup(buf_str(&section), section.n);
	}
	buf_free(&section);
	return NULL;
}

/* The first that is set: the variable, the profile's own. */
static const char *
setting(const struct all *a, const char *variable, const char *name)
{
	const char *value = variable == NULL ? NULL : env(variable);

	if (value == NULL)
		value = ini_value(a->config, a->section, NULL, name);
	return value;
}

static bool
is_true(const char *value)
{
	return value != NULL && strcasecmp(value, "true") == 0;
}

/* Without slashes at its end, and with a scheme. */
static char *
set_endpoint(struct all *a, const struct s3_options *o)
{
	const char *url = o->endpoint_url;
	struct buf b = { 0 };

	if (url == NULL &&
	    !is_true(setting(a, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
		"ignore_configured_endpoint_urls"))) {
		url = env("AWS_ENDPOINT_URL_S3");
		if (url == NULL)
			url = env("AWS_ENDPOINT_URL");
		if (url == NULL && a->services != NULL)
			url = ini_value(
			    a->config, a->services, "s3", "endpoint_url");
		if (url == NULL)
			url = setting(a, NULL, "endpoint_url");
	}
	if (url == NULL || url[0] == '\0')
		return NULL;
	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0) {
		buf_addf(&b, "endpoint %s: not http:// or https://", url);
		buf_str(&b);
		return b.p;
	}
	buf_adds(&b, url);
	while (b.n > 0 && b.p[b.n - 1] == '/')
		b.n--;
	a->s.endpoint = own(a, &b);
	return NULL;
}

static const char *
first(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static void
set_region(struct all *a, const struct s3_options *o)
{
	const char *region = first(o->region, env("AWS_REGION"));

	region = first(region, setting(a, "AWS_DEFAULT_REGION", "region"));
	a->s.region = first(region, "us-east-1");
}

static void
set_style(struct all *a)
{
	const char *style =
	    ini_value(a->config, a->section, "s3", "addressing_style");

	a->s.path_style = a->s.endpoint != NULL;
	if (style != NULL && strcmp(style, "path") == 0)
		a->s.path_style = true;
	if (style != NULL && strcmp(style, "virtual") == 0)
		a->s.path_style = false;
}

static char *
set_number(const char *value, const char *what, unsigned most, unsigned *n)
{
	const char *why;
	struct buf b = { 0 };
	uint64_t v;

	if (value == NULL)
		return NULL;
	v = num_parse((struct span){ value, strlen(value) }, 1, most, &why);
	if (why == NULL) {
		*n = (unsigned)v;
		return NULL;
	}
	buf_addf(&b, "%s %s: %s", what, value, why);
	buf_str(&b);
	return b.p;
}

static char *
set_numbers(struct all *a, const struct s3_options *o)
{
	char *why;

	a->s.attempts = ATTEMPTS;
	a->s.connections = CONNECTIONS;
	a->s.connect_timeout = CONNECT_TIMEOUT;
	a->s.read_timeout = READ_TIMEOUT;
	if ((why = set_number(setting(a, "AWS_MAX_ATTEMPTS", "max_attempts"),
		 "max_attempts", 1000, &a->s.attempts)) != NULL ||
	    (why = set_number(ini_value(a->config, a->section, "s3",
				  "max_concurrent_requests"),
		 "max_concurrent_requests", CONNECTIONS_MOST,
		 &a->s.connections)) != NULL)
		return why;
	if (o->connections != 0)
		a->s.connections = o->connections;
	return NULL;
}

static bool
supported(const char *value)
{
	return value == NULL || strcasecmp(value, "when_required") != 0;
}

static char *
set_all(struct all *a, const struct s3_options *o)
{
	char *why;

	if ((why = set_profile(a, o)) != NULL ||
	    (why = set_endpoint(a, o)) != NULL ||
	    (why = set_numbers(a, o)) != NULL)
		return why;
	set_region(a, o);
	set_style(a);
	a->s.ca_bundle =
	    first(o->ca_bundle, setting(a, "AWS_CA_BUNDLE", "ca_bundle"));
	a->s.verify_ssl = !o->no_verify_ssl;
	a->s.sign = !o->no_sign_request;
	a->s.request_payer = o->request_payer;
	a->s.checksum_calculate =
	    supported(setting(a, "AWS_REQUEST_CHECKSUM_CALCULATION",
		"request_checksum_calculation"));
	a->s.checksum_validate =
	    supported(setting(a, "AWS_RESPONSE_CHECKSUM_VALIDATION",
		"response_checksum_validation"));
	return NULL;
}

char *
s3_settings_load(
    const struct s3_options *options, struct s3_settings **settings)
{
	struct all *a = mem_alloc(sizeof *a);
	char *why;

	memset(a, 0, sizeof *a);
	if ((why = read_home_file("AWS_CONFIG_FILE", "config", &a->config)) !=
		NULL ||
	    (why = read_home_file("AWS_SHARED_CREDENTIALS_FILE", "credentials",
		 &a->credentials)) != NULL ||
	    (why = set_all(a, options)) != NULL) {
		s3_settings_free(&a->s);
		return why;
	}
	*settings = &a->s;
	return NULL;
}

const char *
s3_settings_value(
    const struct s3_settings *settings, const char *profile, const char *name)
{
	const struct all *a = (const struct all *)settings;
	struct buf section = { 0 };
	const char *value = NULL;

	if (profile == NULL)
		profile = settings->profile;
	value = ini_value(a->credentials, profile, NULL, name);
	if (value == NULL) {
		buf_addf(&section, "profile %s", profile);
		value = ini_value(a->config, buf_str(&section), NULL, name);
	}
	if (value == NULL && strcmp(profile, "default") == 0)
		value = ini_value(a->config, profile, NULL, name);
	buf_free(&section);
	return value;
}

void
s3_settings_free(struct s3_settings *settings)
{
	struct all *a = (struct all *)settings;

	if (a == NULL)
		return;
	while (a->owned_n > 0)
		free(a->owned[--a->owned_n]);
	ini_free(a->config);
	ini_free(a->credentials);
	free(a->section);
	free(a->services);
	free(a);
}
