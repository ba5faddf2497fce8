/*
 * bt-s3cat writes objects of S3, and files, to standard output.
 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/say.h"
#include "base/signals.h"
#include "base/start.h"
#include "s3/creds.h"
#include "s3/folder.h"
#include "s3/fetch.h"
#include "s3/options.h"
#include "s3/plan.h"

static const char synopsis[] =
    "usage: bt-s3cat [--prefix | --manifest]\n"
    "                [-o folder [--overwrite | --no-clobber] [--names [-0]]]\n"
    "                [s3-option ...] object ...\n"
    "       bt-s3cat -l [-0] [--manifest] [s3-option ...] prefix ...\n";

enum {
	PREFIX = 256,
	MANIFEST,
	OVERWRITE,
	NO_CLOBBER,
	NAMES,
	HELP,
	VERSION,
	NO_LONG,
	NO_RANGE,
	NO_PROGRESS
};

enum { BLOCK = 1024 * 1024, LINES = 64 * 1024 };

static const struct option options[] = {
	{ "list", no_argument, NULL, 'l' },
	{ "null", no_argument, NULL, '0' },
	{ "prefix", no_argument, NULL, PREFIX },
	{ "manifest", no_argument, NULL, MANIFEST },
	{ "output", required_argument, NULL, 'o' },
	{ "overwrite", no_argument, NULL, OVERWRITE },
	{ "no-clobber", no_argument, NULL, NO_CLOBBER },
	{ "names", no_argument, NULL, NAMES },
	S3_LONG_OPTIONS,
	{ "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION },
	/* Other tools do what these did; scripts may have them still. */
	{ "gunzip", no_argument, NULL, 'z' },
	{ "long", no_argument, NULL, NO_LONG },
	{ "progress", no_argument, NULL, NO_PROGRESS },
	{ "range", required_argument, NULL, NO_RANGE },
	{ NULL, 0, NULL, 0 },
};

/* An object that was asked for, until it has come. */
struct asked {
	struct asked *next;
	char *name;	/* "s3://bucket/key", or a file's path */
	char *relative; /* for -o */
	bool remote;
	bool there; /* its file is, and is left alone */
};

struct cat {
	struct s3_options s3;
	enum s3_plan_kind kind;
	bool list, overwrite, no_clobber, names;
	char end; /* of a name that is printed */
	const char *folder;

	struct s3_client *client;
	struct s3_conn *conn;
	struct s3_plan *plan;
	struct s3_fetch *fetch;
	struct s3_folder *download;
	struct asked *first, **last;
	bool planned; /* all of it */
	int status;

	bool begun;	/* its file */
	bool failed;	/* nothing more of it is wanted */
	uint64_t bytes; /* of the object that comes */
};

static struct s3_client *volatile client;
static volatile sig_atomic_t signalled;
static sigset_t ending; /* the signals that end this tidily */

static void
on_signal(int number)
{
	signalled = number;
	s3_client_stop(client);
}

_Noreturn static void
usage(FILE *f, int status)
{
	fputs(synopsis, f);
	if (status == 0)
		fputs(S3_HELP, f);
	exit(fflush(f) == EOF ? 1 : status);
}

static void
set_option(struct cat *c, int option)
{
	if (s3_option(&c->s3, option, optarg))
		return;
	switch (option) {
	case 'l':
		c->list = true;
		break;
	case '0':
		c->end = '\0';
		break;
	case PREFIX:
		c->kind = S3_PLAN_PREFIXES;
		break;
	case MANIFEST:
		c->kind = S3_PLAN_MANIFESTS;
		break;
	case 'o':
		c->folder = optarg;
		break;
	case OVERWRITE:
		c->overwrite = true;
		break;
	case NO_CLOBBER:
		c->no_clobber = true;
		break;
	case NAMES:
		c->names = true;
		break;
	case HELP:
		usage(stdout, 0);
	case VERSION:
		puts("bt-s3cat " BT_VERSION);
		exit(fflush(stdout) == EOF);
	case 'z':
		say_exit(2, "-z: no longer an option: pipe into gunzip(1)");
	case NO_LONG:
		say_exit(2, "--long: no longer an option: "
			    "bt-s3cat -l | xargs -d '\\n' bt-split -t None "
			    "lists sizes and ETags");
	case NO_PROGRESS:
		say_exit(
		    2, "--progress: no longer an option: see bt-progress(1)");
	case NO_RANGE:
		say_exit(2, "--range: no longer an option: pipe into tail(1) "
			    "or head(1), or cut with bt-split(1)");
	default:
		usage(stderr, 2);
	}
}

