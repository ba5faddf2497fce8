#include "s3/creds.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3/creds_find.h"

/* Before they expire, as botocore has it: renewed in good time by one who asks,
 * while the others go on; at the last by whoever comes, and the others wait. */
enum { EARLY = 15 * 60, LATE = 10 * 60 };

struct s3_source {
	const struct s3_settings *settings;
	pthread_mutex_t lock;
	pthread_cond_t renewed;
	struct s3_creds creds;
	bool held;   /* creds are some */
	bool asking; /* one thread is at it */
	bool stale;  /* the server called them expired */
	bool fixed;  /* from where no others will come */
};

/* docs.aws.amazon.com/cli/latest/userguide/cli-configure-authentication.html:
 * the order in which the command line looks. */
static creds_finder *const finders[] = {
	creds_from_env,
	creds_from_sso,
	creds_from_keys,
	creds_from_process,
};

enum { FINDERS = sizeof finders / sizeof finders[0] };

struct s3_source *
s3_source_new(const struct s3_settings *settings)
{
	struct s3_source *s = mem_alloc(sizeof *s);

	memset(s, 0, sizeof *s);
	s->settings = settings;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->renewed, NULL);
	return s;
}

static void
wipe(char *text)
{
	if (text != NULL)
		OPENSSL_cleanse(text, strlen(text));
	free(text);
}

void
s3_creds_clear(struct s3_creds *creds)
{
	wipe(creds->access);
	wipe(creds->secret);
	wipe(creds->token);
	memset(creds, 0, sizeof *creds);
}

void
s3_source_free(struct s3_source *s)
{
	s3_creds_clear(&s->creds);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->renewed);
	free(s);
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : mem_dup(text, strlen(text));
}

static char *
find(const struct s3_settings *settings, struct s3_creds *creds, bool *fixed)
{
	struct buf why = { 0 };
	enum found found = NOT_HERE;
	size_t i;

	for (i = 0; i < FINDERS && found == NOT_HERE; i++)
		found = finders[i](settings, creds, &why);
	if (found == FOUND) {
		*fixed = finders[i - 1] == creds_from_env;
		buf_free(&why);
		return NULL;
	}
	if (found == NOT_HERE) {
		why.n = 0;
		buf_adds(&why,
		    "no credentials: none in the environment, in the profile, "
		    "from a container or an instance; --no-sign-request does "
		    "without");
	}
	s3_creds_clear(creds);
	buf_str(&why);
	return why.p;
}

/* Locked: how much they need to be renewed: 0, 1 soon, 2 now. */
static int
need(const struct s3_source *s)
{
	time_t now = time(NULL);

	if (!s->held || s->stale)
		return 2;
	if (s->creds.expires == 0 || s->creds.expires > now + EARLY)
		return 0;
	return s->creds.expires > now + LATE ? 1 : 2;
}

/* Locked, and left for the search.  What fails while the old ones are good is
 * no failure. */
static char *
renew(struct s3_source *s)
{
	struct s3_creds creds = { 0 };
	bool fixed = false;
	char *why;

	s->asking = true;
	pthread_mutex_unlock(&s->lock);
	why = find(s->settings, &creds, &fixed);
	pthread_mutex_lock(&s->lock);
	s->asking = false;
	pthread_cond_broadcast(&s->renewed);
	if (why == NULL) {
		s3_creds_clear(&s->creds);
		s->creds = creds;
		s->held = true;
		s->stale = false;
		s->fixed = fixed;
		return NULL;
	}
	if (s->held && !s->stale &&
	    (s->creds.expires == 0 || s->creds.expires > time(NULL))) {
		free(why);
		return NULL;
	}
	return why;
}

char *
s3_source_get(struct s3_source *s, struct s3_creds *creds)
{
	char *why = NULL;

	memset(creds, 0, sizeof *creds);
	if (!s->settings->sign)
		return NULL;
	pthread_mutex_lock(&s->lock);
	while (s->asking && need(s) == 2)
		pthread_cond_wait(&s->renewed, &s->lock);
	if (need(s) > 0 && !s->asking)
		why = renew(s);
	if (why == NULL) {
		creds->access = copy(s->creds.access);
		creds->secret = copy(s->creds.secret);
		creds->token = copy(s->creds.token);
		creds->expires = s->creds.expires;
	}
	pthread_mutex_unlock(&s->lock);
	return why;
}

/* Where others have been found since, the caller's are only old. */
bool
s3_source_expired(struct s3_source *s, const char *access)
{
	bool may;

	pthread_mutex_lock(&s->lock);
	if (s->held && strcmp(s->creds.access, access) == 0)
		s->stale = !s->fixed;
	may = !s->fixed;
	pthread_mutex_unlock(&s->lock);
	return may;
}
