#include "s3/upload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/say.h"
#include "s3/threads.h"

enum { DEPTH_MAX = 256 };

struct upload {
	struct s3_client *client;
	struct s3_put_options options;
	const char *bucket, *key;
	size_t folder; /* bytes of a path before what goes into its key */

	pthread_mutex_t lock; /* for what follows */
	char **paths;
	size_t n, next;
	int status;

	pthread_mutex_t large; /* held by the one with an object in parts */
};

static void
fail(struct upload *u, const char *path, const char *why)
{
	say("%s: %s", path, why);
	pthread_mutex_lock(&u->lock);
	u->status = 1;
	pthread_mutex_unlock(&u->lock);
}

static void
add(struct upload *u, const char *path)
{
	if ((u->n & (u->n - 1)) == 0)
		u->paths = mem_resize(
		    u->paths, u->n == 0 ? 1 : 2 * u->n, sizeof *u->paths);
	u->paths[u->n++] = mem_str(path);
}

static bool
left_out(const char *name)
{
	size_t n = strlen(name);

	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	       (n > 8 && strncmp(name, ".bt-", 4) == 0 &&
		   strcmp(name + n - 4, ".tmp") == 0);
}

/* A folder, and those that it is in. */
struct inside {
	dev_t dev;
	ino_t ino;
	unsigned depth;
	const struct inside *of;
};

static bool
is_inside(const struct inside *of, const struct stat *st)
{
	for (; of != NULL; of = of->of)
		if (of->dev == st->st_dev && of->ino == st->st_ino)
			return true;
	return false;
}

static void
walk(struct upload *u, struct buf *path, const struct inside *of)
{
	struct inside here = { .of = of,
		.depth = of == NULL ? 0 : of->depth + 1 };
	DIR *dir = here.depth > DEPTH_MAX ? NULL : opendir(buf_str(path));
	size_t n = path->n;
	struct dirent *e;
	struct stat st;

	if (dir == NULL || fstat(dirfd(dir), &st) == -1) {
		fail(u, path->p,
		    here.depth > DEPTH_MAX ? "too deep" : strerror(errno));
		if (dir != NULL)
			closedir(dir);
		return;
	}
	here.dev = st.st_dev;
	here.ino = st.st_ino;
	while (errno = 0,
	    !s3_client_stopped(u->client) && (e = readdir(dir)) != NULL) {
		if (left_out(e->d_name))
			continue;
		path->n = n;
		buf_addf(path, "/%s", e->d_name);
		if (stat(buf_str(path), &st) == -1)
			fail(u, path->p, strerror(errno));
		else if (S_ISDIR(st.st_mode) && is_inside(&here, &st))
			fail(u, path->p,
			    "a link to a folder that contains it: not entered");
		else if (S_ISDIR(st.st_mode))
			walk(u, path, &here);
		else if (S_ISREG(st.st_mode))
			add(u, path->p);
		else
			fail(u, path->p, "not a regular file");
	}
	path->n = n;
	if (errno != 0)
		fail(u, buf_str(path), strerror(errno));
	closedir(dir);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
copy_file(int fd, const char *path, struct s3_put *put, struct buf *why)
{
	size_t n;
	void *room;
	ssize_t got;

	while ((room = s3_put_room(put, &n, why)) != NULL) {
		got = read(fd, room, n);
		if (got == 0)
			return 0;
		if (got > 0) {
			s3_put_filled(put, (size_t)got);
		} else if (errno != EINTR) {
			buf_addf(why, "%s: %s", path, strerror(errno));
			return -1;
		}
	}
	return -1;
}

static void
store(struct upload *u, struct s3_conn *conn, int fd, const char *path)
{
	struct buf key = { 0 }, left = { 0 }, why = { 0 }, uri = { 0 };
	struct s3_put *put;
	int status = -1;

	buf_addf(&key, "%s%s", u->key, path + u->folder);
	put = s3_put_new(
	    u->client, conn, u->bucket, buf_str(&key), &u->options, &why);
	if (put != NULL && copy_file(fd, path, put, &why) == 0)
		status = s3_put_commit(put, &why);
	else if (put != NULL && s3_put_abort(put, &left) != 0)
		buf_addf(&why, "; %s", buf_str(&left));
	if (status != 0) {
		buf_addf(&uri, "s3://%s/%s", u->bucket, buf_str(&key));
		fail(u, buf_str(&uri), buf_str(&why));
	}
	buf_free(&key);
	buf_free(&left);
	buf_free(&why);
	buf_free(&uri);
}

/* A large file takes all connections, and there is memory for one at a time.
 */
static void
store_file(struct upload *u, struct s3_conn *conn, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool large;

	if (fd == -1 || fstat(fd, &st) == -1) {
		fail(u, path, strerror(errno));
	} else {
		large = st.st_size >= S3_PUT_PART_MIN;
		if (large)
			pthread_mutex_lock(&u->large);
		store(u, conn, fd, path);
		if (large)
			pthread_mutex_unlock(&u->large);
	}
	if (fd != -1)
		close(fd);
}

static void *
work(void *arg)
{
	struct upload *u = arg;
	struct s3_conn *conn = s3_conn_new(u->client);
	const char *path;

	while (!s3_client_stopped(u->client)) {
		pthread_mutex_lock(&u->lock);
		path = u->next < u->n ? u->paths[u->next++] : NULL;
		pthread_mutex_unlock(&u->lock);
		if (path == NULL)
			break;
		store_file(u, conn, path);
	}
	s3_conn_free(conn);
	return NULL;
}

int
s3_upload(struct s3_client *client, const struct s3_put_options *options,
    const char *folder, const char *bucket, const char *key)
{
	struct upload u = { .client = client,
		.options = *options,
		.bucket = bucket,
		.key = key };
	struct buf path = { 0 };
	pthread_t *threads;
	unsigned n = options->connections;
	int error;

	u.options.at_hand = true;
	pthread_mutex_init(&u.lock, NULL);
	pthread_mutex_init(&u.large, NULL);
	buf_adds(&path, folder);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	u.folder = path.n + 1;
	walk(&u, &path, NULL);
	if (u.n > 1)
		qsort(u.paths, u.n, sizeof *u.paths, by_name);
	if (n > u.n)
		n = (unsigned)u.n;
	threads = mem_alloc((n + 1) * sizeof *threads);
	n = threads_start(threads, n, work, &u, &error);
	if (n == 0)
		work(&u);
	threads_join(threads, n);
	free(threads);
	if (s3_client_stopped(client))
		u.status = 1;
	while (u.n > 0)
		free(u.paths[--u.n]);
	free(u.paths);
	buf_free(&path);
	pthread_mutex_destroy(&u.lock);
	pthread_mutex_destroy(&u.large);
	return u.status;
}
