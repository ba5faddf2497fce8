#include "join/errors.h"

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/say.h"
#include "base/utf8.h"
#include "format/json.h"
#include "format/type.h"
#include "io/out.h"
#include "join/kind.h"
#include "join/lines.h"

enum { BLOCK = 64 << 10 };

/* The beginning of each line. */
static const char beginning[] = "{\"object\":\"";

struct errors {
	const char *path;
	struct out *out;
	struct stat before; /* st_ino 0: nothing was there */
	bool direct;	    /* not a regular file: written at once */
	struct buf lines;   /* not written yet */
};

struct failure {
	struct span path, error, status, batch;
};

/* Whether errors_commit made it, or it is empty. */
static bool
is_ours(const char *path)
{
	char text[sizeof beginning - 1];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		say_errno_exit(1, "%s", path);
	n = fd_read(fd, text, sizeof text);
	close(fd);
	return n == 0 || (n == (ssize_t)sizeof text &&
			     memcmp(text, beginning, sizeof text) == 0);
}

struct errors *
errors_new(const char *path)
{
	struct errors *e = mem_alloc(sizeof *e);
	struct stat st;
	int fd;

	memset(e, 0, sizeof *e);
	e->path = path;
	if (lstat(path, &e->before) == -1)
		e->before.st_ino = 0;
	else
		e->direct = !S_ISREG(e->before.st_mode);
	if (e->before.st_ino != 0 && !e->direct && !is_ours(path))
		say_exit(1,
		    "%s: it exists and does not come from --errors: "
		    "give --errors another name",
		    path);
	if (!e->direct) {
		e->out = out_new(path);
	} else {
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			say_exit(1,
			    "%s: it is a link to a file: "
			    "give the name of the file itself",
			    path);
		fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
		e->out = fd == -1 ? NULL : out_fd(fd);
	}
	if (e->out == NULL)
		say_errno_exit(1, "%s", path);
	return e;
}

static void
write_lines(struct errors *e)
{
	if (e->lines.n > 0 && out_write(e->out, e->lines.p, e->lines.n) == -1)
		say_errno_exit(1, "%s", e->path);
	e->lines.n = 0;
}

void
errors_flush(struct errors *e)
{
	if (e->direct)
		write_lines(e);
}

void
errors_commit(struct errors *e, const struct files *read)
{
	struct stat now;

	write_lines(e);
	if (!e->direct && files_have(read, e->path))
		say_exit(1, "%s: this run reads it: give --errors another name",
		    e->path);
	if (!e->direct && lstat(e->path, &now) == 0 &&
	    (now.st_ino != e->before.st_ino || now.st_dev != e->before.st_dev))
		say_exit(1,
		    "%s: another file has appeared there during the run",
		    e->path);
	if (out_commit(e->out) == -1)
		say_errno_exit(1, "%s", e->path);
	buf_free(&e->lines);
	free(e);
}

static void
add_utf8(struct buf *out, struct span text, bool encoded)
{
	size_t n;

	for (; text.n > 0; text.p += n, text.n -= n) {
		n = utf8_length(text);
		if (n > 0) {
			buf_add(out, text.p, n);
			continue;
		}
		if (encoded)
			buf_addf(out, "%%%02X", (unsigned char)*text.p);
		else
			buf_adds(out, "\357\277\275");
		n = 1;
	}
}

/* The length of "record 7 (byte 41)" at its start, which bt-predict puts there;
 * 0 if it does not begin so. */
static size_t
place_length(struct span error)
{
	const char *colon = memchr(error.p, ':', error.n);

	if (error.n <= 7 || (strncmp(error.p, "record ", 7) != 0 &&
				strncmp(error.p, "records", 7) != 0))
		return 0;
	return colon != NULL ? (size_t)(colon - error.p) : error.n;
}

void
errors_tell(struct buf *out, const struct result *res, bool said)
{
	static struct buf text;
	const struct ref *r = &res->ref;
	struct span error = decoded(&text, result_key(res, "error"));
	size_t n = place_length(error);

	if (said)
		buf_adds(out, "incomplete: ");
	add_utf8(out, (struct span){ error.p, n }, false);
	if (n == 0)
		buf_addf(out, "record%s %" PRIu64, r->count > 1 ? "s" : "",
		    r->first);
	if (n == 0 && r->count > 1)
		buf_addf(out, " to %" PRIu64, r->first + r->count - 1);
	if (said) {
		buf_adds(out, " failed");
		return;
	}
	if (n == 0)
		buf_adds(out, error.n > 0 ? ": " : ": the model failed");
	add_utf8(out, (struct span){ error.p + n, error.n - n }, false);
}

static void
add_quoted(struct buf *out, struct span text, bool encoded)
{
	static struct buf utf8;

	utf8.n = 0;
	add_utf8(&utf8, text, encoded);
	json_quote(out, buf_span(&utf8));
}

static void
add_line(struct errors *e, const struct failure *what, uint64_t record,
    uint64_t records, uint64_t offset, uint64_t length)
{
	struct buf *line = &e->lines;

	buf_add(line, beginning, sizeof beginning - 2);
	add_quoted(line, what->path, false);
	buf_addf(line, ",\"record\":%" PRIu64 ",", record);
	if (records != 1)
		buf_addf(line, "\"records\":%" PRIu64 ",", records);
	buf_addf(
	    line, "\"offset\":%" PRIu64 ",\"length\":%" PRIu64, offset, length);
	if (what->status.p != NULL) {
		buf_adds(line, ",\"status\":");
		add_quoted(line, what->status, false);
	}
	buf_adds(line, ",\"error\":");
	add_quoted(line, what->error, false);
	buf_adds(line, ",\"batch\":");
	add_quoted(line, what->batch, true);
	buf_adds(line, "}\n");
	if (line->n >= BLOCK)
		write_lines(e);
}

void
errors_add(struct errors *e, const struct result *res, enum type_kind kind,
    struct span path, struct span error, struct window *input)
{
	const struct ref *r = &res->ref;
	struct failure what = { path, error, result_key(res, "status"),
		res->text };
	uint64_t named = 0;
	struct lines l;
	struct span line;

	if (input != NULL && r->split == REF_LINE && r->count > 1) {
		lines_open(&l, input, r->offset, r->length, r->keeps_newlines,
		    type_skips_blank(kind));
		while (l.taken < r->count && lines_next(&l, &line))
			add_line(e, &what, r->first + l.taken - 1, 1,
			    lines_offset(&l, line), line.n);
		scan_free(&l.scan);
		named = l.taken;
	}
	if (named < r->count)
		add_line(e, &what, r->first + named, r->count - named,
		    r->offset, r->length);
}

void
errors_add_loss(struct errors *e, const struct result *res, struct span path,
    const struct loss *what)
{
	struct failure f = { path, buf_span(&what->why), span_str("join"),
		res->text };

	if (e != NULL)
		add_line(e, &f, res->ref.first + what->number, what->count,
		    what->offset, what->length);
}
