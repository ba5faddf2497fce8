#include "split/input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/say.h"
#include "io/remote.h"
#include "split/command.h"
#include "split/names.h"
#include "split/spool_path.h"

/* Bytes that are read from a pipe, and had one way of a file, at a time;
 * windows after which the better way is known. */
enum { PACKED = 65536, WINDOW = 4 << 20, TRIALS = 6 };

/* See mem_alloc: the bytes before a step must not move it to a slow place. */
enum { LINE = 64 };

static int
open_spool(struct input *in, const struct split *sp, const char *name)
{
	static struct table taken;
	const char *why;

	if (sp->spool == NULL) {
		say("%s: %s: add -o FILE to keep it in a file", in->name,
		    in->gunzip != NULL
			? "references cannot name compressed bytes"
			: "it can be read only once");
		return 2;
	}
	in->spooled = spool_path(sp, name, &why);
	if (in->spooled == NULL) {
		say("-o %s: %s: %s", sp->spool, in->name, why);
		return 2;
	}
	/* References to that one must not come to name this one's bytes. */
	if (!names_is_new(&taken, in->spooled)) {
		say("%s: an earlier input is kept in %s already", in->name,
		    in->spooled);
		return 2;
	}
	in->spool = spool_new(in->spooled, sp->overwrite, names_is_input);
	if (in->spool != NULL)
		return 0;
	if (errno == EEXIST)
		say("%s: %s: %s", in->name, in->spooled,
		    sp->overwrite
			? "it is an input, which the spool would overwrite"
			: "it exists; remove it, or use --overwrite");
	else if (errno == EINVAL || errno == ELOOP || errno == ENXIO)
		say("%s: %s: it is not a regular file", in->name, in->spooled);
	else
		say_errno("%s: %s", in->name, in->spooled);
	return 1;
}

/* Where a step is read to: as far into a LINE as it is in the file. */
static char *
step_place(const struct input *in)
{
	char *least = in->memory + INPUT_BEFORE;

	return least + (in->at - (uintptr_t)least) % LINE;
}

/* The next step of a file.  With its last bytes it asks for the one after them:
 * there is none if the file is no longer than it said. */
static ptrdiff_t
read_step(struct input *in, char *p)
{
	size_t n = in->step > INPUT_FIRST ? in->step : INPUT_FIRST;
	ptrdiff_t got;
	bool last;

	if (in->at > 0 || in->part != NULL)
		n = in->step;
	if (n > in->end - in->at)
		n = (size_t)(in->end - in->at);
	last = n == in->end - in->at && in->part == NULL &&
	       !source_is_remote(in->source);
	if (!last || in->passed)
		return source_read(in->source, p, n, in->at);
	got = source_read_some(in->source, p, n > 0 ? n : 1, n + 1, in->at);
	in->passed = got != -1;
	in->longer = got > (ptrdiff_t)n;
	return in->longer ? (ptrdiff_t)n : got;
}

static bool
is_packed(
    struct input *in, const struct split *sp, const char *name, bool sniff)
{
	char head[INPUT_FIRST];
	ptrdiff_t n;

	if (sp->compression != SPLIT_GUESS)
		return sp->compression == SPLIT_GZIP;
	if (name != NULL && spool_is_packed(name))
		return true;
	if (!sniff)
		return false;
	if (in->packed != NULL)
		return gunzip_magic(in->rest.p, in->rest.n);
	if (!source_is_remote(in->source)) {
		n = read_step(in, step_place(in));
		in->begun = n != -1;
		in->got = in->begun ? (size_t)n : 0;
		return gunzip_magic(step_place(in), in->got);
	}
	n = source_read(in->source, head, sizeof head, 0);
	return n > 0 && gunzip_magic(head, (size_t)n);
}

static int
open_part(struct input *in, const struct ref *part)
{
	in->part = part;
	in->at = part->offset;
	in->end = part->offset + part->length;
	in->end_known = true;
	if (!source_seekable(in->source)) {
		say("%s: not a file", in->name);
		return 1;
	}
	if (in->end > source_size(in->source)) {
		say("%s: bytes %" PRIu64 "+%" PRIu64 ", but it has %" PRIu64,
		    in->name, part->offset, part->length,
		    source_size(in->source));
		return 1;
	}
	return 0;
}

/* The next bytes of what cannot be read again.  At the end of a command's, the
 * command must have ended well. */
static ptrdiff_t
next_bytes(struct input *in, char *p, size_t n)
{
	ptrdiff_t got;

	/* A terminal would go on after its end. */
	if (in->ended)
		return 0;
	got = source_next(in->source, p, n);
	if (got == -1)
		say("%s: %s", in->name, remote_error());
	in->ended = got == 0;
	if (!in->ended || !in->command)
		return got;
	in->command = false;
	return command_finish();
}

static int
open_whole(
    struct input *in, const struct split *sp, const char *name, bool sniff)
{
	ptrdiff_t n = 1;
	size_t have = 0;

