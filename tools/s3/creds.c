#include "s3/creds.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/mem.h"
#include "s3/creds/find.h"
#include "s3/creds/secret.h"

/* In seconds: how long before their expiry credentials are renewed, and from
 * when on all threads wait for the renewal.  The times are botocore's; for
 * credentials with a short life they are a part of it, or every request would
 * renew them. */
enum { EARLY = 15 * 60, EARLY_PART = 4, LATE = 10 * 60, LATE_PART = 8 };

enum { AGAIN = 30 }; /* after a renewal that failed */

struct s3_creds_source {
	const struct s3_settings *settings;
	pthread_mutex_t lock;
	pthread_cond_t asked;
	struct s3_creds creds;
	time_t early, late; /* 0: never */
	bool held;	    /* creds are some */
	bool asking;	    /* one thread is searching */
	bool stale;	    /* the server called them expired */
	bool fixed;	    /* asking again yields the same */
	unsigned failures;
	char *why; /* of the last failure */
};

/* The limit alone is not enough if the system pipes dumps to a program. */
void
s3_creds_guard(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

struct s3_creds_source *
s3_creds_source_new(const struct s3_settings *settings)
{
	struct s3_creds_source *s = mem_alloc(sizeof *s);

	memset(s, 0, sizeof *s);
	s->settings = settings;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->asked, NULL);
	return s;
}

void
s3_creds_clear(struct s3_creds *creds)
{
	secret_free(creds->access);
	secret_free(creds->secret);
	secret_free(creds->token);
	memset(creds, 0, sizeof *creds);
}

void
s3_creds_source_free(struct s3_creds_source *s)
{
	if (s == NULL)
		return;
	s3_creds_clear(&s->creds);
	free(s->why);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->asked);
	free(s);
}

/* The files are read again each time: they may have changed. */
static char *
find(const struct s3_settings *settings, const struct stopping *stopping,
    struct s3_creds *creds, bool *fixed)
{
	struct finding f = { .settings = settings,
		.profile = settings->profile,
		.env = !settings->profile_given,
		.stopping = stopping };
	struct s3_profiles *profiles;
	char *why = s3_profiles_load(&profiles);

	if (why != NULL)
		return why;
	f.profiles = profiles;
	if (creds_find(&f, fixed) == FOUND) {
		*creds = f.creds;
		buf_free(&f.why);
	} else {
		buf_str(&f.why);
		why = f.why.p;
	}
	s3_profiles_free(profiles);
	return why;
}

static time_t
least(time_t a, time_t b)
{
	return a < b ? a : b;
}

/* Locked: how urgently they need renewal. */
static enum { NOT, SOON, NOW } need(const struct s3_creds_source *s)
{
	time_t now = time(NULL);

	if (!s->held || s->stale)
		return NOW;
	if (s->early == 0 || now < s->early)
		return NOT;
	return now < s->late ? SOON : NOW;
}

/* Locked, except during the search itself. */
static void
renew(struct s3_creds_source *s, const struct stopping *stopping)
{
	struct s3_creds creds = { 0 };
	bool fixed = false;
	time_t now, life;
	char *why;

	s->asking = true;
	pthread_mutex_unlock(&s->lock);
	why = find(s->settings, stopping, &creds, &fixed);
	pthread_mutex_lock(&s->lock);
	s->asking = false;
	pthread_cond_broadcast(&s->asked);
	free(s->why);
	s->why = why;
	now = time(NULL);
	if (why != NULL) {
		/* The old ones are still good for a while. */
		if (s->held && !s->stale && now < s->creds.expires)
			s->early = s->late =
			    least(now + AGAIN, s->creds.expires);
		else
			s->failures++;
		return;
	}
	s3_creds_clear(&s->creds);
	s->creds = creds;
	s->held = true;
	s->stale = false;
	s->fixed = fixed;
	s->early = s->late = 0;
	if (creds.expires != 0) {
		life = creds.expires - now;
		s->early = creds.expires - least(EARLY, life / EARLY_PART);
		s->late = creds.expires - least(LATE, life / LATE_PART);
	}
}

char *
s3_creds_source_get(struct s3_creds_source *s, struct s3_creds *creds,
    int (*stop)(void *arg), void *arg)
{
	const struct stopping stopping = { stop, arg };
	unsigned failures;
	char *why = NULL;

	memset(creds, 0, sizeof *creds);
	if (!s->settings->sign)
		return NULL;
	pthread_mutex_lock(&s->lock);
	failures = s->failures;
	while (s->asking && need(s) == NOW)
		pthread_cond_wait(&s->asked, &s->lock);
	/* A thread that waited for another's search does not repeat it if it
	 * failed. */
	if (s->failures == failures && need(s) != NOT && !s->asking)
		renew(s, &stopping);
	if (s->failures == failures) {
		creds->access = mem_str(s->creds.access);
		creds->secret = mem_str(s->creds.secret);
		creds->token = mem_str(s->creds.token);
		creds->expires = s->creds.expires;
	} else {
		why = mem_str(s->why);
	}
	pthread_mutex_unlock(&s->lock);
	return why;
}

/* If others have been found since, only the caller's are old. */
bool
s3_creds_source_expired(struct s3_creds_source *s, const char *access)
{
	bool may;

	pthread_mutex_lock(&s->lock);
	if (s->held && strcmp(s->creds.access, access) == 0)
		s->stale = !s->fixed;
	may = !s->fixed;
	pthread_mutex_unlock(&s->lock);
	return may;
}
