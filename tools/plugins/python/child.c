#include "plugins/python/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "bt_model.h"
#include "plugins/python/source.h"

/* How long an end of file may come before the child's end, in ms. */
enum { GRACE = 500 };

/* The answer to the first frame, where there is no interpreter to give it. */
static _Noreturn void
refuse(int fd, const char *program)
{
	struct buf why = { 0 };

	buf_addf(&why, "%s: %s; BT_PYTHON names the interpreter", program,
	    strerror(errno));
	frame_answer(fd, BT_MODEL_ERROR, buf_span(&why));
	_exit(127);
}

/* In the child. */
static _Noreturn void
become(const char *program, int fd, size_t size, pid_t parent)
{
	char fd_text[16], size_text[32];
	const char *argv[] = { program, "-c", source_start, fd_text, size_text,
		NULL };
	int null;

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(1);
	null = open("/dev/null", O_RDONLY);
	fd = fcntl(fd, F_DUPFD, 3);
	if (fd == -1 || null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		refuse(fd, program);
	if (null != STDIN_FILENO)
		close(null);
	snprintf(fd_text, sizeof fd_text, "%d", fd);
	snprintf(size_text, sizeof size_text, "%zu", size);
	execvp(program, (char *const *)argv);
	refuse(fd, program);
}

/* A look at the child now and then, should another process hold the socket
 * open. */
static void
set_patience(int fd)
{
	struct timeval tv = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
}

static int
start(struct child *c, size_t size, struct buf *why)
{
	pid_t parent = getpid();
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1) {
		buf_addf(why, "socketpair: %s", strerror(errno));
		return -1;
	}
	c->pid = fork();
	if (c->pid == 0)
		become(c->program, fds[1], size, parent);
	close(fds[1]);
	c->fd = fds[0];
	if (c->pid == -1) {
		buf_addf(why, "fork: %s", strerror(errno));
		close(c->fd);
		c->pid = 0;
		return -1;
	}
	set_patience(c->fd);
	return 0;
}

int
child_start(struct child *c, const char *program, struct buf *why)
{
	struct buf source = { 0 };
	size_t sent = 0;
	ssize_t n;
	int got;

	c->program = program;
	source_add(&source);
	got = start(c, source.n, why);
	/* What is wrong here is seen at the first answer. */
	while (got == 0 && sent < source.n) {
		n = send(c->fd, source.p + sent, source.n - sent, MSG_NOSIGNAL);
		if (n == -1 && errno != EINTR)
			break;
		sent += n > 0 ? (size_t)n : 0;
	}
	buf_free(&source);
	return got;
}

static void
say_end(const struct child *c, int status, struct buf *why)
{
	if (WIFEXITED(status))
		buf_addf(why, "%s exited with status %d", c->program,
		    WEXITSTATUS(status));
	else
		buf_addf(why, "%s was killed by a signal: %s", c->program,
		    strsignal(WTERMSIG(status)));
}

/* The socket is closed, or carries nonsense: the child has ended, or must. */
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
	say_end(c, status, why);
	close(c->fd);
	c->pid = 0;
}

/* Whether it has ended, while somebody it forked holds its socket. */
static bool
has_ended(const struct child *c)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)c->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == c->pid;
}

int
child_call(struct child *c, struct span small, struct span large,
    struct frame *answer, struct buf *body, struct buf *why)
{
	size_t got = 0;

	/* That it has ended shows behind what it answered before. */
	if (frame_send(c->fd, small, large) == -1 && errno != EPIPE &&
	    errno != ECONNRESET) {
		buf_addf(why, "%s: %s", c->program, strerror(errno));
		child_stop(c);
		return -1;
	}
	while (frame_receive(c->fd, answer, body, &got) == -1)
		if ((errno != EAGAIN && errno != EWOULDBLOCK) || has_ended(c)) {
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
	close(c->fd);
	c->pid = 0;
}
