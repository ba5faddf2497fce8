#include "job/tally.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/fd.h"
#include "base/isotime.h"
#include "base/load.h"

enum {
	FEW = 1 << 20,	/* bytes of results that are soon counted */
	MOST = 1 << 20, /* bytes of a tally */
	OLD_MS = 2000,
	BUSY_MS = 25 /* of work for which a call is left out: a tenth */
};

/* The file is this, a struct tally as this machine has it, the objects that
 * have failed, a line each, and the CRC-32C of it all.  A version has a name.
 */
static const char magic[16] = "bt-tally 1";

static bool
look(const char *dir, const char *name, struct stat *st)
{
	struct buf path = { 0 };
	int done = stat(job_path(&path, dir, name), st);

	buf_free(&path);
	return done == 0;
}

/* How long the files are now. */
static struct tally
look_at_files(const char *dir)
{
	struct tally t = { .moment = isotime_now() };
	struct stat st;

	/* joined first: the objects in it have all their results. */
	if (look(dir, "joined", &st))
		t.joined = (uint64_t)st.st_size;
	if (look(dir, "results", &st)) {
		t.dev = (uint64_t)st.st_dev;
		t.ino = (uint64_t)st.st_ino;
		t.results = (uint64_t)st.st_size;
	}
	if (look(dir, "references", &st))
		t.references = (uint64_t)st.st_size;
	return t;
}

/* Sets joined to what may be read of it. */
static bool
is_current(const char *dir, struct tally *t)
{
	struct tally now = look_at_files(dir);

	if (now.dev != t->dev || now.ino != t->ino ||
	    now.results < t->results || now.references < t->references ||
	    now.joined < t->joined)
		return false;
	if (now.results == t->results && now.references == t->references) {
		t->joined = now.joined;
		return true;
	}
	return t->moment <= now.moment && now.moment - t->moment <= OLD_MS;
}

bool
tally_load(const char *dir, struct tally *t, struct table *failed)
{
	struct buf path = { 0 }, b = { 0 };
	size_t head = sizeof magic + sizeof *t;
	const char *at, *end, *nl;
	uint32_t crc = 0;
	bool is;

	is = load_at_most(job_path(&path, dir, "tally"), MOST, &b) == 0 &&
	     b.n >= head + sizeof crc && memcmp(b.p, magic, sizeof magic) == 0;
	if (is) {
		b.n -= sizeof crc;
		memcpy(&crc, b.p + b.n, sizeof crc);
		memcpy(t, b.p + sizeof magic, sizeof *t);
		is = crc == crc32c(0, b.p, b.n) && is_current(dir, t);
	}
	if (is) {
		end = b.p + b.n;
		for (at = b.p + head;
		     (nl = memchr(at, '\n', (size_t)(end - at))) != NULL;
		     at = nl + 1)
			table_get(failed,
			    (struct span){ at, (size_t)(nl - at) },
			    sizeof(struct object));
	}
	buf_free(&path);
	buf_free(&b);
	return is;
}

void
tally_begin(struct tally_writer *w, const char *dir)
{
	struct buf path = { 0 };

	memset(w, 0, sizeof *w);
	w->dir = dir;
	w->counter = counter_new(dir);
	unlink(job_path(&path, dir, "tally"));
	buf_free(&path);
}

static void
replace(const char *dir, const struct buf *b)
{
	struct buf new = { 0 }, path = { 0 };
	int fd = open(job_path(&new, dir, ".tally.new"),
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool done = fd != -1 && fd_write(fd, b->p, b->n) == 0;

	if (fd != -1 &&
	    (close(fd) == -1 || !done ||
		rename(buf_str(&new), job_path(&path, dir, "tally")) == -1))
		unlink(buf_str(&new));
	buf_free(&new);
	buf_free(&path);
}

/*
 * results may hold more than was counted, if bt-join, which reads the lines
 * after us, is slow.  The tally is then that of the last time at which it held
 * no more.  False if none is known.
 */
static bool
find_moment(struct tally_writer *w, const struct tally *now, struct tally *t)
{
	uint64_t counted = t->results;
	bool is;

	*t = now->results <= counted ? *now : w->seen;
	is = t->moment != 0 && t->results <= counted;
	if (is || w->seen.moment == 0)
		w->seen = *now;
	t->results = counted;
	return is;
}

void
tally_write(struct tally_writer *w, uint64_t results, bool end)
{
	struct buf b = { 0 }, failed = { 0 };
	struct tally now, t = { .results = results };
	int64_t took;
	uint32_t crc;

	if (results < FEW || (!end && w->pause > 0 && w->pause--))
		return;
	now = look_at_files(w->dir);
	if (results == w->last.results && now.references == w->last.references)
		return;
	if (find_moment(w, &now, &t) &&
	    counter_tally(w->counter, &t, &failed)) {
		buf_add(&b, magic, sizeof magic);
		buf_add(&b, &t, sizeof t);
		buf_add(&b, failed.p, failed.n);
		crc = crc32c(0, b.p, b.n);
		buf_add(&b, &crc, sizeof crc);
		if (b.n <= MOST)
			replace(w->dir, &b);
		w->last = t;
	}
	took = isotime_now() - now.moment;
	w->pause = took > 0 ? (unsigned)(took / BUSY_MS) : 0;
	buf_free(&b);
	buf_free(&failed);
}