static void
check_options(struct cat *c, int operands)
{
	if (operands == 0)
		usage(stderr, 2);
	if (!c->list && !c->names && c->end == '\0')
		say_exit(2, "-0: only with -l or --names");
	if (c->list && c->folder != NULL)
		say_exit(2, "-l: not with -o");
	if (c->folder == NULL && (c->overwrite || c->no_clobber || c->names))
		say_exit(2, "%s: only with -o",
		    c->overwrite    ? "--overwrite"
		    : c->no_clobber ? "--no-clobber"
				    : "--names");
	if (c->overwrite && c->no_clobber)
		say_exit(2, "--no-clobber: not with --overwrite");
	if (c->list && c->kind == S3_PLAN_OBJECTS)
		c->kind = S3_PLAN_PREFIXES;
}

/* What is under way in a folder has to be tidied up. */
static void
catch_signals(void)
{
	static const int list[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM,
		SIGXCPU };
	size_t i;

	sigemptyset(&ending);
	for (i = 0; i < sizeof list / sizeof list[0]; i++)
		if (signals_catch(list[i], on_signal))
			sigaddset(&ending, list[i]);
}

/* Nothing of a file under way is left: the signal ends the process. */
static void
end_by_signal(struct cat *c)
{
	s3_folder_free(c->download);
	signal(signalled, SIG_DFL);
	raise(signalled);
}

static void
start(struct cat *c, char *const *operands, size_t n)
{
	struct s3_settings *settings;
	char *why = s3_settings_load(&c->s3, &settings);

	if (why != NULL)
		say_exit(1, "%s", why);
	client = c->client = s3_client_new(settings);
	c->conn = s3_conn_new(c->client);
	c->plan = s3_plan_new(c->conn, c->kind, operands, n);
	c->fetch =
	    s3_fetch_new(c->client, settings->connections, S3_FETCH_PART);
	c->last = &c->first;
	if (c->folder == NULL)
		return;
	if ((c->download = s3_folder_new(c->folder, c->overwrite)) == NULL)
		say_errno_exit(1, "%s", c->folder);
	catch_signals();
}

static void
write_all(const void *data, size_t n)
{
	if (fd_write(STDOUT_FILENO, data, n) != 0)
		say_errno_exit(1, "standard output");
}

/* One line of a list. */
static int
print(const struct cat *c, const struct s3_planned *o, struct buf *lines)
{
	if (c->end == '\n' && strchr(o->name, '\n') != NULL) {
		say("%s: a newline in its name: list it with -0", o->name);
		return -1;
	}
	buf_adds(lines, o->name);
	buf_addc(lines, c->end);
	return 0;
}

