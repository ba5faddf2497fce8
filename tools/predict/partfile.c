#include "predict/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "io/remote.h"

enum { PART_STEP = 1 << 18 }; /* larger writes are slower on ext4 */

static void
part_named(struct part *p)
{
	struct span path = { p->sh->part, strlen(p->sh->part) };

	p->name.n = 0;
	ref_encode(&p->name, path);
}

int
part_reopen(struct part *p, const struct state *st)
{
	if (!st->part_made || p->fd != -1 || remote_is(p->dir))
		return 0;
	p->wrong = p->sh->part;
	p->fd = open(p->sh->part, O_WRONLY | O_CLOEXEC);
	if (p->fd == -1 || ftruncate(p->fd, (off_t)st->part_length) == -1)
		return -1;
	part_named(p);
	return 0;
}

void
part_die(const struct part *p)
{
	shared_die(p->sh, 1, "%s: %s", p->wrong, strerror(errno));
}

static _Noreturn void
die_of_name(struct part *p)
{
	shared_die(p->sh, 1, "%s: %s", p->dir, strerror(ENAMETOOLONG));
}

static void
draw_token(struct part *p)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd == -1 ? -1 : read(fd, &p->token, sizeof p->token);

	if (got != (ssize_t)sizeof p->token)
		shared_die(p->sh, 1, "/dev/urandom: %s", strerror(errno));
	close(fd);
}

/* Not every server can be told not to replace an object: its name is one that
 * nobody else draws. */
static void
object_make(struct part *p, struct state *st)
{
	size_t n = strlen(p->dir);
	int len;

	if (st->part_made)
		return;
	if (p->objects == 0)
		draw_token(p);
	len = snprintf(p->sh->part, SHARED_PATH, "%s%s%s-%016llx-%u.part",
	    p->dir, p->dir[n - 1] == '/' ? "" : "/", p->worker, p->token,
	    p->objects++);
	if (len < 0 || len >= SHARED_PATH)
		die_of_name(p);
	st->part_made = true;
	st->part_length = st->part_records = 0;
	part_named(p);
}

/* It is whole: the next reply begins another. */
static void
object_store(struct part *p, struct state *st, const char *bytes, size_t n)
{
	const struct remote *remote = remote_get();

	if (remote == NULL ||
	    remote->store(p->sh->part, bytes, n, remote_why()) == -1) {
		errno = ENOLINK;
		shared_die(p->sh, 1, "%s: %s", p->sh->part, remote_error());
	}
	st->part_made = false;
}

/* Process ids repeat, and names must not: the first name that is free. */
static void
file_make(struct part *p, struct state *st)
{
	char *path = p->sh->part;
	unsigned n;
	int len;

	if (p->fd != -1)
		return;
	for (n = 0; p->fd == -1; n++) {
		len = n == 0 ? snprintf(path, SHARED_PATH, "%s/%s.part", p->dir,
				   p->worker)
			     : snprintf(path, SHARED_PATH, "%s/%s-%u.part",
				   p->dir, p->worker, n);
		if (len < 0 || len >= SHARED_PATH)
			die_of_name(p);
		p->fd =
		    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (p->fd == -1 && errno != EEXIST)
			shared_die(p->sh, 1, "%s: %s", path, strerror(errno));
	}
	st->part_made = true;
	part_named(p);
}

static int
part_write(struct part *p, const char *bytes, size_t n, uint64_t at)
{
	ssize_t put;

	while (n > 0) {
		put = pwrite(
		    p->fd, bytes, n < PART_STEP ? n : PART_STEP, (off_t)at);
		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1) {
			p->wrong = p->sh->part;
			return -1;
		}
		bytes += put;
		n -= (size_t)put;
		at += (uint64_t)put;
	}
	return 0;
}

static int
flush_replies(struct part *p, struct state *st)
{
	if (remote_is(p->dir)) {
		if (st->part_made)
			object_store(p, st, p->sh->replies, st->replies);
		st->replies = 0;
		return 0;
	}
	if (part_write(p, p->sh->replies, st->replies, st->part_length) == -1)
		return -1;
	st->part_length += st->replies;
	st->replies = 0;
	return 0;
}

static uint64_t
object_reply(struct part *p, struct state *st, const char *reply, size_t n)
{
	uint64_t at;

	if (n > SHARED_REPLIES - st->replies || n > SHARED_REPLIES / 2)
		part_flush(p, st);
	object_make(p, st);
	at = st->replies;
	if (n > SHARED_REPLIES / 2) {
		object_store(p, st, reply, n);
	} else {
		memcpy(p->sh->replies + at, reply, n);
		st->replies += n;
	}
	return at;
}

