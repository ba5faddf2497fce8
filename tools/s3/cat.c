#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "s3/cat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/say.h"
#include "s3/ending.h"
#include "s3/fetch.h"
#include "s3/folder.h"

enum { BLOCK = 1024 * 1024, LINES = 64 * 1024 };

/* An object that was asked for, until it has come. */
struct object {
	struct object *next;
	char *name;	/* "s3://bucket/key", or a file's path */
	char *relative; /* its path in the folder */
	bool remote;
	bool there;  /* no_clobber: its file is there, and stays */
	bool begun;  /* its file */
	bool failed; /* the rest of it is dropped */
	uint64_t bytes;
};

struct cat {
	const struct s3_cat_options *options;
	struct s3_plan *plan;
	struct s3_fetch *fetch;
	struct s3_folder *folder; /* NULL: standard output */
	struct object *first, **last;
	bool planned; /* the plan has no more */
	int status;
};

static void
write_all(const void *data, size_t n)
{
	if (fd_write(STDOUT_FILENO, data, n) != 0)
		say_errno_exit(1, "standard output");
}

/* Asks for objects as long as the connections can be ahead. */
static void
plan_ahead(struct cat *c)
{
	struct s3_planned next;
	struct buf why = { 0 };
	struct object *o;
	int status = 1;

	while (!c->planned && s3_fetch_hungry(c->fetch) &&
	       (status = s3_plan_next(c->plan, &next, &why)) == 1) {
		o = mem_alloc(sizeof *o);
		memset(o, 0, sizeof *o);
		o->name = mem_str(next.name);
		o->relative = mem_str(next.relative);
		o->remote = next.uri.bucket != NULL;
		o->there = c->options->no_clobber &&
			   s3_folder_has(c->folder, next.relative);
		*c->last = o;
		c->last = &o->next;
		if (o->there)
			break;
		if (o->remote)
			s3_fetch_add(
			    c->fetch, next.uri.bucket, next.uri.key, next.size);
	}
	if (status < 0) {
		say("%s", buf_str(&why));
		c->status = 1;
	}
	c->planned |= status <= 0;
	buf_free(&why);
}

static void
fail(struct cat *c, struct object *o, const char *why)
{
	if (!s3_ending())
		say("%s: %s", o->name, why);
	c->status = 1;
	o->failed = true;
	if (c->folder != NULL)
		s3_folder_abort(c->folder);
}

/* A file whose name cannot be printed is not written. */
static int
begin_file(struct cat *c, struct object *o)
{
	struct buf why = { 0 };
	int status = -1;

	if (c->options->names && c->options->end == '\n' &&
	    strchr(o->relative, '\n') != NULL)
		buf_adds(&why, "a newline in its name: --names needs -0");
	else
		status = s3_folder_begin(c->folder, o->relative, &why);
	if (status != 0)
		fail(c, o, buf_str(&why));
	o->begun = status == 0;
	buf_free(&why);
	return status;
}

static void
write_bytes(struct cat *c, struct object *o, const char *p, size_t n)
{
	o->bytes += n;
	if (c->folder == NULL)
		write_all(p, n);
	else if ((o->begun || begin_file(c, o) == 0) &&
		 s3_folder_write(c->folder, p, n) != 0)
		fail(c, o, strerror(errno));
}

static void
read_remote(struct cat *c, struct object *o)
{
	struct buf why = { 0 };
	struct span bytes;
	int status;

	while ((status = s3_fetch_next(c->fetch, &bytes, &why)) == 1 &&
	       !s3_ending() && !o->failed)
		write_bytes(c, o, bytes.p, bytes.n);
	if (status < 0 && !o->failed)
		fail(c, o, buf_str(&why));
	else if (status == 1 && o->failed)
		s3_fetch_drop(c->fetch);
	buf_free(&why);
}

static void
read_local(struct cat *c, struct object *o)
{
	int fd = strcmp(o->name, "-") == 0
		     ? dup(STDIN_FILENO)
		     : open(o->name, O_RDONLY | O_CLOEXEC);
	char *block = mem_alloc(BLOCK);
	ssize_t got = fd == -1 ? -1 : 1;

	while (got > 0 && !o->failed && !s3_ending()) {
		got = fd_read(fd, block, BLOCK);
		if (got == -1 && errno == EINTR && !s3_ending())
			got = 1;
		else if (got > 0)
			write_bytes(c, o, block, (size_t)got);
	}
	if (got == -1)
		fail(c, o, strerror(errno));
	free(block);
	if (fd != -1)
		close(fd);
}

