/*
 * bt-s3put stores standard input, the output of a command or a folder's files
 * in S3.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/num.h"
#include "base/say.h"
#include "base/signals.h"
#include "base/start.h"
#include "s3/creds.h"
#include "s3/options.h"
#include "s3/put.h"
#include "s3/upload.h"
#include "s3/uri.h"

static const char synopsis[] =
    "usage: bt-s3put [--if-none-match | --look-first] [--content-type type]\n"
    "                [--kms-key-id id] [--part-size bytes] [s3-option ...]\n"
    "                uri [-- command ...]\n"
    "       bt-s3put --recursive [--if-none-match | --look-first]\n"
    "                [--content-type type] [--kms-key-id id]\n"
    "                [--part-size bytes] [s3-option ...] folder uri\n";

enum {
	RECURSIVE = 256,
	IF_NONE_MATCH,
	LOOK_FIRST,
	CONTENT_TYPE,
	KMS_KEY_ID,
	PART_SIZE,
	HELP,
	VERSION
};

static const struct option options[] = {
	{ "recursive", no_argument, NULL, RECURSIVE },
	{ "if-none-match", no_argument, NULL, IF_NONE_MATCH },
	{ "look-first", no_argument, NULL, LOOK_FIRST },
	{ "content-type", required_argument, NULL, CONTENT_TYPE },
	{ "kms-key-id", required_argument, NULL, KMS_KEY_ID },
	{ "part-size", required_argument, NULL, PART_SIZE },
	S3_LONG_OPTIONS,
	{ "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION },
	{ NULL, 0, NULL, 0 },
};

struct command {
	struct s3_options s3;
	struct s3_put_options put;
	bool recursive;
	const char *folder;
	char **child; /* NULL: standard input */
	const char *uri;
};

static struct s3_client *volatile client;
static volatile sig_atomic_t signalled;
static volatile pid_t feeder; /* the command, while it runs */
static sigset_t ending;	      /* the signals that end this */

static void
on_signal(int number)
{
	int error = errno;

	signalled = number;
	s3_client_stop(client);
	if (feeder > 0)
		kill(feeder, SIGTERM);
	errno = error;
}

_Noreturn static void
usage(FILE *f, int status)
{
	fputs(synopsis, f);
	if (status == 0)
		fputs(S3_HELP, f);
	exit(fflush(f) == EOF ? 1 : status);
}

/* docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
static uint64_t
part_size(const char *arg)
{
	const char *why;
	struct span s = { arg, strlen(arg) };
	uint64_t n = num_parse(s, S3_PUT_PART_LEAST, UINT64_C(5) << 30, &why);

	if (why != NULL)
		say_exit(2, "--part-size %s: %s", arg, why);
	return n;
}

static void
set_option(struct command *c, int option)
{
	if (s3_option(&c->s3, option, optarg))
		return;
	switch (option) {
	case RECURSIVE:
		c->recursive = true;
		break;
	case IF_NONE_MATCH:
		c->put.if_none_match = true;
		break;
	case LOOK_FIRST:
		c->put.if_none_match = c->put.look_is_enough = true;
		break;
	case CONTENT_TYPE:
		c->put.content_type = optarg;
		break;
	case KMS_KEY_ID:
		c->put.kms_key_id = optarg;
		break;
	case PART_SIZE:
		c->put.part_size = part_size(optarg);
		break;
	case HELP:
		usage(stdout, 0);
	case VERSION:
		puts("bt-s3put " BT_VERSION);
		exit(fflush(stdout) == EOF);
	default:
		usage(stderr, 2);
	}
}

/* getopt_long(3) would look for options in the command's words. */
static void
set_operands(struct command *c, int argc, char *argv[])
{
	int n = argc - optind;

	if (n < 1 || (c->recursive && n != 2))
		usage(stderr, 2);
	if (c->recursive)
		c->folder = argv[optind++];
	c->uri = argv[optind++];
	if (optind == argc)
		return;
	if (strcmp(argv[optind], "--") == 0)
		optind++;
	if (optind == argc)
		usage(stderr, 2);
	c->child = argv + optind;
}

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

