#ifdef __linux__
#define _GNU_SOURCE /* syncfs */
#endif
#include "job/status.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/isotime.h"
#include "base/say.h"
#include "base/utf8.h"
#include "io/out.h"
#include "job/request.h"
#include "job/value.h"

/* Files of a folder that are forced to the disk one by one. */
enum { INDENT = 4, FILES_MOST = 64 };

const char *const job_statuses[] = { "InProgress", "Completed", "Failed",
	"Stopping", "Stopped", NULL };

/* Which status can follow which; NULL: none yet. */
static const struct {
	const char *was, *next;
} changes[] = {
	{ NULL, "InProgress" },
	{ "InProgress", "Completed" },
	{ "InProgress", "Failed" },
	{ "InProgress", "Stopping" },
	/* Two processes may stop it at once. */
	{ "Stopping", "Stopping" },
	{ "Stopping", "Stopped" },
	/* Resumed; a run that was killed is still InProgress.  A stop is never
	 * taken back: the job becomes Stopped first. */
	{ "InProgress", "InProgress" },
	{ "Failed", "InProgress" },
	{ "Stopped", "InProgress" },
};

/* Reads the file; NULL if there is none, or with a message in why. */
static json_t *
read_status(const char *path, struct buf *why)
{
	json_t *v;

	if (access(path, F_OK) == -1 && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	v = job_try(path, path, why);
	if (v == NULL ||
	    job_is_one_of(job_text(v, "TransformJobStatus", ""), job_statuses))
		return v;
	buf_addf(why, "%s: no TransformJobStatus in it", path);
	json_decref(v);
	return NULL;
}

static void
check_change(const char *path, const json_t *old, const char *status)
{
	const char *was = job_text(old, "TransformJobStatus", NULL);
	size_t i;

	for (i = 0; i < sizeof changes / sizeof changes[0]; i++)
		if (strcmp(changes[i].next, status) == 0 &&
		    (was == NULL ? changes[i].was == NULL
				 : changes[i].was != NULL &&
				       strcmp(changes[i].was, was) == 0))
			return;
	say_exit(1, "%s: the job %s %s, which cannot become %s", path,
	    was != NULL ? "is" : "has", was != NULL ? was : "no status",
	    status);
}

static json_t *
time_value(int64_t ms)
{
	struct buf b = { 0 };
	json_t *v;

	isotime_add(&b, ms);
	v = json_stringn(b.p, b.n);
	buf_free(&b);
	return v;
}

static json_t *
tally(const struct job_tally *t, json_t *o, const char *name)
{
	struct buf b = { 0 };

	buf_adds(&b, name);
	json_object_set_new(o, buf_str(&b), json_integer((json_int_t)t->all));
	buf_adds(&b, "Completed");
	json_object_set_new(
	    o, buf_str(&b), json_integer((json_int_t)t->completed));
	b.n = strlen(name);
	buf_adds(&b, "Failed");
	json_object_set_new(
	    o, buf_str(&b), json_integer((json_int_t)t->failed));
	buf_free(&b);
	return o;
}

json_t *
job_counters(const struct job_count *c)
{
	json_t *o = json_object();

	tally(&c->objects, o, "Objects");
	tally(&c->batches, o, "Batches");
	return tally(&c->records, o, "Records");
}

/* Text of any bytes as a JSON string: ? replaces NUL and what is not UTF-8. */
static json_t *
text_value(struct span text)
{
	struct buf b = { 0 };
	json_t *v;
	size_t n;

	for (; text.n > 0; text.p += n, text.n -= n) {
		n = utf8_length(text);
		if (n > 0 && *text.p != '\0') {
			buf_add(&b, text.p, n);
		} else {
			buf_addc(&b, '?');
			n = 1;
		}
	}
	v = json_stringn(buf_str(&b), b.n);
	buf_free(&b);
	return v;
}

bool
job_has_ended(const json_t *status)
{
	const char *s = job_text(status, "TransformJobStatus", "");

	return strcmp(s, "InProgress") != 0 && strcmp(s, "Stopping") != 0;
}

/* Copies a time of the earlier status; if it has none, it is now. */
static void
keep_time(json_t *new, const json_t *old, const char *name, int64_t now)
{
	json_t *v = json_object_get(old, name);

	if (v != NULL)
		json_object_set(new, name, v);
	else
		json_object_set_new(new, name, time_value(now));
}

static json_t *
new_status(const char *dir, const json_t *old, const char *status,
    const char *reason, const struct prefix *prefix)
{
	json_t *new = json_object();
	int64_t now = isotime_now();
	struct buf text = { 0 };
	struct job_count c;

	json_object_set_new(new, "TransformJobStatus", json_string(status));
	keep_time(new, old, "CreationTime", now);
	keep_time(new, old, "TransformStartTime", now);
	json_object_set_new(new, "LastModifiedTime", time_value(now));
	if (!job_has_ended(new))
		return new;
	json_object_set_new(new, "TransformEndTime", time_value(now));
	job_count(dir, &c);
	if (strcmp(status, "Failed") == 0) {
		if (c.joined)
			c.objects.failed = c.objects.all - c.objects.completed;
		if (reason != NULL)
			job_add_cut(&text, span_str(reason), JOB_REASON_MOST);
		else
			job_reason(&text, dir, &c, prefix);
		json_object_set_new(
		    new, "FailureReason", text_value(buf_span(&text)));
		buf_free(&text);
	}
	json_object_set_new(new, "Counters", job_counters(&c));
	job_count_free(&c);
	return new;
}

/* Processes that change a status take turns by a lock on the folder, so that
 * each writes after what it has read.  If folders cannot be locked (NFS), the
 * last one wins. */
static int
take_turn(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (fd == -1)
		say_errno_exit(1, "%s", dir);
	while ((r = flock(fd, LOCK_EX)) == -1 && errno == EINTR)
		;
	if (r == -1 && errno != EBADF && errno != ENOLCK && errno != EOPNOTSUPP)
		say_errno_exit(1, "%s", dir);
	return fd;
}

/* Some file systems cannot sync a folder. */
static int
sync_folder(int fd)
{
	return fsync(fd) == -1 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}

/* Forces the names in a folder above this one (.., ../..) to the disk. */
static void
sync_above(const char *dir, int fd, const char *which)
{
	int above = openat(fd, which, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* We cannot sync a folder that we may enter but not read. */
	if (above == -1 ? errno != EACCES : sync_folder(above) == -1)
		say_errno_exit(1, "%s/%s", dir, which);
	if (above != -1)
		close(above);
}

/* Forces what is in the folder to the disk, and what is in the folders there.
 * False if that is not all: there are too many files, left counts them, or one
 * cannot be opened. */
static bool
sync_files(const char *dir, int fd, unsigned *left)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), file;
	DIR *d = copy != -1 ? fdopendir(copy) : NULL;
	const struct dirent *e;
	bool all = d != NULL;
	struct stat st;

	while (all && (errno = 0, e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1) {
			all = errno == ENOENT;
			continue;
		}
		if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			continue;
		file = *left > 0 ? openat(fd, e->d_name,
				       O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
				 : -1;
		all = file != -1;
		if (!all)
			break;
		(*left)--;
		if (S_ISDIR(st.st_mode))
			all = sync_files(dir, file, left);
		if (sync_folder(file) == -1)
			say_errno_exit(1, "%s/%s", dir, e->d_name);
		close(file);
	}
	all = all && errno == 0;
	if (d != NULL)
		closedir(d);
	return all;
}

/* Forces the folder and everything in it to the disk, before the status that
 * describes it.  syncfs(2) waits for what others write, too, so it is left for
 * folders with many files. */
static void
make_durable(const char *dir, int fd)
{
	unsigned left = FILES_MOST;

	if (!sync_files(dir, fd, &left)) {
#ifdef __linux__
		if (syncfs(fd) == -1)
			say_errno_exit(1, "%s", dir);
#else
		sync();
#endif
	}
	if (sync_folder(fd) == -1)
		say_errno_exit(1, "%s", dir);
	sync_above(dir, fd, "..");
}

void
job_set_status(const char *dir, const char *status, const char *reason,
    const struct prefix *prefix)
{
	int turn = take_turn(dir);
	struct buf b = { 0 }, why = { 0 };
	const char *path = job_path(&b, dir, "status.json");
	json_t *old = read_status(path, &why), *new;
	struct out *o;
	char *text;

	if (why.n > 0)
		say_exit(1, "%s", buf_str(&why));
	check_change(path, old, status);
	new = new_status(dir, old, status, reason, prefix);
	/* A stop must be quick, and nothing depends on it. */
	if (strcmp(status, "Stopping") != 0)
		make_durable(dir, turn);
	text = json_dumps(new, JSON_INDENT(INDENT));
	o = out_new(path);
	if (o == NULL || out_write(o, text, strlen(text)) == -1 ||
	    out_write(o, "\n", 1) == -1 || out_commit(o) == -1)
		say_errno_exit(1, "%s", path);
	free(text);
	json_decref(old);
	json_decref(new);
	buf_free(&b);
	close(turn);
}

void
job_rename(const char *dir, const char *name)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		say_errno_exit(1, "%s", dir);
	if (rename(dir, name) == -1)
		say_errno_exit(1, "%s", name);
	sync_above(name, fd, "..");
	sync_above(name, fd, "../..");
	close(fd);
}