/* The file is whole, so that its reader can begin.  If nothing reads the names,
 * a signal still ends this. */
static void
print_name(const struct cat *c, const struct object *o)
{
	struct buf path = { 0 };
	size_t at, n;

	buf_adds(&path, c->options->folder);
	if (path.p[path.n - 1] != '/')
		buf_addc(&path, '/');
	buf_adds(&path, o->relative);
	buf_addc(&path, c->options->end);
	for (at = 0; at < path.n && !s3_ending(); at += n) {
		n = path.n - at < PIPE_BUF ? path.n - at : PIPE_BUF;
		if (s3_ending_await(STDOUT_FILENO, true) == -1)
			n = 0;
		write_all(path.p + at, n);
	}
	buf_free(&path);
}

static void
copy_object(struct cat *c, struct object *o)
{
	size_t n = strlen(o->relative);

	if (o->there) {
		if (c->options->names)
			print_name(c, o);
		return;
	}
	if (o->remote)
		read_remote(c, o);
	else
		read_local(c, o);
	if (c->folder == NULL || o->failed || s3_ending())
		return;
	/* Consoles make an empty object "a/" for a folder. */
	if (o->bytes == 0 && (n == 0 || o->relative[n - 1] == '/'))
		return;
	if (!o->begun && begin_file(c, o) != 0)
		return;
	if (s3_folder_commit(c->folder) != 0)
		fail(c, o, strerror(errno));
	else if (c->options->names)
		print_name(c, o);
}

static void
free_first(struct cat *c)
{
	struct object *o = c->first;

	if ((c->first = o->next) == NULL)
		c->last = &c->first;
	free(o->name);
	free(o->relative);
	free(o);
}

int
s3_cat(struct s3_client *client, const struct s3_cat_options *options,
    char *const *operands, size_t n)
{
	struct s3_conn *conn = s3_conn_new(client);
	struct cat c = { .options = options,
		.plan = s3_plan_new(conn, options->kind, operands, n),
		.fetch = s3_fetch_new(client,
		    s3_client_settings(client)->connections, S3_FETCH_PART),
		.last = &c.first };

	if (options->folder != NULL &&
	    (c.folder = s3_folder_new(options->folder, options->overwrite)) ==
		NULL)
		say_errno_exit(1, "%s", options->folder);
#ifdef F_SETPIPE_SZ
	/* Fewer turns between us and the reader, if the system allows it. */
	if (options->folder == NULL)
		fcntl(STDOUT_FILENO, F_SETPIPE_SZ, BLOCK);
#endif
	for (plan_ahead(&c); c.first != NULL; plan_ahead(&c)) {
		copy_object(&c, c.first);
		free_first(&c);
		if (s3_ending() || (c.status != 0 && c.folder == NULL))
			break;
	}
	s3_folder_free(c.folder);
	s3_ending_end();
	while (c.first != NULL)
		free_first(&c);
	s3_fetch_free(c.fetch);
	s3_plan_free(c.plan);
	s3_conn_free(conn);
	return c.status;
}

int
s3_cat_list(struct s3_client *client, const struct s3_cat_options *options,
    char *const *operands, size_t n)
{
	struct s3_conn *conn = s3_conn_new(client);
	struct s3_plan *plan = s3_plan_new(conn, options->kind, operands, n);
	struct buf why = { 0 }, lines = { 0 };
	struct s3_planned object;
	int status, bad = 0;

	while ((status = s3_plan_next(plan, &object, &why)) == 1) {
		if (options->end == '\n' && strchr(object.name, '\n') != NULL) {
			say("%s: a newline in its name: list it with -0",
			    object.name);
			bad = 1;
			continue;
		}
		buf_adds(&lines, object.name);
		buf_addc(&lines, options->end);
		if (lines.n >= LINES) {
			write_all(lines.p, lines.n);
			lines.n = 0;
		}
	}
	write_all(lines.p, lines.n);
	if (status < 0)
		say("%s", buf_str(&why));
	buf_free(&why);
	buf_free(&lines);
	s3_plan_free(plan);
	s3_conn_free(conn);
	return status < 0 ? 1 : bad;
}
