#include "split/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/say.h"
#include "base/signals.h"

extern char **environ;

static volatile pid_t child; /* 0: it has ended */
static const char *name, *file;

/* One that ignores SIGTERM is not waited for. */
static void
abandon(void)
{
	if (child == 0)
		return;
	kill(child, SIGTERM);
	unlink(file);
}

static void
on_signal(int number)
{
	abandon();
	signal(number, SIG_DFL);
	raise(number);
}

/* Has all ways in which this process can end take the command along. */
static void
prepare(void)
{
	static const int list[] = SIGNALS_ENDING;
	size_t i;

	atexit(abandon);
	for (i = 0; i < sizeof list / sizeof list[0]; i++)
		signals_catch(list[i], on_signal);
	/* If it were ignored, the status would be lost. */
	signal(SIGCHLD, SIG_DFL);
}

/* Starts it with the signals as this process was given them: 0, or an errno. */
static int
spawn(char *const *words, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, before, ours;
	pid_t pid;
	int error;

	sigemptyset(&ours);
	sigaddset(&ours, SIGXFSZ);
	sigfillset(&all);
	/* No signal may come between the start and the note of it. */
	sigprocmask(SIG_BLOCK, &all, &before);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &before);
	posix_spawnattr_setsigdefault(&attributes, &ours);
	posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error =
	    posix_spawnp(&pid, words[0], &actions, &attributes, words, environ);
	if (error == 0)
		child = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

int
command_start(char *const *words, const char *copy)
{
	int fd[2];

	name = words[0];
	file = copy;
	prepare();
	if (pipe(fd) == 0) {
		fcntl(fd[0], F_SETFD, FD_CLOEXEC);
		fcntl(fd[1], F_SETFD, FD_CLOEXEC);
		errno = spawn(words, fd[1]);
		close(fd[1]);
		if (child > 0)
			return fd[0];
		close(fd[0]);
	}
	say_errno("%s", name);
	unlink(file);
	return -1;
}

static int
await(void)
{
	int status;

	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			say_errno_exit(1, "%s", name);
	child = 0;
	return status;
}

int
command_finish(void)
{
	int status = await();

	if (WIFSIGNALED(status))
		say("%s: killed by signal %d", name, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		say("%s: exited with status %d", name, WEXITSTATUS(status));
	else
		return 0;
	unlink(file);
	return -1;
}

void
command_drop(void)
{
	await();
}