	if (name == NULL || !source_seekable(in->source)) {
		/* The first bytes of a pipe tell whether it is gzip data. */
		in->packed = mem_alloc(PACKED);
		while (n > 0 && have < INPUT_FIRST) {
			n = next_bytes(in, in->packed + have, PACKED - have);
			if (n == -1)
				return 1;
			have += (size_t)n;
		}
		in->rest = (struct span){ in->packed, have };
	}
	if (in->packed == NULL)
		in->end = source_first_size(in->source);
	if (is_packed(in, sp, name, sniff)) {
		in->gunzip = gunzip_new();
		if (in->gunzip == NULL) {
			say("%s: no memory to decompress it", in->name);
			return 1;
		}
		if (in->packed == NULL)
			in->packed = mem_alloc(PACKED);
	}
	if (in->packed != NULL)
		return in->spool != NULL ? 0 : open_spool(in, sp, name);
	in->end_known = true;
	return 0;
}

/* Its copy comes first: the command does not run if there can be none. */
static int
open_command(struct input *in, const struct split *sp)
{
	int fd, status = open_spool(in, sp, NULL);

	if (status != 0)
		return status;
	fd = command_start(sp->command, in->spooled);
	if (fd == -1)
		return 1;
	in->command = true;
	in->source = source_pipe(fd);
	return 0;
}

int
input_open(struct input *in, const struct split *sp, const char *name,
    const struct ref *part, bool sniff)
{
	bool command = name == NULL && sp->command != NULL;
	struct buf version = { 0 };
	int status;

	memset(in, 0, sizeof *in);
	in->name = command	  ? sp->command[0]
		   : name != NULL ? name
				  : "standard input";
	if (sp->overwrite)
		names_input(name);
	if (command && (status = open_command(in, sp)) != 0)
		return status;
	if (name == NULL && !command && isatty(STDIN_FILENO)) {
		if (sp->spool == NULL)
			return open_spool(in, sp, NULL);
		say("reading an object from the terminal");
	}
	if (part != NULL)
		ref_decode(&version, part->etag);
	if (!command)
		in->source =
		    name == NULL ? source_stdin()
		    : part == NULL
			? source_open(name)
			: source_open_version(
			      name, version.n > 0 ? buf_str(&version) : NULL);
	buf_free(&version);
	if (in->source == NULL) {
		say("%s: %s", in->name, remote_error());
		return 1;
	}
	in->step = sp->step;
	in->memory =
	    mem_alloc(INPUT_BEFORE + LINE +
		      (in->step > INPUT_FIRST ? in->step : INPUT_FIRST));
	in->last = memset(in->memory, 0, INPUT_BEFORE);
	return part != NULL ? open_part(in, part)
			    : open_whole(in, sp, name, sniff);
}

static ptrdiff_t
bad_gzip(const struct input *in, const char *why)
{
	say("%s: byte %" PRIu64 " of the compressed data: %s", in->name,
	    gunzip_at(in->gunzip), why);
	return -1;
}

static ptrdiff_t
unpack(struct input *in, char *p, size_t n)
{
	const char *why;
	ptrdiff_t got;

	do {
		if (in->rest.n == 0) {
			got = next_bytes(in, in->packed, PACKED);
			if (got == -1)
				return -1;
			in->rest = (struct span){ in->packed, (size_t)got };
		}
		if (in->rest.n == 0)
			return gunzip_finish(in->gunzip, &why) == -1
				   ? bad_gzip(in, why)
				   : 0;
		got = gunzip_read(in->gunzip, &in->rest, p, n, &why);
		if (got == -1)
			return bad_gzip(in, why);
	} while (got == 0);
	return got;
}

static ptrdiff_t
pass(struct input *in, char *p, size_t n)
{
	if (in->rest.n == 0)
		return next_bytes(in, p, n);
	if (n > in->rest.n)
		n = in->rest.n;
	memcpy(p, in->rest.p, n);
	in->rest.p += n;
	in->rest.n -= n;
	return (ptrdiff_t)n;
}

/* The bytes are in the spool before they are cut: no reference may name bytes
 * that are not there. */
static ptrdiff_t
step_spooled(struct input *in, char *p)
{
	size_t have = 0, least = in->at == 0 ? INPUT_FIRST : 1;
	size_t n = in->step > least ? in->step : least;
	ptrdiff_t got;

	do {
		got = in->gunzip != NULL ? unpack(in, p + have, n - have)
					 : pass(in, p + have, n - have);
		if (got == -1)
			return -1;
		have += (size_t)got;
	} while (got > 0 && have < least);
	if (spool_write(in->spool, p, have) == -1) {
		say_errno("%s", in->spooled);
		return -1;
	}
	return (ptrdiff_t)have;
}

static ptrdiff_t
step_file(struct input *in, char *p)
{
	ptrdiff_t got = in->begun ? (ptrdiff_t)in->got : read_step(in, p);

	in->begun = false;
	if (got == -1)
		say("%s: %s", in->name, remote_error());
	return got;
}

/*
 * Whether files are mapped: by the machine, that takes less work than to read
 * them, or more.  So the first windows are had both ways.
 */
