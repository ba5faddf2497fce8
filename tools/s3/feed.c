#include "s3/feed.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/say.h"
#include "s3/ending.h"

/* 0 at the end of fd; -1, and why.  Its writer may be silent for hours. */
static int
copy_all(int fd, struct s3_put *put, struct buf *why)
{
	ssize_t got;
	size_t n;
	void *room;

	for (;;) {
		if ((room = s3_put_room(put, &n, why)) == NULL)
			return -1;
		got = s3_ending_await(fd, false) == -1 ? -1 : read(fd, room, n);
		if (got == 0)
			return 0;
		if (got > 0)
			s3_put_filled(put, (size_t)got);
		else if (s3_ending() || (errno != EINTR && errno != EAGAIN))
			break;
	}
	buf_adds(why, s3_ending() ? "interrupted" : strerror(errno));
	return -1;
}

/* Returns the command's standard output. */
static int
start_command(char *const *command, pid_t *pid)
{
	int fd[2];

	if (pipe(fd) == -1 || (*pid = fork()) == -1)
		say_errno_exit(1, "%s", command[0]);
	if (*pid == 0) {
		if (dup2(fd[1], STDOUT_FILENO) == -1)
			_exit(126);
		close(fd[0]);
		close(fd[1]);
		execvp(command[0], command);
		say_errno("%s", command[0]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	s3_ending_child(*pid);
	close(fd[1]);
	return fd[0];
}

/* 0 if it ended well; -1, and why.  One that ignores SIGTERM is not waited
 * for. */
static int
end_command(const char *name, pid_t pid, struct buf *why)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR || s3_ending()) {
			buf_adds(
			    why, s3_ending() ? "interrupted" : strerror(errno));
			return -1;
		}
	s3_ending_child(0);
	if (WIFSIGNALED(status))
		buf_addf(
		    why, "%s: killed by signal %d", name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		buf_addf(why, "%s: exited with status %d", name,
		    WEXITSTATUS(status));
	else
		return 0;
	return -1;
}

/* A command that goes on writing after a failure gets SIGPIPE. */
static int
copy_output(char *const *command, struct s3_put *put, struct buf *why)
{
	struct buf also = { 0 };
	pid_t pid;
	int fd = start_command(command, &pid);
	int status = copy_all(fd, put, why);

	close(fd);
	if (s3_ending())
		return -1;
	if (end_command(command[0], pid, &also) != 0 && status == 0) {
		buf_add(why, also.p, also.n);
		status = -1;
	}
	buf_free(&also);
	return status;
}

int
s3_feed(struct s3_client *client, const struct s3_put_options *options,
    const struct s3_uri *uri, char *const *command)
{
	struct s3_conn *conn = s3_conn_new(client);
	struct buf why = { 0 }, left = { 0 };
	struct s3_put *put =
	    s3_put_new(client, conn, uri->bucket, uri->key, options, &why);
	int status = -1;

	if (put != NULL)
		status = command == NULL ? copy_all(STDIN_FILENO, put, &why)
					 : copy_output(command, put, &why);
	if (status == 0 && !s3_ending()) {
		status = s3_put_commit(put, &why);
	} else if (put != NULL) {
		status = -1;
		if (s3_put_abort(put, &left) != 0)
			buf_addf(&why, "; %s", buf_str(&left));
	}
	if (status != 0)
		say("s3://%s/%s: %s", uri->bucket, uri->key, buf_str(&why));
	buf_free(&why);
	buf_free(&left);
	s3_conn_free(conn);
	return status == 0 ? 0 : 1;
}
