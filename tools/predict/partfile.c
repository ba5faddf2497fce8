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
partfile_named(struct partfile *p)
{
	struct span path = { p->state->part, strlen(p->state->part) };

	p->name.n = 0;
	ref_encode(&p->name, path);
}

int
partfile_reopen(struct partfile *p, const struct position *pos)
{
	if (!pos->part_made || p->fd != -1 || remote_is(p->dir))
		return 0;
	p->wrong = p->state->part;
	p->fd = open(p->state->part, O_WRONLY | O_CLOEXEC);
	if (p->fd == -1 || ftruncate(p->fd, (off_t)pos->part_length) == -1)
		return -1;
	partfile_named(p);
	return 0;
}

void
partfile_die(const struct partfile *p)
{
	state_die(p->state, 1, "%s: %s", p->wrong, strerror(errno));
}

static _Noreturn void
die_of_name(struct partfile *p)
{
	state_die(p->state, 1, "%s: %s", p->dir, strerror(ENAMETOOLONG));
}

/* Some servers cannot refuse to replace an object, so the name has a random
 * token that no other process has. */
static void
object_make(struct partfile *p, struct position *pos)
{
	size_t n = strlen(p->dir);
	int len, fd;

	if (pos->part_made)
		return;
	if (p->objects == 0) {
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
		if (fd == -1 || read(fd, &p->token, sizeof p->token) !=
				    (ssize_t)sizeof p->token)
			state_die(
			    p->state, 1, "/dev/urandom: %s", strerror(errno));
		close(fd);
	}
	len = snprintf(p->state->part, STATE_PATH, "%s%s%s-%016llx-%u.part",
	    p->dir, p->dir[n - 1] == '/' ? "" : "/", p->worker, p->token,
	    p->objects++);
	if (len < 0 || len >= STATE_PATH)
		die_of_name(p);
	pos->part_made = true;
	pos->part_length = pos->part_records = 0;
	partfile_named(p);
}

/* The object is whole then, and the next reply begins another. */
static void
object_store(
    struct partfile *p, struct position *pos, const char *bytes, size_t n)
{
	const struct remote *remote = remote_get();

	if (remote == NULL ||
	    remote->store(p->state->part, bytes, n, remote_why()) == -1) {
		errno = ENOLINK;
		state_die(
		    p->state, 1, "%s: %s", p->state->part, remote_error());
	}
	pos->part_made = false;
}

/* Process ids repeat, so this takes the first name that is free. */
static void
file_make(struct partfile *p, struct position *pos)
{
	char *path = p->state->part;
	unsigned n;
	int len;

	if (p->fd != -1)
		return;
	for (n = 0; p->fd == -1; n++) {
		len = n == 0 ? snprintf(path, STATE_PATH, "%s/%s.part", p->dir,
				   p->worker)
			     : snprintf(path, STATE_PATH, "%s/%s-%u.part",
				   p->dir, p->worker, n);
		if (len < 0 || len >= STATE_PATH)
			die_of_name(p);
		p->fd =
		    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (p->fd == -1 && errno != EEXIST)
			state_die(p->state, 1, "%s: %s", path, strerror(errno));
	}
	pos->part_made = true;
	partfile_named(p);
}

static int
partfile_write(struct partfile *p, const char *bytes, size_t n, uint64_t at)
{
	ssize_t put;

	while (n > 0) {
		put = pwrite(
		    p->fd, bytes, n < PART_STEP ? n : PART_STEP, (off_t)at);
		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1) {
			p->wrong = p->state->part;
			return -1;
		}
		bytes += put;
		n -= (size_t)put;
		at += (uint64_t)put;
	}
	return 0;
}

static int
flush_replies(struct partfile *p, struct position *pos)
{
	if (remote_is(p->dir)) {
		if (pos->part_made)
			object_store(p, pos, p->state->replies, pos->replies);
		pos->replies = 0;
		return 0;
	}
	if (partfile_write(
		p, p->state->replies, pos->replies, pos->part_length) == -1)
		return -1;
	pos->part_length += pos->replies;
	pos->replies = 0;
	return 0;
}

static uint64_t
object_reply(
    struct partfile *p, struct position *pos, const char *reply, size_t n)
{
	uint64_t at;

