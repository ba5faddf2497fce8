#include "s3/creds_find.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"

enum { BLOCK = 4096, OUTPUT_MOST = 1024 * 1024 };

static char *
copy(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL
					       : mem_dup(text, strlen(text));
}

enum found
creds_from_env(
    const struct s3_settings *settings, struct s3_creds *creds, struct buf *why)
{
	const char *token = getenv("AWS_SESSION_TOKEN");

	if (settings->profile_given)
		return NOT_HERE;
	creds->access = copy(getenv("AWS_ACCESS_KEY_ID"));
	if (creds->access == NULL)
		return NOT_HERE;
	creds->secret = copy(getenv("AWS_SECRET_ACCESS_KEY"));
	creds->token =
	    copy(token != NULL ? token : getenv("AWS_SECURITY_TOKEN"));
	if (creds->secret != NULL)
		return FOUND;
	buf_adds(why, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
	return FAILED;
}

static enum found
keys_of(const struct s3_settings *settings, const char *profile,
    struct s3_creds *creds, struct buf *why)
{
	creds->access =
	    copy(s3_settings_value(settings, profile, "aws_access_key_id"));
	if (creds->access == NULL)
		return NOT_HERE;
	creds->secret =
	    copy(s3_settings_value(settings, profile, "aws_secret_access_key"));
	creds->token =
	    copy(s3_settings_value(settings, profile, "aws_session_token"));
	if (creds->secret != NULL)
		return FOUND;
	buf_addf(why,
	    "profile %s: aws_access_key_id without aws_secret_access_key",
	    profile);
	return FAILED;
}

time_t
creds_time(const char *text)
{
	struct tm tm = { 0 };
	int n = 0;

	if (text == NULL ||
	    sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon,
		&tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &n) != 6 ||
	    n == 0)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

static const char *
member(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

enum found
creds_from_json(
    const char *p, size_t n, struct s3_creds *creds, struct buf *why)
{
	json_t *o = json_loadb(p, n, 0, NULL);
	const char *token = member(o, "SessionToken");

	creds->access = copy(member(o, "AccessKeyId"));
	creds->secret = copy(member(o, "SecretAccessKey"));
	creds->token = copy(token != NULL ? token : member(o, "Token"));
	creds->expires = creds_time(member(o, "Expiration"));
	if (creds->access != NULL && creds->secret != NULL) {
		json_decref(o);
		return FOUND;
	}
	if (member(o, "Message") != NULL || member(o, "message") != NULL)
		buf_adds(why, member(o, "Message") != NULL
				  ? member(o, "Message")
				  : member(o, "message"));
	else
		buf_adds(why, "no JSON with AccessKeyId and SecretAccessKey");
	json_decref(o);
	return FAILED;
}

static void
wipe(struct buf *b)
{
	if (b->size > 0)
		OPENSSL_cleanse(b->p, b->size);
	buf_free(b);
}

/* Like the shell, popen(3) gives the command this process's standard error. */
static int
run(const char *command, struct buf *out)
{
	FILE *f = popen(command, "r");
	size_t got = 1;

	if (f == NULL)
		return -1;
	buf_room(out, OUTPUT_MOST);
	while (got > 0 && out->n + BLOCK <= OUTPUT_MOST) {
		got = fread(buf_room(out, BLOCK), 1, BLOCK, f);
		out->n += got;
	}
	return pclose(f);
}

static void
say_status(struct buf *why, const char *profile, int status)
{
	buf_addf(why, "profile %s: credential_process ", profile);
	if (status == -1)
		buf_addf(why, "cannot be run: %s", strerror(errno));
	else if (WIFSIGNALED(status))
		buf_addf(why, "died of signal %d", WTERMSIG(status));
	else
		buf_addf(why, "ended with status %d", WEXITSTATUS(status));
}

static enum found
process_of(const struct s3_settings *settings, const char *profile,
    struct s3_creds *creds, struct buf *why)
{
	const char *command =
	    s3_settings_value(settings, profile, "credential_process");
	struct buf out = { 0 }, reason = { 0 };
	enum found found = FAILED;
	int status;

	if (command == NULL)
		return NOT_HERE;
	if ((status = run(command, &out)) != 0)
		say_status(why, profile, status);
	else if ((found = creds_from_json(out.p, out.n, creds, &reason)) !=
		 FOUND)
		buf_addf(why, "profile %s: credential_process: %s", profile,
		    buf_str(&reason));
	wipe(&out);
	buf_free(&reason);
	return found;
}

enum found
creds_from_keys(
    const struct s3_settings *settings, struct s3_creds *creds, struct buf *why)
{
	return keys_of(settings, settings->profile, creds, why);
}

enum found
creds_from_process(
    const struct s3_settings *settings, struct s3_creds *creds, struct buf *why)
{
	return process_of(settings, settings->profile, creds, why);
}

enum found
creds_of_profile(const struct s3_settings *settings, const char *profile,
    struct s3_creds *creds, struct buf *why)
{
	enum found found = keys_of(settings, profile, creds, why);

	return found != NOT_HERE ? found
				 : process_of(settings, profile, creds, why);
}

enum found
creds_from_sso(
    const struct s3_settings *settings, struct s3_creds *creds, struct buf *why)
{
	const char *profile = settings->profile;

	(void)creds;
	if (s3_settings_value(settings, NULL, "sso_session") == NULL &&
	    s3_settings_value(settings, NULL, "sso_start_url") == NULL)
		return NOT_HERE;
	if (s3_settings_value(settings, NULL, "credential_process") != NULL)
		return NOT_HERE;
	buf_addf(why,
	    "profile %s: SSO is not understood here: set credential_process = "
	    "aws configure export-credentials --profile %s in another",
	    profile, profile);
	return FAILED;
}
