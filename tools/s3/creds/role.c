#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "s3/creds/find.h"
#include "s3/creds/secret.h"

/* The chain of profiles up to the current one. */
struct visited {
	const char *profile;
	const struct visited *before;
};

static enum found role_of(struct finding *f, const struct visited *before);

static enum found
wrong(struct finding *f, const struct s3_line *at, const char *what,
    const char *name)
{
	buf_addf(&f->why, "%s: line %zu: profile %s: %s%s", at->path, at->line,
	    f->profile, what, name);
	return FAILED;
}

/* With a token file of its own it is a role for a web identity. */
static bool
has_role(const struct finding *f)
{
	return creds_value(f, "role_arn", NULL) != NULL &&
	       creds_value(f, "web_identity_token_file", NULL) == NULL;
}

static bool
has_keys(const struct finding *f)
{
	return creds_value(f, "aws_access_key_id", NULL) != NULL ||
	       creds_value(f, "aws_secret_access_key", NULL) != NULL;
}

static enum found
from_profile(struct finding *f, struct finding *source,
    const struct s3_line *at, const struct visited *here)
{
	size_t before = source->why.n;
	const struct visited *v = here;
	enum found found;

	while (v != NULL && strcmp(source->profile, v->profile) != 0)
		v = v->before;
	if (!s3_profiles_has(f->profiles, source->profile))
		return wrong(source, at, "source_profile: no such ", "profile");
	/* A profile may name itself, for its own keys. */
	if (v != NULL && (v != here || !has_keys(source)))
		return wrong(source, at, "source_profile is circular", "");
	if (has_keys(source) || !has_role(source))
		found = creds_of_profile(source);
	else
		found = role_of(source, here);
	if (found == NOT_HERE && source->why.n == before)
		wrong(source, at, "source_profile has no credentials", "");
	return found;
}

static enum found
from_place(struct finding *source, const char *place, const struct s3_line *at)
{
	static const struct {
		const char *name;
		creds_finder *find;
	} places[] = {
		{ "Environment", creds_from_env },
		{ "Ec2InstanceMetadata", creds_from_instance },
		{ "EcsContainer", creds_from_container },
	};
	size_t i;

	for (i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(place, places[i].name) == 0) {
			enum found found = places[i].find(source);

			if (found == NOT_HERE && source->why.n == 0)
				wrong(source, at,
				    "no credentials there: "
				    "credential_source ",
				    place);
			return found;
		}
	return wrong(source, at,
	    "not Environment, Ec2InstanceMetadata or EcsContainer: "
	    "credential_source ",
	    place);
}

/* The credentials that request the role. */
static enum found
find_source(
    struct finding *f, const struct visited *here, struct finding *source)
{
	struct s3_line at, other;
	const char *profile = creds_value(f, "source_profile", &at);
	const char *place = creds_value(f, "credential_source", &other);
	enum found found = FAILED;

	if (profile != NULL && place != NULL)
		return wrong(
		    f, &at, "both source_profile and credential_source", "");
	if (profile == NULL && place == NULL) {
		creds_value(f, "role_arn", &at);
		return wrong(f, &at,
		    "role_arn without source_profile or credential_source", "");
	}
	if (profile != NULL) {
		source->profile = profile;
		source->env = false;
		found = from_profile(f, source, &at, here);
	} else {
		source->profile = f->profile;
		source->env = true;
		found = from_place(source, place, &other);
	}
	if (found == FOUND)
		found = creds_check(source);
	buf_add(&f->why, source->why.p, source->why.n);
	return found == FOUND ? FOUND : FAILED;
}

static enum found
role_of(struct finding *f, const struct visited *before)
{
	struct visited here = { f->profile, before };
	struct finding source = { f->settings, f->profiles,
		.stopping = f->stopping };
	struct s3_line at = { NULL, 0 };
	struct sts_role role = {
		.arn = creds_value(f, "role_arn", NULL),
		.session = creds_value(f, "role_session_name", NULL),
		.external_id = creds_value(f, "external_id", NULL),
		.duration = creds_value(f, "duration_seconds", &at),
	};
	const char *why = NULL;
	enum found found;

	if (role.duration != NULL)
		num_parse((struct span){ role.duration, strlen(role.duration) },
		    1, 1000000, &why);
	if (why != NULL)
		return wrong(f, &at, "duration_seconds: ", why);
	if (creds_value(f, "mfa_serial", &at) != NULL)
		return wrong(f, &at,
		    "mfa_serial: the tools cannot ask for a code: use a "
		    "profile with credential_process = aws configure "
		    "export-credentials --profile ",
		    f->profile);
	found = find_source(f, &here, &source);
	if (found == FOUND)
		found = sts_assume(f, &role, &source.creds);
	s3_creds_clear(&source.creds);
	buf_free(&source.why);
	return found;
}

enum found
creds_from_role(struct finding *f)
{
	return has_role(f) ? role_of(f, NULL) : NOT_HERE;
}

/* Each is looked up separately, as in the AWS command line. */
static const char *
of_env_or_profile(const struct finding *f, const char *env, const char *name)
{
	const char *value = f->env ? getenv(env) : NULL;

	return value != NULL && value[0] != '\0' ? value
						 : creds_value(f, name, NULL);
}

/* The file is read each time, because its content is replaced in time. */
enum found
creds_from_web_identity(struct finding *f)
{
	const char *path = of_env_or_profile(
	    f, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
	struct sts_role role = {
		.arn = of_env_or_profile(f, "AWS_ROLE_ARN", "role_arn"),
		.session = of_env_or_profile(
		    f, "AWS_ROLE_SESSION_NAME", "role_session_name"),
	};
	enum found found;
	char *token;

	if (path == NULL)
		return NOT_HERE;
	if (role.arn == NULL) {
		buf_addf(&f->why,
		    "AWS_WEB_IDENTITY_TOKEN_FILE %s: no AWS_ROLE_ARN for it",
		    path);
		return FAILED;
	}
	if ((token = creds_read_file(f, path)) == NULL)
		return FAILED;
	found = sts_assume_with_token(f, &role, token);
	secret_free(token);
	return found;
}