static int
list(struct cat *c)
{
	struct s3_planned object;
	struct buf why = { 0 }, lines = { 0 };
	int status;

	while ((status = s3_plan_next(c->plan, &object, &why)) == 1) {
		c->status |= print(c, &object, &lines) != 0;
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
	return status < 0 ? 1 : c->status;
}

/* Asks for objects as long as the connections can be ahead. */
static void
plan_ahead(struct cat *c)
{
	struct s3_planned object;
	struct buf why = { 0 };
	struct asked *a;
	int status = 1;

	while (!c->planned && s3_fetch_hungry(c->fetch) &&
	       (status = s3_plan_next(c->plan, &object, &why)) == 1) {
		a = mem_alloc(sizeof *a);
		a->next = NULL;
		a->name = mem_dup(object.name, strlen(object.name));
		a->relative = mem_dup(object.relative, strlen(object.relative));
		a->remote = object.uri.bucket != NULL;
		a->there = c->no_clobber &&
			   s3_folder_has(c->download, object.relative);
		*c->last = a;
		c->last = &a->next;
		if (a->there)
			break;
		if (a->remote)
			s3_fetch_add(c->fetch, object.uri.bucket,
			    object.uri.key, object.size);
	}
	if (status < 0) {
		say("%s", buf_str(&why));
		c->status = 1;
	}
	c->planned |= status <= 0;
	buf_free(&why);
}

/* What is wrong with the object that comes; nothing more of it is wanted. */
static void
fail(struct cat *c, const struct asked *a, const char *why)
{
	if (!signalled)
		say("%s: %s", a->name, why);
	c->status = 1;
	c->failed = true;
	if (c->download != NULL)
		s3_folder_abort(c->download);
}

/* What --names cannot print is not written. */
static int
begin_file(struct cat *c, const struct asked *a)
{
	struct buf why = { 0 };
	int status = -1;

	if (c->names && c->end == '\n' && strchr(a->relative, '\n') != NULL)
		buf_adds(&why, "a newline in its name: --names needs -0");
	else
		status = s3_folder_begin(c->download, a->relative, &why);
	if (status != 0)
		fail(c, a, buf_str(&why));
	c->begun = status == 0;
	buf_free(&why);
	return status;
}

static void
put(struct cat *c, const struct asked *a, const char *p, size_t n)
{
	c->bytes += n;
	if (c->download == NULL)
		write_all(p, n);
	else if ((c->begun || begin_file(c, a) == 0) &&
		 s3_folder_write(c->download, p, n) != 0)
		fail(c, a, strerror(errno));
}

/* "a/" and nothing in it is what consoles make of a folder. */
static bool
is_folder(const struct cat *c, const struct asked *a)
{
	size_t n = strlen(a->relative);

	return c->bytes == 0 && (n == 0 || a->relative[n - 1] == '/');
}

/* The file is whole: who reads the names can go on with it.  Who reads none
 * must not keep a signal from ending this. */
static void
print_name(const struct cat *c, const struct asked *a)
{
	struct buf path = { 0 };
	size_t at, n;

	buf_adds(&path, c->folder);
	if (path.p[path.n - 1] != '/')
		buf_addc(&path, '/');
	buf_adds(&path, a->relative);
	buf_addc(&path, c->end);
	for (at = 0; at < path.n && !signalled; at += n) {
		n = path.n - at < PIPE_BUF ? path.n - at : PIPE_BUF;
		if (fd_await(STDOUT_FILENO, true, &ending, &signalled) == -1)
			n = 0;
		write_all(path.p + at, n);
	}
	buf_free(&path);
}

static void
finish(struct cat *c, const struct asked *a)
{
	if (c->failed || c->download == NULL || is_folder(c, a))
		return;
	if (!c->begun && begin_file(c, a) != 0)
		return;
	if (s3_folder_commit(c->download) != 0)
		fail(c, a, strerror(errno));
	else if (c->names)
		print_name(c, a);
}

static int
read_remote(struct cat *c, const struct asked *a)
{
	struct buf why = { 0 };
	struct span bytes;
	int status;

	while ((status = s3_fetch_next(c->fetch, &bytes, &why)) == 1 &&
	       !signalled && !c->failed)
		put(c, a, bytes.p, bytes.n);
	if (status < 0 && !c->failed)
		fail(c, a, buf_str(&why));
	else if (status == 1 && c->failed)
		s3_fetch_drop(c->fetch);
	buf_free(&why);
	return status < 0 ? -1 : 0;
}

static int
read_local(struct cat *c, const struct asked *a)
{
	int fd = strcmp(a->name, "-") == 0
		     ? dup(STDIN_FILENO)
		     : open(a->name, O_RDONLY | O_CLOEXEC);
	char *block = mem_alloc(BLOCK);
	ssize_t got = fd == -1 ? -1 : 1;

	while (got > 0 && !c->failed && !signalled) {
		got = fd_read(fd, block, BLOCK);
		if (got == -1 && errno == EINTR && !signalled)
			got = 1;
		else if (got > 0)
			put(c, a, block, (size_t)got);
	}
	if (got == -1)
		fail(c, a, strerror(errno));
	free(block);
	if (fd != -1)
		close(fd);
	return got == -1 ? -1 : 0;
}

static void
read_object(struct cat *c, const struct asked *a)
{
	int status;

	if (a->there) {
		if (c->names)
			print_name(c, a);
		return;
	}
	c->failed = c->begun = false;
	c->bytes = 0;
	status = a->remote ? read_remote(c, a) : read_local(c, a);
	if (status == 0 && !signalled)
		finish(c, a);
}

static void
free_first(struct cat *c)
{
	struct asked *a = c->first;

	if ((c->first = a->next) == NULL)
		c->last = &c->first;
	free(a->name);
	free(a->relative);
	free(a);
}

/* A stream with a hole in it is no use: it ends at the first failure.  Files
 * are each for itself. */
static int
cat(struct cat *c)
{
#ifdef F_SETPIPE_SZ
	/* Fewer turns between us and the reader, where it is granted. */
	if (c->folder == NULL)
		fcntl(STDOUT_FILENO, F_SETPIPE_SZ, BLOCK);
#endif
	for (plan_ahead(c); c->first != NULL; plan_ahead(c)) {
		read_object(c, c->first);
		free_first(c);
		if (signalled || (c->status != 0 && c->download == NULL))
			break;
	}
	return c->status;
}

static void
free_all(struct cat *c)
{
	while (c->first != NULL)
		free_first(c);
	s3_fetch_free(c->fetch);
	s3_plan_free(c->plan);
	s3_conn_free(c->conn);
	s3_client_free(c->client);
	s3_folder_free(c->download);
}

int
main(int argc, char *argv[])
{
	struct cat c = { .end = '\n' };
	int option, status;

	start_tool();
	s3_creds_guard();
	while ((option = getopt_long(argc, argv, "0lo:z", options, NULL)) != -1)
		set_option(&c, option);
	check_options(&c, argc - optind);
	start(&c, argv + optind, (size_t)(argc - optind));
	status = c.list ? list(&c) : cat(&c);
	if (signalled)
		end_by_signal(&c);
	free_all(&c);
	return status;
}
