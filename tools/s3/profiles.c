#include "s3/profiles.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "s3/ini.h"

struct s3_profiles {
	struct ini *ini[2]; /* by enum s3_file */
	char *path[2];
};

enum { PASSWD = 16 * 1024 };

static char *
taken(struct buf *b)
{
	buf_str(b);
	return b->p;
}

char *
s3_profiles_expand(const char *path)
{
	const char *home = getenv("HOME");
	struct passwd entry, *found = NULL;
	struct buf b = { 0 };
	char *text = NULL;

	if (path[0] != '~' || path[1] != '/')
		return mem_str(path);
	if (home == NULL || home[0] == '\0') {
		text = mem_alloc(PASSWD);
		getpwuid_r(getuid(), &entry, text, PASSWD, &found);
		home = found != NULL ? found->pw_dir : NULL;
	}
	if (home != NULL)
		buf_addf(&b, "%s%s", home, path + 1);
	free(text);
	return b.n > 0 ? taken(&b) : NULL;
}

static char *
path_of(const char *variable, const char *name)
{
	const char *set = getenv(variable);

	return s3_profiles_expand(set != NULL && set[0] != '\0' ? set : name);
}

/* 0, or errno. */
static int
read_all(int fd, struct buf *text)
{
	struct stat st;
	ssize_t got;
	char *p;

	if (fstat(fd, &st) == -1)
		return errno;
	/* Reserved at once: a buffer that grows leaves copies in freed
	 * memory. */
	buf_room(text, (size_t)st.st_size + 1);
	do {
		p = buf_room(text, 1);
		got = read(fd, p, text->size - text->n);
		text->n += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got == -1 && errno == EINTR));
	return got == -1 ? errno : 0;
}

/* A folder that cannot be entered counts as having no files; a file that
 * exists but cannot be read is an error. */
static char *
read_file(const char *path, enum s3_file which, struct ini **ini)
{
	struct buf text = { 0 }, message = { 0 };
	struct stat st;
	int fd, error;
	char *why;

	if (path == NULL || stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	error = fd == -1 ? errno : read_all(fd, &text);
	if (fd != -1)
		close(fd);
	if (error != 0) {
		buf_addf(&message, "%s: %s", path, strerror(error));
	} else if ((why = ini_read(text.p, text.n,
			which == S3_CONFIG ? INI_CONFIG : INI_CREDENTIALS,
			ini)) != NULL) {
		buf_addf(&message, "%s: %s", path, why);
		free(why);
	}
	if (text.p != NULL)
		explicit_bzero(text.p, text.n);
	buf_free(&text);
	return message.n == 0 ? NULL : taken(&message);
}

char *
s3_profiles_load(struct s3_profiles **profiles)
{
	struct s3_profiles *p = mem_alloc(sizeof *p);
	char *why = NULL;
	int i;

	memset(p, 0, sizeof *p);
	p->path[S3_CONFIG] = path_of("AWS_CONFIG_FILE", "~/.aws/config");
	p->path[S3_CREDENTIALS] =
	    path_of("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
	for (i = S3_CONFIG; i < S3_BOTH && why == NULL; i++)
		why = read_file(p->path[i], (enum s3_file)i, &p->ini[i]);
	if (why == NULL)
		*profiles = p;
	else
		s3_profiles_free(p);
	return why;
}

const char *
s3_profiles_path(const struct s3_profiles *p, enum s3_file file)
{
	return p->path[file];
}

bool
s3_profiles_has(const struct s3_profiles *p, const char *profile)
{
	return ini_has(p->ini[S3_CREDENTIALS], "profile", profile) ||
	       ini_has(p->ini[S3_CONFIG], "profile", profile);
}

const char *
s3_profiles_value(const struct s3_profiles *p, enum s3_file file,
    const char *profile, const char *nested, const char *name,
    struct s3_line *at)
{
	const char *value;
	size_t line = 0;

	if (file == S3_BOTH) {
		value = s3_profiles_value(
		    p, S3_CREDENTIALS, profile, nested, name, at);
		if (value != NULL)
			return value;
		file = S3_CONFIG;
	}
	value =
	    ini_value(p->ini[file], "profile", profile, nested, name, &line);
	if (value != NULL && at != NULL)
		*at = (struct s3_line){ p->path[file], line };
	return value;
}

const char *
s3_profiles_endpoint(const struct s3_profiles *p, const char *profile,
    const char *service, struct s3_line *at, char **why)
{
	const char *services =
	    s3_profiles_value(p, S3_BOTH, profile, NULL, "services", at);
	const char *value;
	struct buf b = { 0 };

	*why = NULL;
	if (services == NULL)
		return NULL;
	if (!ini_has(p->ini[S3_CONFIG], "services", services)) {
		buf_addf(&b, "%s: line %zu: there is no [services %s]",
		    at->path, at->line, services);
		*why = taken(&b);
		return NULL;
	}
	value = ini_value(p->ini[S3_CONFIG], "services", services, service,
	    "endpoint_url", &at->line);
	at->path = p->path[S3_CONFIG];
	return value;
}

void
s3_profiles_free(struct s3_profiles *p)
{
	int i;

	if (p == NULL)
		return;
	for (i = S3_CONFIG; i < S3_BOTH; i++) {
		ini_free(p->ini[i]);
		free(p->path[i]);
	}
	free(p);
}
