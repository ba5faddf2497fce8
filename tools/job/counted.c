#include "job/counted.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/fd.h"
#include "base/load.h"
#include "base/mem.h"
#include "job/count.h"

enum { TAIL = 4096, MOST = 1 << 30 };

/* All numbers are as this machine has them; a version has a name. */
static const char magic[16] = "bt-counted 1";

/* In the file, followed by the name. */
struct marked {
	uint64_t dev, ino, at, lines, name;
	uint64_t crc; /* of the bytes before it, TAIL at most */
};

/* The same, followed by the ranges and the path. */
struct opened {
	uint64_t end, known, path;
	uint64_t waiting, failed, answered, not_answered; /* ranges */
	uint64_t last, joined;
};

static int
open_in(const char *dir, const char *name)
{
	struct buf path = { 0 };
	int fd = open(job_path(&path, dir, name), O_RDONLY | O_CLOEXEC);

	buf_free(&path);
	return fd;
}

/* Fills in what the file is; false if it is not as long as the mark says. */
static bool
look(const char *dir, const char *name, uint64_t at, struct marked *m)
{
	char tail[TAIL];
	size_t n = at < TAIL ? (size_t)at : TAIL;
	int fd = open_in(dir, name);
	struct stat st;
	bool is;

	is = fd != -1 && fstat(fd, &st) == 0 && (uint64_t)st.st_size >= at &&
	     pread(fd, tail, n, (off_t)(at - n)) == (ssize_t)n;
	if (fd != -1)
		close(fd);
	if (!is)
		return false;
	m->dev = (uint64_t)st.st_dev;
	m->ino = (uint64_t)st.st_ino;
	m->crc = crc32c(0, tail, n);
	return true;
}

/* Takes n bytes off the text; false if it has less. */
static bool
take_name(struct span *text, struct span *name, uint64_t n)
{
	if (n > text->n)
		return false;
	*name = (struct span){ text->p, (size_t)n };
	text->p += n;
	text->n -= (size_t)n;
	return true;
}

/* The same, copied to p. */
static bool
take(struct span *text, void *p, uint64_t n)
{
	struct span taken;

	if (!take_name(text, &taken, n))
		return false;
	memcpy(p, taken.p, taken.n);
	return true;
}

static bool
take_mark(struct span *text, const char *dir, struct table *marks)
{
	struct marked m, is;
	struct span name;
	struct mark *mark;

	if (!take(text, &m, sizeof m) || !take_name(text, &name, m.name))
		return false;
	mark = table_get(marks, name, sizeof *mark);
	mark->at = m.at;
	mark->lines = m.lines;
	return look(dir, mark->entry.key.p, m.at, &is) && is.dev == m.dev &&
	       is.ino == m.ino && is.crc == m.crc;
}

static bool
take_batches(struct span *text, struct batches *b, uint64_t n)
{
	if (n > text->n / sizeof *b->p)
		return false;
	b->p = mem_resize(NULL, (size_t)n + 1, sizeof *b->p);
	b->n = (size_t)n;
	b->size = (size_t)n + 1;
	return take(text, b->p, n * sizeof *b->p);
}

static bool
take_ranges(struct span *text, struct ranges *r, uint64_t n)
{
	struct range one;

	for (; n > 0 && take(text, &one, sizeof one); n--)
		ranges_add(r, one.from, one.to);
	return n == 0;
}

static bool
take_object(struct span *text, struct table *open)
{
	struct opened is;
	struct span path;
	struct object *o;

	if (!take(text, &is, sizeof is) || !take_name(text, &path, is.path))
		return false;
	o = table_get(open, path, sizeof *o);
	o->last = is.last != 0;
	o->joined = is.joined != 0;
	o->end = is.end;
	o->known = is.known;
	return take_batches(text, &o->waiting, is.waiting) &&
	       take_batches(text, &o->failed, is.failed) &&
	       take_ranges(text, &o->answered, is.answered) &&
	       take_ranges(text, &o->not_answered, is.not_answered);
}

static bool
take_all(struct span text, const char *dir, struct counted *c,
    struct table *marks, struct table *open)
{
	char name[sizeof magic];
	uint64_t n;
	bool all;

