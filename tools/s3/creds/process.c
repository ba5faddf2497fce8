#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "s3/creds/find.h"
#include "s3/creds/secret.h"
#include "s3/words.h"

extern char **environ;

enum { BLOCK = 4096, OUTPUT_MAX = 1024 * 1024 };

/* TIME_LIMIT, in seconds, is that of AWS's SDK for Go; the others are
 * milliseconds, and their number. */
enum { TIME_LIMIT = 60, NAP = 100, FINISH_NAP = 10, KILL_NAPS = 100 };

struct running {
	const struct finding *f;
	pid_t pid;
	bool own_group;
	long long until; /* in tenths */
	bool stopped, late;
};

/* The command gets no standard input, because that is the tool's data; its
 * standard error is shown.  Away from a terminal it gets its own process group,
 * so that its children can be killed with it.  0, or errno. */
static int
start(struct running *r, char **words, const int pipes[2])
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, pipe_only;
	int tty = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC), error;

	/* The terminal's foreground process gets Ctrl-C and may read the
	 * terminal: if this is it, so may the command, which may ask for a code
	 * there. */
	r->own_group = tty == -1 || tcgetpgrp(tty) != getpgrp();
	if (tty != -1)
		close(tty);

	sigemptyset(&none);
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, pipes[1], STDOUT_FILENO);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(
	    &how, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
			  (r->own_group ? POSIX_SPAWN_SETPGROUP : 0)));
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &pipe_only);
	error = posix_spawnp(&r->pid, words[0], &files, &how, words, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return error;
}

/* Tenths of a second since some time. */
static long long
tenths(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 10 + t.tv_nsec / 100000000;
}

/* Whether a command's time is up. */
static bool
is_over(struct running *r)
{
	r->stopped = creds_stopped(r->f);
	r->late = tenths() >= r->until;
	return r->stopped || r->late;
}

/* 0 at the end of its output, or when its time is over; or errno. */
static int
read_all(struct running *r, int fd, struct buf *out)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t got = -1;

	/* Reserved at once: a buffer that grows leaves copies in freed
	 * memory. */
	buf_room(out, OUTPUT_MAX + BLOCK);
	while (out->n < OUTPUT_MAX && !is_over(r)) {
		int ready = poll(&p, 1, NAP);

		if (ready == 0 || (ready == -1 && errno == EINTR))
			continue;
		if (ready == 1)
			got = read(fd, out->p + out->n, BLOCK);
		if (got == 0)
			break;
		if (got > 0)
			out->n += (size_t)got;
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

static void
send_signal(const struct running *r, int signal)
{
	kill(r->own_group ? -r->pid : r->pid, signal);
}

/* Its status, or -1.  When its time is over it is killed, after one second
 * to end by itself. */
static int
finish(struct running *r)
{
	int status = -1, naps = 0;
	bool ended = false;
	pid_t got;

	while ((got = waitpid(r->pid, &status, WNOHANG)) == 0 ||
	       (got == -1 && errno == EINTR)) {
		if (!ended && (r->stopped || r->late || is_over(r))) {
			ended = true;
			send_signal(r, SIGTERM);
			send_signal(r, SIGCONT);
		} else if (ended && ++naps == KILL_NAPS) {
			send_signal(r, SIGKILL);
		}
		poll(NULL, 0, FINISH_NAP);
	}
	/* Its children. */
	if (r->own_group && (r->stopped || r->late))
		send_signal(r, SIGKILL);
	return got == -1 ? -1 : status;
}

static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM };

enum { SIGNALS = sizeof ending / sizeof ending[0] };

/* The running command; there is one at a time. */
static struct running *volatile current;

static void
on_signal(int number)
{
	const struct running *r = current;
	struct running stopping;

	if (r != NULL && r->pid > 0) {
		stopping = *r;
		stopping.stopped = true;
		finish(&stopping);
	}
	signal(number, SIG_DFL);
	raise(number);
}

/* Its output and status; or errno. */
static int
run(struct running *r, char **words, struct buf *out, int *status)
{
	struct sigaction act = { .sa_handler = on_signal }, before[SIGNALS];
	int pipes[2], error, failed = 0, i;

	if (pipe(pipes) == -1)
		return errno;
	fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	r->until = tenths() + TIME_LIMIT * 10;
	/* Signals that would end the tool at once end the command first. */
	sigfillset(&act.sa_mask);
	current = r;
	for (i = 0; i < SIGNALS; i++)
		if (sigaction(ending[i], NULL, &before[i]) == 0 &&
		    before[i].sa_handler == SIG_DFL)
			sigaction(ending[i], &act, NULL);
	error = start(r, words, pipes);
	close(pipes[1]);
	if (error == 0)
		failed = read_all(r, pipes[0], out);
	close(pipes[0]);
	if (error == 0)
		*status = finish(r);
	for (i = 0; i < SIGNALS; i++)
		if (before[i].sa_handler == SIG_DFL)
			sigaction(ending[i], &before[i], NULL);
	current = NULL;
	return error != 0 ? error : failed;
}

static enum found
judge(struct finding *f, const struct running *r, int error, int status,
    struct span out)
{
	if (error != 0)
		buf_adds(&f->why, strerror(error));
	else if (r->stopped)
		buf_adds(&f->why, "interrupted");
	else if (r->late)
		buf_addf(&f->why, "still running after %d seconds", TIME_LIMIT);
	else if (status == -1)
		buf_adds(&f->why, "its status is not known");
	else if (out.n >= OUTPUT_MAX)
		buf_adds(&f->why, "more than 1 MiB of output");
	else if (WIFSIGNALED(status))
		buf_addf(&f->why, "%s", strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		buf_addf(&f->why, "exit status %d", WEXITSTATUS(status));
	else
		return creds_from_json(f, out, "SessionToken", true);
	return FAILED;
}

/* No shell is involved, as in the AWS command line.  Messages only quote the
 * program's name: a password may follow. */
enum found
creds_from_process(struct finding *f)
{
	struct s3_line at;
	const char *line = creds_value(f, "credential_process", &at), *why;
	struct running r = { .f = f };
	struct buf out = { 0 };
	enum found found;
	char **words;
	int status = 0, error;

	if (line == NULL)
		return NOT_HERE;
	buf_addf(&f->why, "%s: line %zu: profile %s: credential_process",
	    at.path, at.line, f->profile);
	if ((words = words_split(line, &why)) == NULL) {
		buf_addf(&f->why, ": %s", why);
		return FAILED;
	}
	buf_addf(&f->why, " %s: ", words[0]);
	error = run(&r, words, &out, &status);
	found = judge(f, &r, error, status, buf_span(&out));
	secret_buf_free(&out);
	free(words);
	return found;
}