static struct {
	unsigned windows;
	uint64_t least[2]; /* nanoseconds of work: read, mapped */
} trial;

/* The nanoseconds that this process has worked for. */
static uint64_t
worked(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The last window of the file is behind us. */
static void
window_tried(const struct input *in)
{
	bool mapped = in->window.p != NULL;
	uint64_t took = worked() - in->window_began;

	if (trial.least[mapped] == 0 || took < trial.least[mapped])
		trial.least[mapped] = took;
	trial.windows++;
}

static bool
window_is_mapped(void)
{
	return trial.windows < TRIALS ? trial.windows % 2 == 1
				      : trial.least[1] < trial.least[0];
}

/* The window that begins at the next byte. */
static void
next_window(struct input *in)
{
	uint64_t left = in->end - in->at;

	if (left > WINDOW)
		left = WINDOW;
	if (in->window_began > 0)
		window_tried(in);
	in->window = (struct span){ NULL, INPUT_BEFORE + (size_t)left };
	in->window_end = in->at + left;
	if (window_is_mapped())
		in->window.p =
		    source_map(in->source, in->window.n, in->at - INPUT_BEFORE);
	in->window_began =
	    trial.windows < TRIALS && left == WINDOW ? worked() : 0;
}

/*
 * A mapped window has the bytes before each step too.  A file that is written
 * to meanwhile is found out at the end.
 */
static bool
step_mapped(struct input *in, const char **p, size_t *n)
{
	uint64_t left;

	if (in->spool != NULL || source_is_remote(in->source) ||
	    in->got < INPUT_BEFORE || in->at == in->end)
		return false;
	if (in->at >= in->window_end)
		next_window(in);
	if (in->window.p == NULL)
		return false;
	left = in->window_end - in->at;
	*n = left > in->step ? in->step : (size_t)left;
	*p = in->window.p + in->window.n - left;
	return true;
}

ptrdiff_t
input_step(struct input *in, const char **p)
{
	char *into = step_place(in);
	ptrdiff_t got;

	/* While the window that they are in is there. */
	memmove(into - INPUT_BEFORE, in->last, INPUT_BEFORE);
	if (!step_mapped(in, p, &in->got)) {
		*p = into;
		got = in->spool != NULL ? step_spooled(in, into)
					: step_file(in, into);
		if (got == -1)
			return -1;
		in->got = (size_t)got;
	}
	in->last = *p + in->got - INPUT_BEFORE;
	in->at += in->got;
	if (in->part != NULL && in->part->has_crc32c)
		in->crc = crc32c(in->crc, *p, in->got);
	return (ptrdiff_t)in->got;
}

static int
finish_spool(struct input *in, bool whole)
{
	struct spool *spool = in->spool;

	in->spool = NULL;
	if (spool_close(spool, whole) == 0)
		return 0;
	say_errno("%s", in->spooled);
	return -1;
}

int
input_finish(struct input *in)
{
	const struct ref *part = in->part;
	uint64_t size;
	bool changed;
	char byte;

	if (in->spool != NULL)
		return finish_spool(in, true);
	changed = source_changed(in->source, &size);
	/* It must have ended where its end was at first, and not have changed.
	 */
	if (size < in->end || in->at < in->end)
		say("%s: it ended at byte %" PRIu64 " of %" PRIu64
		    " while it was read",
		    in->name, size < in->end ? size : in->at, in->end);
	else if (part == NULL &&
		 (in->longer || (!in->passed && source_read(in->source, &byte,
						    1, in->end) > 0)))
		say("%s: it is longer than the %" PRIu64
		    " bytes that it had at first",
		    in->name, in->end);
	else if (source_shrank(in->source))
		say("%s: bytes of it were lost while it was read", in->name);
	else if (changed)
		say("%s: it was written to while it was read", in->name);
	else if (part != NULL && part->has_crc32c && in->crc != part->crc32c)
		say("%s: bytes %" PRIu64 "+%" PRIu64
		    ": crc32c %08x, not %08x: not what the reference was made "
		    "of",
		    in->name, part->offset, part->length, in->crc,
		    part->crc32c);
	else
		return 0;
	return -1;
}

size_t
input_again(const struct input *in, char *p, size_t n, uint64_t at)
{
	struct source *s = in->source;
	ptrdiff_t got;

	if (in->spooled != NULL && (s = source_open(in->spooled)) == NULL)
		return 0;
	got = source_read(s, p, n, at);
	if (in->spooled != NULL)
		source_close(s);
	return got > 0 ? (size_t)got : 0;
}

const char *
input_etag(const struct input *in)
{
	return in->spooled != NULL ? NULL : source_etag(in->source);
}

void
input_close(struct input *in)
{
	if (in->source != NULL)
		source_close(in->source);
	/* If it still writes, SIGPIPE ends it. */
	if (in->command)
		command_drop();
	if (in->spool != NULL)
		finish_spool(in, false);
	gunzip_free(in->gunzip);
	free(in->spooled);
	free(in->memory);
	free(in->packed);
}
