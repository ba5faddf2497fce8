#include "share/workers.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/say.h"
#include "format/ref.h"
#include "io/lines.h"

static pid_t
start(
    uint64_t number, const char *slot, char *const *command, const int ends[2])
{
	char text[NUM_MAX + 1];
	pid_t child = fork();

	if (child == -1)
		say_errno_exit(1, "fork");
	if (child > 0)
		return child;
	*num_put(text, number) = '\0';
	if (dup2(ends[0], STDIN_FILENO) == -1 ||
	    (slot != NULL && setenv(slot, text, 1) == -1))
		say_errno_exit(126, "%s", command[0]);
	close(ends[0]);
	close(ends[1]);
	execvp(command[0], command);
	say_errno_exit(errno == ENOENT ? 127 : 126, "%s", command[0]);
}

/* Returns 0, or -1 after a message. */
static int
give(int to, const struct line_reader *in, struct span line)
{
	/* Of a line that is longer than a block nothing is here. */
	if (line.n >= REF_MAX || line.p[line.n] != '\n') {
		say("standard input: line %" PRIu64
		    ": longer than %d bytes, the limit of a reference",
		    in->lines, REF_MAX - 1);
		return -1;
	}
	if (send(to, line.p, line.n + 1, MSG_NOSIGNAL) != -1)
		return 0;
	if (errno == EPIPE || errno == ECONNRESET)
		say("standard input: line %" PRIu64
		    ": all commands have ended before it",
		    in->lines);
	else
		say_errno("standard input: line %" PRIu64, in->lines);
	return -1;
}

/* Returns 0, or 1 after a message if a line is left. */
static int
give_lines(int to)
{
	struct line_reader in;
	enum line_event event;
	struct span line;
	int left = 1;

	line_reader_open(&in, STDIN_FILENO);
	while ((event = line_reader_next(&in, &line)) == LINE_READ ||
	       event == LINE_IDLE)
		if (event == LINE_READ && give(to, &in, line) == -1)
			break;
	if (event == LINE_ERROR)
		say_errno("standard input");
	else if (event == LINE_END && in.held.n > 0)
		say("standard input: line %" PRIu64
		    ": the last line has no newline",
		    in.lines + 1);
	else
		left = event == LINE_READ;
	line_reader_close(&in);
	return left;
}

/* The status of a child that has ended, as a shell has it. */
static int
await(pid_t child, const char *command)
{
	int status;

	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			say_errno_exit(1, "wait");
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	say("%s: ended by a signal: %s", command, strsignal(WTERMSIG(status)));
	return 128 + WTERMSIG(status);
}

int
workers_run(uint64_t count, const char *slot, char *const *command)
{
	pid_t *children = mem_resize(NULL, count, sizeof *children);
	int ends[2], status, worst;
	uint64_t i;

	/* If it is ignored, waitpid(2) does not find ended children. */
	signal(SIGCHLD, SIG_DFL);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == -1)
		say_errno_exit(1, "socket");
	for (i = 0; i < count; i++)
		children[i] = start(i, slot, command, ends);
	close(ends[0]);
	worst = give_lines(ends[1]);
	close(ends[1]);
	for (i = 0; i < count; i++) {
		status = await(children[i], command[0]);
		if (status > worst)
			worst = status;
	}
	free(children);
	return worst;
}
