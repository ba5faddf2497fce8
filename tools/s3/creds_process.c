#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "s3/creds_find.h"
#include "s3/secret.h"
#include "s3/words.h"

extern char **environ;

enum { BLOCK = 4096, OUTPUT_MOST = 1024 * 1024 };

/* Standard input is the tool's data, so the command gets none; what it says on
 * standard error is seen.  0, or errno. */
static int
start(char **words, const int pipes[2], pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, pipe_only;
	int error;

	sigemptyset(&none);
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(
	    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, pipes[1], STDOUT_FILENO);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(
	    &how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &pipe_only);
	error = posix_spawnp(pid, words[0], &files, &how, words, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return error;
}

static int
finish(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return status;
}

/* What it wrote, and its status; or errno. */
static int
run(char **words, struct buf *out, int *status)
{
	int pipes[2], error;
	ssize_t got;
	pid_t pid;

	if (pipe(pipes) == -1)
		return errno;
	fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	error = start(words, pipes, &pid);
	close(pipes[1]);
	if (error == 0) {
		/* Room for all of it: what grows leaves copies behind. */
		buf_room(out, OUTPUT_MOST + BLOCK);
		do {
			got = read(pipes[0], out->p + out->n, BLOCK);
			out->n += got > 0 ? (size_t)got : 0;
		} while ((got > 0 && out->n < OUTPUT_MOST) ||
			 (got == -1 && errno == EINTR));
	}
	close(pipes[0]);
	if (error == 0)
		*status = finish(pid);
	return error;
}

static enum found
judge(struct finding *f, int error, int status, struct span out)
{
	if (error != 0)
		buf_adds(&f->why, strerror(error));
	else if (status == -1)
		buf_adds(&f->why, "its status is not known");
	else if (out.n >= OUTPUT_MOST)
		buf_adds(&f->why, "more than 1 MiB of output");
	else if (WIFSIGNALED(status))
		buf_addf(&f->why, "%s", strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		buf_addf(&f->why, "exit status %d", WEXITSTATUS(status));
	else
		return creds_from_json(f, out, "SessionToken", true);
	return FAILED;
}

/* No shell: nothing in the line is more than words, there as here.  Of the
 * line only the program is told: there may be a password behind it. */
enum found
creds_from_process(struct finding *f)
{
	struct s3_line at;
	const char *line = creds_value(f, "credential_process", &at), *why;
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
	error = run(words, &out, &status);
	found = judge(f, error, status, buf_span(&out));
	secret_buf_free(&out);
	free(words);
	return found;
}
