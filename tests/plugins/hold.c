/*
 * Preloaded into bt-predict: its worker sends a signal at the moment at which
 * it writes its first result lines, where a kill is the hardest to get right.
 *
 * HOLD_FILE: made by the one process that does it.  HOLD_SIGNAL: a number.
 * HOLD_WHOM: worker, predict, parent (of bt-predict) or group.  HOLD_BYTES: how
 * many bytes are written before; those left follow if the worker lives on.
 * HOLD_RUN: a shell's command, instead of a signal.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long
setting(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? atol(text) : 0;
}

static long
parent_of(long pid)
{
	char path[64], text[512];
	const char *p;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	p = strrchr(text, ')');
	return p != NULL ? atol(p + 3) : 0;
}

static void
send_signal(void)
{
	static const struct timespec pause = { 0, 300000000 };
	const char *whom = getenv("HOLD_WHOM"), *run = getenv("HOLD_RUN");
	int sig = (int)setting("HOLD_SIGNAL");
	long pid = (long)getpid(), predict = (long)getppid();

	if (run != NULL && system(run) == -1)
		perror(run);
	if (whom == NULL)
		return;
	if (strcmp(whom, "group") == 0)
		pid = 0;
	else if (strcmp(whom, "predict") == 0)
		pid = predict;
	else if (strcmp(whom, "parent") == 0)
		pid = parent_of(predict);
	kill((pid_t)pid, sig);
	/* For what the others do now. */
	nanosleep(&pause, NULL);
}

static int
is_first(const void *p, size_t n)
{
	const char *file = getenv("HOLD_FILE");
	int fd;

	if (file == NULL || memchr(p, '\t', n) == NULL)
		return 0;
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd != -1)
		close(fd);
	return fd != -1;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	size_t before = (size_t)setting("HOLD_BYTES");
	ssize_t put = 0;

	if (!is_first(p, n))
		return (ssize_t)syscall(SYS_write, fd, p, n);
	if (before > 0)
		put =
		    (ssize_t)syscall(SYS_write, fd, p, before < n ? before : n);
	send_signal();
	return put != 0 ? put : (ssize_t)syscall(SYS_write, fd, p, n);
}