/* Whether a process has the job's lock.  We try a shared lock, so that two
 * processes that try do not take each other for the run. */
static bool
is_locked(const char *dir)
{
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "lock");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is = false;

	if (fd == -1 && errno != ENOENT)
		say_errno_exit(1, "%s", path);
	if (fd != -1) {
		is = flock(fd, LOCK_SH | LOCK_NB) == -1;
		if (is && errno != EWOULDBLOCK)
			say_errno_exit(1, "%s", path);
		close(fd);
	}
	buf_free(&b);
	return is;
}

static bool
is_running(const char *dir, const struct queue *queue)
{
	return is_locked(dir) || engine_has(dir, queue);
}

json_t *
job_status(const char *dir, const struct queue *queue)
{
	struct buf why = { 0 };
	json_t *status = job_status_try(dir, queue, &why);

	if (why.n > 0)
		say_exit(1, "%s", buf_str(&why));
	return status;
}

json_t *
job_status_try(const char *dir, const struct queue *queue, struct buf *why)
{
	static const char killed[] = "InternalServerError: the run was killed; "
				     "resume goes on with it";
	struct buf b = { 0 };
	const char *path = job_path(&b, dir, "status.json");
	json_t *status = read_status(path, why);

	if (status != NULL && !job_has_ended(status) &&
	    !is_running(dir, queue)) {
		/* The job may have ended since. */
		json_decref(status);
		status = read_status(path, why);
		if (status != NULL && !job_has_ended(status)) {
			json_object_set_new(status, "TransformJobStatus",
			    json_string("Failed"));
			json_object_set_new(
			    status, "FailureReason", json_string(killed));
		}
	}
	buf_free(&b);
	return status;
}
