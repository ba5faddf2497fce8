#include "plugins/http/watch.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { WORKER_FD = 3, TERM_TICKS = 500, KILL_TICKS = 200 }; /* of 10 ms */

/* Closes the worker's files: they, and the pipe of its results above all, must
 * not stay open here after the worker closes them. */
static void
close_others(void)
{
	DIR *d = opendir("/dev/fd");
	struct dirent *e;
	int fd;

	if (d == NULL) {
		for (fd = WORKER_FD + 1; fd < 1024; fd++)
			close(fd);
		return;
	}
	while ((e = readdir(d)) != NULL) {
		fd = atoi(e->d_name);
		if (fd > WORKER_FD && fd != dirfd(d))
			close(fd);
	}
	closedir(d);
}

static void
on_child(int sig)
{
	(void)sig;
}

/* The signals that end the worker must not end us before the server. */
static void
set_ending(void (*handler)(int))
{
	signal(SIGHUP, handler);
	signal(SIGINT, handler);
	signal(SIGTERM, handler);
}

static void
set_signals(sigset_t *none)
{
	struct sigaction sa = { .sa_handler = on_child };
	sigset_t child;

	set_ending(SIG_IGN);
	sigemptyset(none);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	sigaction(SIGCHLD, &sa, NULL);
}

static _Noreturn void
complain(const char *what)
{
	dprintf(
	    STDERR_FILENO, "bt-predict: http: %s: %s\n", what, strerror(errno));
	_exit(127);
}

static _Noreturn void
serve(const struct watch *w, pid_t watcher, const sigset_t *none)
{
	char port[12];

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != watcher)
		_exit(127);
#else
	(void)watcher;
#endif
	setpgid(0, 0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	set_ending(SIG_DFL);
	sigprocmask(SIG_SETMASK, none, NULL);
	close(WORKER_FD);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	if (w->dir != NULL && chdir(w->dir) == -1)
		complain(w->dir);
	snprintf(port, sizeof port, "%d", w->port);
	setenv("PORT", port, 1);
	setenv("SAGEMAKER_BIND_TO_PORT", port, 1);
	setenv("SOCKET", w->socket, 1);
	if (w->health != NULL) {
		setenv("AIP_HTTP_PORT", port, 1);
		setenv("AIP_HEALTH_ROUTE", w->health, 1);
		setenv("AIP_PREDICT_ROUTE", w->predict, 1);
	}
	if (w->command != NULL)
		execl("/bin/sh", "sh", "-c", w->command, (char *)NULL);
	else
		execl("./serve", "serve", (char *)NULL);
	complain(w->command != NULL ? "/bin/sh" : "serve");
}

/* Signals processes that left the server's group and lost their parents: their
 * parent is now this process. */
static void
kill_strays(pid_t server, int sig)
{
#ifdef __linux__
	char path[64];
	FILE *f;
	long pid;

	snprintf(
	    path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
	f = fopen(path, "re");
	if (f == NULL)
		return;
	while (fscanf(f, "%ld", &pid) == 1)
		if (getpgid((pid_t)pid) != server)
			kill((pid_t)pid, sig);
	fclose(f);
#else
	(void)server;
	(void)sig;
#endif
}

/*
 * Waits up to `ticks` of 10 ms for the server's processes to end; returns
 * whether any is left.  Those that outlive the server itself get sig, too.
 */
static int
is_left(pid_t server, bool *ended, int ticks, int sig)
{
	static const struct timespec tick = { 0, 10000000 };
	pid_t got;

	for (;; ticks--) {
		while ((got = waitpid(-1, NULL, WNOHANG)) > 0)
			if (got == server) {
				*ended = true;
				kill(-server, sig);
			}
		if (got == -1 && kill(-server, 0) == -1)
			return 0;
		if (ticks <= 0)
			return 1;
		if (ticks % 50 == 0 && *ended)
			kill_strays(server, sig);
		nanosleep(&tick, NULL);
	}
}

/* Waits until the server or the worker ends.  Returns true and the status if it
 * was the server. */
static bool
wait_either(pid_t server, const sigset_t *none, int *status)
{
	fd_set set;
	pid_t got;

	for (;;) {
		while ((got = waitpid(-1, status, WNOHANG)) > 0)
			if (got == server)
				return true;
		FD_ZERO(&set);
		FD_SET(WORKER_FD, &set);
		if (pselect(WORKER_FD + 1, &set, NULL, NULL, NULL, none) > 0)
			return false;
	}
}

void
watch_run(const struct watch *w, int fd)
{
	pid_t server, watcher = getpid();
	sigset_t none;
	bool ended;
	int status;

	/* Signals of the terminal end the worker, and that ends us. */
	setsid();
	if (fd != WORKER_FD)
		dup2(fd, WORKER_FD);
	close_others();
	set_signals(&none);
#ifdef __linux__
	prctl(PR_SET_NAME, "bt-http");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
	server = fork();
	if (server == 0)
		serve(w, watcher, &none);
	if (server == -1)
		complain("fork");
	setpgid(server, server);
	ended = wait_either(server, &none, &status);
	if (ended)
		send(WORKER_FD, &status, sizeof status, MSG_NOSIGNAL);
	/* SIGTERM goes to the server alone, if it runs: it may stop its own
	 * processes in its own way. */
	kill(ended ? -server : server, SIGTERM);
	if (is_left(server, &ended, TERM_TICKS, SIGTERM)) {
		kill(-server, SIGKILL);
		is_left(server, &ended, KILL_TICKS, SIGKILL);
	}
	unlink(w->socket);
	rmdir(w->folder);
	_exit(0);
}
