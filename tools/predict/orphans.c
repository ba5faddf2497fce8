#include "predict/orphans.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "predict/children.h"

/* Ticks of 2 ms.  If an HTTP server ignores SIGTERM, the process that started
 * it takes up to 7 s to kill it. */
enum { AGAIN_TICKS = 250, TERM_TICKS = 4000, KILL_TICKS = 1000 };

static bool adopting;

void
orphans_adopt(void)
{
#ifdef __linux__
	/* A shell may have started children before it became this process. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	adopting = waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD &&
		   prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
#endif
}

static bool
is_pending(const sigset_t *signals)
{
	sigset_t pending;
	int sig;

	sigpending(&pending);
	for (sig = 1; sig <= SIGRTMAX; sig++)
		if (sig != SIGCHLD && sigismember(signals, sig) == 1 &&
		    sigismember(&pending, sig) == 1)
			return true;
	return false;
}

/* Sends sig to the children that are not in reached, and adds them to it: a
 * second SIGTERM would make a process begin its end again. */
static void
signal_others(struct buf *reached, int sig)
{
	struct buf pids = { 0 };
	long pid;
	size_t at, i;

	children_add(&pids, (long)getpid());
	for (at = 0; at < pids.n; at += sizeof pid) {
		memcpy(&pid, pids.p + at, sizeof pid);
		for (i = 0; i < reached->n; i += sizeof pid)
			if (memcmp(reached->p + i, &pid, sizeof pid) == 0)
				break;
		if (i < reached->n)
			continue;
		kill((pid_t)pid, sig);
		buf_add(reached, (const char *)&pid, sizeof pid);
	}
	buf_free(&pids);
}

void
orphans_end(const sigset_t *hurry)
{
	static const struct timespec pause = { 0, 2000000 };
	struct buf reached = { 0 };
	int tick, sig = SIGTERM;
	bool fewer;
	pid_t got = adopting ? 0 : -1;

	for (tick = 0; got != -1 && tick < TERM_TICKS + KILL_TICKS; tick++) {
		for (fewer = false; (got = waitpid(-1, NULL, WNOHANG)) > 0;)
			fewer = true;
		if (got == -1)
			break;
		if (sig == SIGTERM && is_pending(hurry))
			tick = TERM_TICKS;
		if (tick == TERM_TICKS) {
			sig = SIGKILL;
			reached.n = 0;
		}
		/* One that has ended may have left its own children. */
		if (fewer || tick % AGAIN_TICKS == 0)
			signal_others(&reached, sig);
		nanosleep(&pause, NULL);
	}
	buf_free(&reached);
}