	if (n > STATE_REPLIES - pos->replies || n > STATE_REPLIES / 2)
		partfile_flush(p, pos);
	object_make(p, pos);
	at = pos->replies;
	if (n > STATE_REPLIES / 2) {
		object_store(p, pos, reply, n);
	} else {
		memcpy(p->state->replies + at, reply, n);
		pos->replies += n;
	}
	return at;
}

uint64_t
partfile_reply(
    struct partfile *p, struct position *pos, const char *reply, size_t n)
{
	uint64_t at;

	if (remote_is(p->dir))
		return object_reply(p, pos, n > 0 ? reply : "", n);
	file_make(p, pos);
	if (n > STATE_REPLIES - pos->replies)
		partfile_flush(p, pos);
	at = pos->part_length + pos->replies;
	if (n > STATE_REPLIES / 2) {
		if (flush_replies(p, pos) == -1 ||
		    partfile_write(p, reply, n, at) == -1)
			partfile_die(p);
		pos->part_length += n;
	} else if (n > 0) {
		memcpy(p->state->replies + pos->replies, reply, n);
		pos->replies += n;
	}
	return at;
}

void
partfile_line(struct partfile *p, struct position *pos, struct span line)
{
	if (line.n > STATE_LINES - pos->lines)
		partfile_flush(p, pos);
	memcpy(p->state->lines + pos->lines, line.p, line.n);
	pos->lines += line.n;
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

/* Returns how many bytes it wrote: if fewer than n, with errno. */
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
 * A torn line at the end of a file would run into the next process's first
 * line.  This cuts its n bytes off if they are still the last ones, and returns
 * whether it did.  Other processes write to the file, some through the same
 * offset, so only the bytes tell.
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
 * Lines enter a pipe whole or not at all.  A file may have a part of the lines
 * that a killed worker was writing: then a newline ends that part, and all the
 * lines are written again, because readers accept both a torn line and a line
 * that comes twice.
 */
static int
write_lines(
    struct partfile *p, struct position *pos, const char *lines, size_t n)
{
	uint64_t size = 0;
	bool regular = is_regular(p->out, &size);
	bool torn = regular && pos->out_after > 0 && size != pos->out_before &&
		    size != pos->out_after;
	size_t put;

	p->wrong = "standard output";
	if (torn && fd_write(p->out, "\n", 1) == -1)
		return -1;
	if (regular) {
		pos->out_before = size + torn;
		pos->out_after = pos->out_before + n;
		state_commit(p->state, pos);
	}
	if (!regular) {
		if (fd_write(p->out, lines, n) == -1)
			return -1;
	} else if ((put = file_write(p->out, lines, n)) < n) {
		if (cut_back(p->out, lines, put)) {
			pos->out_before = pos->out_after = 0;
			state_commit(p->state, pos);
		}
		return -1;
	}
	pos->out_before = pos->out_after = 0;
	return 0;
}

static int
flush_lines(struct partfile *p, struct position *pos)
{
	struct pollfd room = { .fd = p->out, .events = POLLOUT };
	const char *lines;
	size_t n;

	while (pos->lines_sent < pos->lines) {
		if (atomic_load(&p->state->stopping))
			_exit(1);
		if (p->hurried &&
		    (poll(&room, 1, 0) != 1 || room.revents != POLLOUT))
			return 0;
		lines = p->state->lines + pos->lines_sent;
		n = pos->lines - pos->lines_sent;
		/* In a pipe that others write to, whole lines stay together if
		 * a write has at most REF_MAX bytes. */
		if (n > REF_MAX)
			for (n = REF_MAX; lines[n - 1] != '\n'; n--)
				;
		if (write_lines(p, pos, lines, n) == -1)
			return -1;
		pos->lines_sent += n;
		state_commit(p->state, pos);
	}
	pos->lines = pos->lines_sent = 0;
	return 0;
}

int
partfile_spill(struct partfile *p, struct position *pos)
{
	if (flush_replies(p, pos) == -1)
		return -1;
	state_commit(p->state, pos);
	if (flush_lines(p, pos) == -1)
		return -1;
	state_commit(p->state, pos);
	return 0;
}

void
partfile_flush(struct partfile *p, struct position *pos)
{
	int phase = atomic_load(&p->state->phase);
	sigset_t before;

	if (pos->lines == 0 && pos->replies == 0)
		return;
	sigprocmask(SIG_BLOCK, &p->held, &before);
	atomic_store(&p->state->phase, PHASE_WRITE);
	if (partfile_spill(p, pos) == -1)
		partfile_die(p);
	atomic_store(&p->state->phase, phase);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