uint64_t
part_reply(struct part *p, struct state *st, const char *reply, size_t n)
{
	uint64_t at;

	if (remote_is(p->dir))
		return object_reply(p, st, n > 0 ? reply : "", n);
	file_make(p, st);
	if (n > SHARED_REPLIES - st->replies)
		part_flush(p, st);
	at = st->part_length + st->replies;
	if (n > SHARED_REPLIES / 2) {
		if (flush_replies(p, st) == -1 ||
		    part_write(p, reply, n, at) == -1)
			part_die(p);
		st->part_length += n;
	} else if (n > 0) {
		memcpy(p->sh->replies + st->replies, reply, n);
		st->replies += n;
	}
	return at;
}

void
part_line(struct part *p, struct state *st, struct span line)
{
	if (line.n > SHARED_LINES - st->lines)
		part_flush(p, st);
	memcpy(p->sh->lines + st->lines, line.p, line.n);
	st->lines += line.n;
}

/* The whole lines of p[0..n) that fit one write: other processes write to the
 * same pipe, and REF_MAX bytes go in unbroken. */
static size_t
whole_lines(const char *p, size_t n)
{
	if (n <= REF_MAX)
		return n;
	for (n = REF_MAX; p[n - 1] != '\n'; n--)
		;
	return n;
}

static bool
is_regular(int fd, uint64_t *size)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return false;
	*size = (uint64_t)st.st_size;
	return true;
}

/* Returns how much of it was written; less than n with errno. */
static size_t
file_write(int fd, const char *p, size_t n)
{
	size_t done = 0;
	ssize_t put;

	while (done < n) {
		put = write(fd, p + done, n - done);
		if (put == -1 && errno != EINTR)
			break;
		if (put > 0)
			done += (size_t)put;
	}
	return done;
}

/*
 * A part of lines at the end of a file would run into the next process's first:
 * its n bytes are cut off, if they are still the last ones; whether they were.
 * Others write to the file, through the same offset too, so only its bytes
 * tell.
 */
static bool
cut_back(int out, const char *lines, size_t n)
{
	char path[32], last[REF_MAX];
	int saved = errno, fd;
	bool cut = false;
	uint64_t size;
	off_t at;

	if (n == 0)
		return true;
	snprintf(path, sizeof path, "/dev/fd/%d", out);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd != -1 && is_regular(fd, &size) && size >= n) {
		at = (off_t)(size - n);
		cut = pread(fd, last, n, at) == (ssize_t)n &&
		      memcmp(last, lines, n) == 0 && ftruncate(fd, at) == 0;
		if (cut && (fcntl(out, F_GETFL) & O_APPEND) == 0)
			lseek(out, at, SEEK_SET);
	}
	if (fd != -1)
		close(fd);
	errno = saved;
	return cut;
}

/*
 * Lines that go into a pipe whole or not at all.  A file may have taken a part
 * of those that a worker was killed over: then a newline ends it, and all are
 * written again, which a reader bears.
 */
static int
write_lines(struct part *p, struct state *st, const char *lines, size_t n)
{
	uint64_t size = 0;
	bool regular = is_regular(p->out, &size);
	bool torn = regular && st->out_after > 0 && size != st->out_before &&
		    size != st->out_after;
	size_t put;

	p->wrong = "standard output";
	if (torn && fd_write(p->out, "\n", 1) == -1)
		return -1;
	if (regular) {
		st->out_before = size + torn;
		st->out_after = st->out_before + n;
		shared_commit(p->sh, st);
	}
	if (!regular) {
		if (fd_write(p->out, lines, n) == -1)
			return -1;
	} else if ((put = file_write(p->out, lines, n)) < n) {
		if (cut_back(p->out, lines, put)) {
			st->out_before = st->out_after = 0;
			shared_commit(p->sh, st);
		}
		return -1;
	}
	st->out_before = st->out_after = 0;
	return 0;
}

/* Whether so many bytes go out without waiting for a reader. */
static bool
has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && p.revents == POLLOUT;
}

static int
flush_lines(struct part *p, struct state *st)
{
	size_t n;

	while (st->lines_sent < st->lines) {
		if (atomic_load(&p->sh->stopping))
			_exit(1);
		if (p->hurried && !has_room(p->out))
			return 0;
		n = whole_lines(
		    p->sh->lines + st->lines_sent, st->lines - st->lines_sent);
		if (write_lines(p, st, p->sh->lines + st->lines_sent, n) == -1)
			return -1;
		st->lines_sent += n;
		shared_commit(p->sh, st);
	}
	st->lines = st->lines_sent = 0;
	return 0;
}

int
part_spill(struct part *p, struct state *st)
{
	if (flush_replies(p, st) == -1)
		return -1;
	shared_commit(p->sh, st);
	if (flush_lines(p, st) == -1)
		return -1;
	shared_commit(p->sh, st);
	return 0;
}

void
part_flush(struct part *p, struct state *st)
{
	int phase = atomic_load(&p->sh->phase);
	sigset_t before;

	if (st->lines == 0 && st->replies == 0)
		return;
	sigprocmask(SIG_BLOCK, &p->held, &before);
	atomic_store(&p->sh->phase, PHASE_WRITE);
	if (part_spill(p, st) == -1)
		part_die(p);
	atomic_store(&p->sh->phase, phase);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
