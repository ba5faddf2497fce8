#include "plugins/python/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "bt_model.h"
#include "plugins/python/source.h"

/* How long after the end of file the child may end, in ms. */
enum { GRACE = 500 };

/* Answers the first frame, because there is no interpreter to do so. */
static _Noreturn void
refuse(struct child *c, int fd)
{
	struct buf why = { 0 };

	buf_addf(&why, "%s: %s; BT_PYTHON names the interpreter", c->program,
	    strerror(errno));
	if (c->shares)
		shared_answer(&c->shared, fd, BT_MODEL_ERROR, buf_span(&why));
	else
		frame_answer(fd, BT_MODEL_ERROR, buf_span(&why));
	_exit(127);
}

/* The child becomes the interpreter: it reads requests, writes answers. */
static _Noreturn void
become(struct child *c, int requests, int answers, size_t size, pid_t parent)
{
	int ends[] = { requests, answers, c->shared.requests.fd,
		c->shared.answers.fd };
	int i, count = c->shares ? 4 : 2, null;
	char bytes[32], text[4][16];
	const char *argv[9] = { c->program, "-c", source_start, bytes };

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(1);
	snprintf(bytes, sizeof bytes, "%zu", size);
	for (i = 0; i < count; i++) {
		ends[i] = fcntl(ends[i], F_DUPFD, 3);
		if (ends[i] == -1)
			refuse(c, answers);
		snprintf(text[i], sizeof text[i], "%d", ends[i]);
		argv[4 + i] = text[i];
	}
	null = open("/dev/null", O_RDONLY);
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		refuse(c, ends[1]);
	if (null != STDIN_FILENO)
		close(null);
	execvp(c->program, (char *const *)argv);
	refuse(c, ends[1]);
}

static int
pipe_new(int fds[2])
{
	if (pipe(fds) == -1)
		return -1;
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
#ifdef F_SETPIPE_SZ
	fcntl(fds[1], F_SETPIPE_SZ, 1 << 20); /* faster, if granted */
#endif
	return 0;
}

static int
pipes_new(int requests[2], int answers[2])
{
	if (pipe_new(requests) == -1)
		return -1;
	if (pipe_new(answers) == 0)
		return 0;
	close(requests[0]);
	close(requests[1]);
	return -1;
}

static void
close_pipes(struct child *c)
{
	close(c->to);
	close(c->from);
	close(c->other);
	if (c->shares)
		shared_free(&c->shared);
	c->shares = false;
}

static int
start(struct child *c, size_t size, struct buf *why)
{
	pid_t parent = getpid();
	int requests[2], answers[2];

	if (pipes_new(requests, answers) == -1) {
		buf_addf(why, "pipe: %s", strerror(errno));
		return -1;
	}
	c->shares = shared_new(&c->shared, answers[1]) == 0;
	c->pid = fork();
	if (c->pid == 0)
		become(c, requests[0], answers[1], size, parent);
	close(answers[1]);
	c->to = requests[1];
	c->other = requests[0];
	c->from = answers[0];
	if (c->pid == -1) {
		buf_addf(why, "fork: %s", strerror(errno));
		close_pipes(c);
		c->pid = 0;
		return -1;
	}
	return 0;
}

int
child_start(struct child *c, const char *program, struct buf *why)
{
	struct buf source = { 0 };
	int got;

	c->program = program;
	source_add(&source);
	got = start(c, source.n, why);
	if (got == 0) {
		fcntl(c->to, F_SETFL, O_NONBLOCK);
		/* Errors show when the first answer is read. */
		frame_send_bytes(c->to, c->from, buf_span(&source));
	}
	buf_free(&source);
	return got;
}

/* The pipe is closed, or carries nonsense: the child has ended, or must. */
static void
reap(struct child *c, struct buf *why)
{
	struct timespec ms = { 0, 1000000 };
	int status, waited = 0;

	while (waitpid(c->pid, &status, WNOHANG) == 0 && waited++ < GRACE)
		nanosleep(&ms, NULL);
	if (waited > GRACE) {
		child_stop(c);
		buf_addf(
		    why, "%s closed the connection to bt-predict", c->program);
		return;
	}
	if (WIFEXITED(status))
		buf_addf(why, "%s exited with status %d", c->program,
		    WEXITSTATUS(status));
	else
		buf_addf(why, "%s was killed by a signal: %s", c->program,
		    strsignal(WTERMSIG(status)));
	close_pipes(c);
	c->pid = 0;
}

/* Whether the child has ended: a process that it forked may keep its pipe. */
static bool
has_ended(const struct child *c)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)c->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == c->pid;
}

static int
send(struct child *c, struct span small, struct span large)
{
	return c->shares ? shared_send(&c->shared, c->to, small, large)
			 : frame_send(c->to, c->from, small, large);
}

/* *got counts what has come through the pipe. */
static int
receive(struct child *c, struct answer *a, size_t *got)
{
	struct frame f;

	if (c->shares) {
		if (shared_receive(
			&c->shared, c->from, &f, &a->small, &a->large) == -1)
			return -1;
	} else {
		if (frame_receive(c->from, &f, &c->body, got) == -1)
			return -1;
		a->small = (struct span){ buf_str(&c->body), f.small };
		a->large =
		    (struct span){ c->body.p + f.small, (size_t)f.large };
	}
	a->status = f.status;
	a->at = f.at;
	return 0;
}

int
child_call(struct child *c, struct span small, struct span large,
    struct answer *answer, struct buf *why)
{
	size_t got = 0;

	if (send(c, small, large) == -1) {
		buf_addf(why, "%s: %s", c->program, strerror(errno));
		child_stop(c);
		return -1;
	}
	while (receive(c, answer, &got) == -1)
		if (errno != EAGAIN || has_ended(c)) {
			reap(c, why);
			return -1;
		}
	return 0;
}

void
child_stop(struct child *c)
{
	if (c->pid == 0)
		return;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	close_pipes(c);
	c->pid = 0;
}