	all = take(&text, name, sizeof name) &&
	      memcmp(name, magic, sizeof magic) == 0 &&
	      take(&text, c, sizeof *c) && take(&text, &n, sizeof n);
	for (; all && n > 0; n--)
		all = take_mark(&text, dir, marks);
	while (all && text.n > 0)
		all = take_object(&text, open);
	return all;
}

bool
counted_load(
    const char *dir, struct counted *c, struct table *marks, struct table *open)
{
	struct buf path = { 0 }, b = { 0 };
	struct span text = { NULL, 0 };
	uint32_t crc;
	bool all;

	all = load_at_most(job_path(&path, dir, "counted"), MOST, &b) == 0 &&
	      b.n >= sizeof crc;
	if (all) {
		text = (struct span){ b.p, b.n - sizeof crc };
		memcpy(&crc, b.p + text.n, sizeof crc);
		all = crc == crc32c(0, text.p, text.n);
	}
	all = all && take_all(text, dir, c, marks, open);
	if (!all) {
		table_free(marks);
		objects_free(open);
		memset(c, 0, sizeof *c);
	}
	buf_free(&path);
	buf_free(&b);
	return all;
}

static void
put_batches(struct buf *b, const struct batches *batches)
{
	if (batches->n > batches->from)
		buf_add(b, batches->p + batches->from,
		    (batches->n - batches->from) * sizeof *batches->p);
}

/* Adds the ranges, and returns how many. */
static uint64_t
put_ranges(struct buf *b, const struct ranges *r)
{
	struct range one = { 0, 0 };
	uint64_t n = 0;

	for (; ranges_next(r, one.to, &one); n++)
		buf_add(b, &one, sizeof one);
	return n;
}

static void
put_object(struct buf *b, const struct object *o)
{
	struct opened is = { .end = o->end,
		.known = o->known,
		.path = o->entry.key.n,
		.waiting = o->waiting.n - o->waiting.from,
		.failed = o->failed.n - o->failed.from,
		.last = o->last,
		.joined = o->joined };
	size_t at = b->n;

	buf_add(b, &is, sizeof is);
	buf_add(b, o->entry.key.p, o->entry.key.n);
	put_batches(b, &o->waiting);
	put_batches(b, &o->failed);
	is.answered = put_ranges(b, &o->answered);
	is.not_answered = put_ranges(b, &o->not_answered);
	memcpy(b->p + at, &is, sizeof is);
}

/* Adds all; false if a file is no longer what was counted. */
static bool
put_all(struct buf *b, const char *dir, const struct counted *c,
    const struct table *marks, const struct table *open)
{
	const struct object *o = NULL;
	const struct mark *mark = NULL;
	uint64_t n = 0;
	struct marked m;
	uint32_t crc;

	/* Of files that were empty, or not there, nothing is known. */
	while ((mark = table_next(marks, mark)) != NULL)
		n += mark->at > 0;
	buf_add(b, magic, sizeof magic);
	buf_add(b, c, sizeof *c);
	buf_add(b, &n, sizeof n);
	while ((mark = table_next(marks, mark)) != NULL) {
		if (mark->at == 0)
			continue;
		m = (struct marked){ .at = mark->at,
			.lines = mark->lines,
			.name = mark->entry.key.n };
		if (!look(dir, mark->entry.key.p, mark->at, &m))
			return false;
		buf_add(b, &m, sizeof m);
		buf_add(b, mark->entry.key.p, mark->entry.key.n);
	}
	while ((o = table_next(open, o)) != NULL)
		put_object(b, o);
	crc = crc32c(0, b->p, b->n);
	buf_add(b, &crc, sizeof crc);
	return b->n <= MOST;
}

/* A process that is killed here leaves its file to whoever has its number
 * next. */
void
counted_save(const char *dir, const struct counted *c,
    const struct table *marks, const struct table *open_objects)
{
	struct buf b = { 0 }, name = { 0 }, path = { 0 };
	int fd = -1, done = -1;

	buf_addf(&name, "%s/.counted.%ld", dir, (long)getpid());
	if (put_all(&b, dir, c, marks, open_objects))
		fd = open(buf_str(&name),
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd != -1) {
		done = fd_write(fd, b.p, b.n);
		if (close(fd) == -1 || done == -1 ||
		    rename(buf_str(&name), job_path(&path, dir, "counted")) ==
			-1)
			unlink(buf_str(&name));
	}
	buf_free(&b);
	buf_free(&name);
	buf_free(&path);
}
