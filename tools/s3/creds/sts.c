#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "s3/address.h"
#include "s3/creds/find.h"
#include "s3/creds/secret.h"
#include "s3/sign.h"
#include "s3/uri.h"
#include "s3/xml.h"

enum { PAUSE = 200 }; /* milliseconds between attempts */

static const char form_type[] =
    "application/x-www-form-urlencoded; charset=utf-8";

/* One exchange. */
struct asking {
	struct finding *f;
	const char *action;
	struct buf form;
	struct buf url;
	char *host;
	const char *path; /* in url */
	struct http_reply reply;
};

/* The content of an answer: an error, or credentials. */
struct answer {
	struct finding *f;
	char *expiration, *code, *message;
};

static void
add(struct asking *a, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (a->form.n > 0)
		buf_addc(&a->form, '&');
	buf_addf(&a->form, "%s=", name);
	s3_encode(&a->form, value, false);
}

static void
begin(struct asking *a, struct finding *f, const char *action,
    const struct sts_role *role)
{
	struct buf session = { 0 };

	memset(a, 0, sizeof *a);
	a->f = f;
	a->action = action;
	add(a, "Action", action);
	add(a, "Version", "2011-06-15");
	add(a, "RoleArn", role->arn);
	buf_addf(&session, "bt-s3-%lld", (long long)time(NULL));
	add(a, "RoleSessionName",
	    role->session != NULL ? role->session : buf_str(&session));
	add(a, "ExternalId", role->external_id);
	add(a, "DurationSeconds", role->duration);
	buf_free(&session);
}

/* Sends the form.  with NULL: unsigned; the token in the form is the proof. */
static int
post(struct asking *a, const struct s3_creds *with)
{
	const struct s3_settings *settings = a->f->settings;
	struct http_options options = { settings->ca_bundle,
		settings->verify_ssl, true, settings->connect_timeout,
		settings->read_timeout };
	struct s3_pair list[5] = { { "Host", a->host },
		{ "Content-Type", form_type } };
	struct buf authorization = { 0 };
	char sum[65], date[17];
	struct s3_signing s = {
		.method = "POST",
		.path = a->path,
		.payload = sum,
		.region = settings->region,
		.service = "sts",
		.when = time(NULL),
		.creds = with,
	};
	struct http_request request = {
		.method = "POST",
		.url = a->url.p,
		.body = a->form.p,
		.body_n = a->form.n,
	};
	size_t n = 2;
	int status;

	if (with != NULL) {
		s3_amz_date(s.when, date);
		list[n++] = (struct s3_pair){ "X-Amz-Date", date };
		if (with->token != NULL)
			list[n++] = (struct s3_pair){ "X-Amz-Security-Token",
				with->token };
		s.headers = (struct s3_pairs){ list, n };
		s3_sha256_hex(a->form.p, a->form.n, sum);
		s3_sign(&s, &authorization);
		list[n++] = (struct s3_pair){ "Authorization",
			buf_str(&authorization) };
	}
	request.headers = (struct s3_pairs){ list, n };
	status = creds_ask(
	    a->f, &options, settings->attempts, PAUSE, &request, &a->reply);
	buf_free(&authorization);
	return status;
}

static bool
ends(const char *path, const char *name)
{
	size_t n = strlen(path), m = strlen(name);

	return n >= m && strcmp(path + n - m, name) == 0 &&
	       (n == m || path[n - m - 1] == '/');
}

static void
set(char **to, const char *text)
{
	secret_free(*to);
	*to = creds_copy(text);
}

/* Amazon nests these one level deeper than others. */
static int
take(void *arg, const char *path, const char *text)
{
	struct answer *a = arg;

	if (ends(path, "Credentials/AccessKeyId"))
		set(&a->f->creds.access, text);
	else if (ends(path, "Credentials/SecretAccessKey"))
		set(&a->f->creds.secret, text);
	else if (ends(path, "Credentials/SessionToken"))
		set(&a->f->creds.token, text);
	else if (ends(path, "Credentials/Expiration"))
		set(&a->expiration, text);
	else if (ends(path, "Code"))
		set(&a->code, text);
	else if (ends(path, "Message"))
		set(&a->message, text);
	return 0;
}

static enum found
judge(struct finding *f, const char *action, const struct http_reply *reply)
{
	struct answer a = { .f = f };
	size_t n = strlen(action);
	char root[64];
	int xml = s3_xml(reply->body.p != NULL ? reply->body.p : "",
	    reply->body.n, root, take, &a);
	enum found found = FAILED;

	if (reply->status != 200)
		buf_addf(&f->why, "%d%s%s%s%s", reply->status,
		    a.code != NULL ? " " : "", a.code != NULL ? a.code : "",
		    a.message != NULL ? ": " : "",
		    a.message != NULL ? a.message : "");
	else if (xml != 0 || strncmp(root, action, n) != 0 ||
		 strcmp(root + n, "Response") != 0 || f->creds.access == NULL ||
		 f->creds.secret == NULL || f->creds.token == NULL)
		buf_adds(&f->why, "an answer without credentials");
	else if (a.expiration == NULL ||
		 (f->creds.expires = creds_time(a.expiration)) == -1)
		buf_addf(&f->why, "Expiration %s: not a time",
		    a.expiration != NULL ? a.expiration : "");
	else
		found = FOUND;
	free(a.expiration);
	free(a.code);
	free(a.message);
	return found;
}

static enum found
ask(struct asking *a, const char *arn, const struct s3_creds *with)
{
	const struct s3_settings *s = a->f->settings;
	const char *authority;
	enum found found = FAILED;

	if (s->sts_endpoint != NULL)
		buf_adds(&a->url, s->sts_endpoint);
	else
		buf_addf(&a->url, "https://sts.%s.%s", s->region,
		    s3_suffix(s->region));
	buf_addc(&a->url, '/');
	buf_str(&a->url);
	authority = strstr(a->url.p, "://") + 3;
	a->path = strchr(authority, '/');
	a->host = mem_dup(authority, (size_t)(a->path - authority));
	buf_addf(&a->f->why, "%.*s: %s %s: ", (int)(a->url.n - 1), a->url.p,
	    a->action, arn);
	if (post(a, with) == 0)
		found = judge(a->f, a->action, &a->reply);
	secret_buf_free(&a->form);
	buf_free(&a->url);
	free(a->host);
	creds_reply_free(&a->reply);
	return found;
}

enum found
sts_assume(
    struct finding *f, const struct sts_role *role, const struct s3_creds *with)
{
	struct asking a;

	begin(&a, f, "AssumeRole", role);
	return ask(&a, role->arn, with);
}

enum found
sts_assume_with_token(
    struct finding *f, const struct sts_role *role, const char *token)
{
	struct asking a;

	begin(&a, f, "AssumeRoleWithWebIdentity", role);
	add(&a, "WebIdentityToken", token);
	return ask(&a, role->arn, NULL);
}
