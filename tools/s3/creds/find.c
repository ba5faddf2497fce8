#include "s3/creds/find.h"

#include <poll.h>
#include <string.h>
#include <time.h>

enum { NAP = 100 }; /* milliseconds */

/* The order of botocore's resolver, without its historical files and
 * services. */
static creds_finder *const of_profile[] = {
	creds_from_web_identity,
	creds_from_sso,
	creds_from_credentials,
	creds_from_login,
	creds_from_process,
	creds_from_config,
};

static creds_finder *const all[] = {
	creds_from_env,
	creds_from_role,
	creds_of_profile,
	creds_from_container,
	creds_from_instance,
};

bool
creds_stopped(const struct finding *f)
{
	const struct stopping *s = f->stopping;

	return s != NULL && s->stop != NULL && s->stop(s->arg) != 0;
}

void
creds_nap(const struct finding *f, long ms)
{
	for (; ms > 0 && !creds_stopped(f); ms -= NAP)
		poll(NULL, 0, ms < NAP ? (int)ms : NAP);
}

static enum found
try_all(struct finding *f, creds_finder *const *list, size_t n, size_t *at)
{
	enum found found = NOT_HERE;

	for (*at = 0; *at < n; (*at)++)
		if ((found = list[*at](f)) != NOT_HERE)
			break;
	if (found != FOUND)
		s3_creds_clear(&f->creds);
	return found;
}

enum found
creds_of_profile(struct finding *f)
{
	size_t at;

	return try_all(
	    f, of_profile, sizeof of_profile / sizeof *of_profile, &at);
}

/* A newline in a key would start another header. */
static bool
is_clean(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

enum found
creds_check(struct finding *f)
{
	f->why.n = 0;
	if (f->creds.expires != 0 && f->creds.expires <= time(NULL))
		buf_adds(&f->why, "the credentials found have expired");
	else if (!is_clean(f->creds.access) || !is_clean(f->creds.secret) ||
		 !is_clean(f->creds.token))
		buf_adds(&f->why, "the credentials found have a newline or "
				  "another control byte in them");
	if (f->why.n == 0)
		return FOUND;
	s3_creds_clear(&f->creds);
	return FAILED;
}

enum found
creds_find(struct finding *f, bool *fixed)
{
	const char *config = s3_profiles_path(f->profiles, S3_CONFIG);
	const char *keys = s3_profiles_path(f->profiles, S3_CREDENTIALS);
	struct buf last;
	enum found found;
	size_t at;

	found = try_all(f, all, sizeof all / sizeof *all, &at);
	*fixed = at == 0;
	if (found == FOUND)
		return creds_check(f);
	if (found == FAILED)
		return FAILED;
	last = f->why;
	memset(&f->why, 0, sizeof f->why);
	buf_addf(&f->why,
	    "no credentials: not in the environment%s, not for profile %s in "
	    "%s or %s, not from a container, not from an instance (%s); "
	    "AWS_NO_SIGN_REQUEST=yes sends none",
	    f->env ? "" : " (--profile)", f->profile,
	    keys != NULL ? keys : "~/.aws/credentials",
	    config != NULL ? config : "~/.aws/config", buf_str(&last));
	buf_free(&last);
	return FAILED;
}
