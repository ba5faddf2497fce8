#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "s3/creds/find.h"
#include "s3/creds/secret.h"

enum { BLOCK = 64 * 1024, FILE_MAX = 1024 * 1024 };

const char *
creds_value(const struct finding *f, const char *name, struct s3_line *at)
{
	const char *value =
	    s3_profiles_value(f->profiles, S3_BOTH, f->profile, NULL, name, at);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

char *
creds_copy(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : mem_str(text);
}

static enum found
keys_in(struct finding *f, enum s3_file file)
{
	const char *profile = f->profile, *token;
	const struct s3_profiles *p = f->profiles;
	struct s3_line at;

	f->creds.access = creds_copy(s3_profiles_value(
	    p, file, profile, NULL, "aws_access_key_id", &at));
	if (f->creds.access == NULL)
		return NOT_HERE;
	f->creds.secret = creds_copy(s3_profiles_value(
	    p, file, profile, NULL, "aws_secret_access_key", NULL));
	token = s3_profiles_value(
	    p, file, profile, NULL, "aws_security_token", NULL);
	if (token == NULL)
		token = s3_profiles_value(
		    p, file, profile, NULL, "aws_session_token", NULL);
	f->creds.token = creds_copy(token);
	if (f->creds.secret != NULL)
		return FOUND;
	buf_addf(&f->why,
	    "%s: line %zu: profile %s: aws_access_key_id without "
	    "aws_secret_access_key",
	    at.path, at.line, profile);
	return FAILED;
}

enum found
creds_from_credentials(struct finding *f)
{
	return keys_in(f, S3_CREDENTIALS);
}

enum found
creds_from_config(struct finding *f)
{
	return keys_in(f, S3_CONFIG);
}

static enum found
refuse(struct finding *f, const char *what, const struct s3_line *at)
{
	buf_addf(&f->why,
	    "%s: line %zu: profile %s: %s is not supported: use a profile "
	    "with credential_process = aws configure export-credentials "
	    "--profile %s",
	    at->path, at->line, f->profile, what, f->profile);
	return FAILED;
}

enum found
creds_from_sso(struct finding *f)
{
	struct s3_line at;

	if (creds_value(f, "sso_account_id", &at) == NULL &&
	    creds_value(f, "sso_role_name", &at) == NULL)
		return NOT_HERE;
	return refuse(f, "SSO", &at);
}

enum found
creds_from_login(struct finding *f)
{
	struct s3_line at;

	if (creds_value(f, "login_session", &at) == NULL)
		return NOT_HERE;
	return refuse(f, "login", &at);
}

char *
creds_read_file(struct finding *f, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), error;
	ssize_t got = fd == -1 ? -1 : 1;
	struct buf b = { 0 };
	char *text = NULL;

	buf_room(&b, FILE_MAX + BLOCK);
	while (got > 0 && b.n < FILE_MAX) {
		got = read(fd, b.p + b.n, BLOCK);
		b.n += got > 0 ? (size_t)got : 0;
	}
	error = got == -1 ? errno : b.n >= FILE_MAX ? EFBIG : 0;
	if (fd != -1)
		close(fd);
	while (b.n > 0 && strchr(" \t\r\n", b.p[b.n - 1]) != NULL)
		b.n--;
	if (error != 0)
		buf_addf(&f->why, "%s: %s", path, strerror(error));
	else if (b.n == 0)
		buf_addf(&f->why, "%s: is empty", path);
	else if (memchr(b.p, '\0', b.n) != NULL)
		buf_addf(&f->why, "%s: has a zero byte", path);
	else
		text = mem_dup(b.p, b.n);
	secret_buf_free(&b);
	return text;
}
