#include "s3/ending.h"

#include <errno.h>
#include <signal.h>

#include "base/fd.h"
#include "base/signals.h"

static struct s3_client *volatile stopped;
static volatile sig_atomic_t signalled;
static volatile pid_t child;
static sigset_t ending;

static void
on_signal(int number)
{
	int saved = errno;

	signalled = number;
	s3_client_stop(stopped);
	if (child > 0)
		kill(child, SIGTERM);
	errno = saved;
}

void
s3_ending_catch(struct s3_client *client)
{
	static const int list[] = SIGNALS_ENDING;
	size_t i;

	stopped = client;
	sigemptyset(&ending);
	for (i = 0; i < sizeof list / sizeof list[0]; i++)
		if (signals_catch(list[i], on_signal))
			sigaddset(&ending, list[i]);
}

bool
s3_ending(void)
{
	return signalled != 0;
}

int
s3_ending_await(int fd, bool writing)
{
	return fd_await(fd, writing, &ending, &signalled);
}

void
s3_ending_child(pid_t pid)
{
	child = pid;
	if (signalled && pid > 0)
		kill(pid, SIGTERM);
}

void
s3_ending_end(void)
{
	if (signalled == 0)
		return;
	signal(signalled, SIG_DFL);
	raise(signalled);
}