/* 0 at the end of fd; -1, and why.  What feeds it may be silent for hours. */
static int
copy_all(int fd, struct s3_put *put, struct buf *why)
{
	ssize_t got;
	size_t n;
	void *room;

	for (;;) {
		if ((room = s3_put_room(put, &n, why)) == NULL)
			return -1;
		got = fd_await(fd, false, &ending, &signalled) == -1
			  ? -1
			  : read(fd, room, n);
		if (got == 0)
			return 0;
		if (got > 0)
			s3_put_filled(put, (size_t)got);
		else if (signalled || (errno != EINTR && errno != EAGAIN))
			break;
	}
	buf_adds(why, signalled ? "interrupted" : strerror(errno));
	return -1;
}

/* Starts the command; its standard output is the returned descriptor. */
static int
start_child(char *const *child, pid_t *pid)
{
	int fd[2];

	if (pipe(fd) == -1 || (*pid = fork()) == -1)
		say_errno_exit(1, "%s", child[0]);
	if (*pid == 0) {
		if (dup2(fd[1], STDOUT_FILENO) == -1)
			_exit(126);
		close(fd[0]);
		close(fd[1]);
		execvp(child[0], child);
		say_errno("%s", child[0]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	feeder = *pid;
	if (signalled)
		kill(*pid, SIGTERM);
	close(fd[1]);
	return fd[0];
}

/* 0 where it ended well; else -1, and why.  One that goes on though it was told
 * to end is left to itself. */
static int
end_child(const char *name, pid_t pid, struct buf *why)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR || signalled) {
			buf_adds(
			    why, signalled ? "interrupted" : strerror(errno));
			return -1;
		}
	feeder = 0;
	if (WIFSIGNALED(status))
		buf_addf(why, "%s: died of signal %d", name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		buf_addf(
		    why, "%s: ended with status %d", name, WEXITSTATUS(status));
	else
		return 0;
	return -1;
}

/* What feeds the object; a command that goes on writing is told by SIGPIPE. */
static int
feed(const struct command *c, struct s3_put *put, struct buf *why)
{
	struct buf also = { 0 };
	pid_t pid = 0;
	int fd = c->child == NULL ? STDIN_FILENO : start_child(c->child, &pid);
	int status = copy_all(fd, put, why);

	if (c->child == NULL)
		return status;
	close(fd);
	if (signalled)
		return -1;
	if (end_child(c->child[0], pid, &also) != 0 && status == 0) {
		buf_add(why, also.p, also.n);
		status = -1;
	}
	buf_free(&also);
	return status;
}

static int
store(const struct command *c, struct s3_conn *conn, const struct s3_uri *uri,
    struct buf *why)
{
	struct s3_put *put =
	    s3_put_new(client, conn, uri->bucket, uri->key, &c->put, why);
	struct buf left = { 0 };

	if (put == NULL)
		return -1;
	if (feed(c, put, why) == 0 && !signalled)
		return s3_put_commit(put, why);
	if (s3_put_abort(put, &left) != 0)
		buf_addf(why, "; %s", buf_str(&left));
	buf_free(&left);
	return -1;
}

static int
store_one(const struct command *c, const struct s3_uri *uri)
{
	struct s3_conn *conn = s3_conn_new(client);
	struct buf why = { 0 };
	int status = store(c, conn, uri, &why);

	if (status != 0)
		say("%s: %s", c->uri, buf_str(&why));
	buf_free(&why);
	s3_conn_free(conn);
	return status == 0 ? 0 : 1;
}

static void
start(struct command *c)
{
	struct s3_settings *settings;
	char *why = s3_settings_load(&c->s3, &settings);

	if (why != NULL)
		say_exit(1, "%s", why);
	c->put.connections = settings->connections;
	client = s3_client_new(settings);
	catch_signals();
}

static void
parse_uri(const struct command *c, struct s3_uri *uri)
{
	const char *why = s3_uri_parse(c->uri, uri);

	if (why == NULL && uri->key[0] == '\0' && !c->recursive)
		why = "no key";
	if (why != NULL)
		say_exit(2, "%s: %s", c->uri, why);
}

int
main(int argc, char *argv[])
{
	struct command c = { 0 };
	struct s3_uri uri;
	int option, status;

	start_tool();
	s3_creds_guard();
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		set_option(&c, option);
	set_operands(&c, argc, argv);
	parse_uri(&c, &uri);
	start(&c);
	status = c.recursive
		     ? s3_upload(client, &c.put, c.folder, uri.bucket, uri.key)
		     : store_one(&c, &uri);
	s3_client_free(client);
	s3_uri_free(&uri);
	if (signalled) {
		signal(signalled, SIG_DFL);
		raise(signalled);
	}
	return status;
}
