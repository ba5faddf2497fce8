#include "predict/predict.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "io/remote.h"
#include "predict/memory.h"
#include "predict/orphans.h"
#include "predict/partfile.h"
#include "predict/unpack.h"

static const uint64_t second = 1000000000, memory_every = 50000000,
		      spill_after = 100000000, write_moment = 1000000;

enum { CLOSE_TIMEOUT = 30 }; /* s: more than HTTP servers have to end */

enum killed { NOT_KILLED, KILLED_TIMEOUT, KILLED_MEMORY };

struct supervisor {
	const struct predict *pr;
	struct state *state;
	sigset_t signals; /* to wait for; blocked otherwise */
	sigset_t before;  /* blocked at the start */
	pid_t parent, worker;
	enum killed killed;
	unsigned long long killed_call;
	uint64_t ended; /* when the last worker did, CLOCK_MONOTONIC, in ns */
	unsigned idle_deaths;
	struct partfile partfile; /* for what a worker leaves unwritten */
	void (*on_pipe)(int);
};

static void
name_worker(struct predict *pr)
{
	char host[256];
	size_t i;

	if (gethostname(host, sizeof host) == -1)
		strcpy(host, "localhost");
	host[sizeof host - 1] = '\0';
	for (i = 0; host[i] != '\0'; i++)
		if (strchr(
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789.-_",
			host[i]) == NULL)
			host[i] = '_';
	snprintf(pr->worker, sizeof pr->worker, "%s-%ld", host, (long)getpid());
}

/* Blocks the signals that end the run, unless they are ignored. */
static void
block_signals(struct supervisor *s)
{
	struct sigaction old;
	int sig;

	state_signals(&s->signals);
	for (sig = 1; sig <= SIGRTMAX; sig++)
		if (sigismember(&s->signals, sig) == 1 &&
		    sigaction(sig, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			sigdelset(&s->signals, sig);
	sigaddset(&s->signals, SIGCHLD);
	/* If SIGCHLD is ignored, waitpid(2) does not find ended children. */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &s->signals, &s->before);
}

/* Returns 0, or -1 and errno; never in the worker. */
static int
start_worker(struct supervisor *s)
{
	/* The new worker must not be killed for the old one's call. */
	state_enter(s->state, PHASE_OWN, 0);
	s->worker = fork();
	if (s->worker != 0)
		return s->worker == -1 ? -1 : 0;
#ifdef __linux__
	/* No worker outlives a supervisor that was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->parent)
		_exit(1);
#endif
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	if (s->pr->probe)
		probe_run(s->pr, s->state);
	worker_run(s->pr, s->state);
	return 0;
}

static void
kill_worker(struct supervisor *s, enum killed why)
{
	s->killed = why;
	s->killed_call = atomic_load(&s->state->call);
	kill(s->worker, SIGKILL);
}

/* How long a call may take, in s. */
static unsigned
limit_of(const struct supervisor *s, int phase)
{
	if (phase == PHASE_LOAD)
		return s->pr->start_timeout;
	return phase == PHASE_CLOSE ? CLOSE_TIMEOUT : s->pr->timeout;
}

/* Writes what is finished while the worker is in a long call.  If that fails,
 * it fails again in the worker, which reports it. */
static void
spill(struct supervisor *s)
{
	struct position pos = *state_position(s->state);
	int run = PHASE_RUN;

	if (pos.lines == 0 || remote_is(s->pr->out) ||
	    !atomic_compare_exchange_strong(
		&s->state->phase, &run, PHASE_SPILL))
		return;
	/* The worker may have ended one call and begun another. */
	pos = *state_position(s->state);
	signal(SIGPIPE, SIG_IGN);
	s->partfile.hurried = true;
	if (partfile_reopen(&s->partfile, &pos) == 0)
		partfile_spill(&s->partfile, &pos);
	s->partfile.hurried = false;
	signal(SIGPIPE, s->on_pipe);
	atomic_store(&s->state->phase, PHASE_RUN);
}

/*
 * Kills the worker if a call takes too long or its memory is too large.
 * Returns how long to wait until the next check, in ns; 0: for ever.
 */
static uint64_t
check_limits(struct supervisor *s)
{
	int phase =
	    atomic_load_explicit(&s->state->phase, memory_order_acquire);
	uint64_t since = atomic_load(&s->state->since), now, limit;
	uint64_t wait;

	limit = second * limit_of(s, phase);
	wait = limit;
	if (phase != PHASE_OWN && phase != PHASE_WRITE) {
		now = clock_monotonic();
		if (now >= since + limit) {
			kill_worker(s, KILLED_TIMEOUT);
			return 0;
		}
		if (since + limit - now < wait)
			wait = since + limit - now;
		if (phase == PHASE_RUN && now >= since + spill_after)
			spill(s);
		if (s->pr->max_memory > 0 &&
		    memory_of_tree(s->worker) > s->pr->max_memory) {
			kill_worker(s, KILLED_MEMORY);
			return 0;
		}
	}
	/* The worker may begin a call at any time: check each second. */
	if (wait > second)
		wait = second;
	return s->pr->max_memory > 0 && wait > memory_every ? memory_every
							    : wait;
}

static int
wait_signal(const struct supervisor *s, uint64_t ns)
{
	struct timespec ts = { (time_t)(ns / second), (long)(ns % second) };

	return ns == 0 ? sigwaitinfo(&s->signals, NULL)
		       : sigtimedwait(&s->signals, NULL, &ts);
}

/* At the run's end, writes the replies and lines that are finished.  If that
 * fails it ends the process, so the models' folder is removed before. */
static void
finish(struct supervisor *s)
{
	struct position pos = *state_position(s->state);

	/* A probe has no lines, and may have more models to unpack. */
	if (s->pr->probe)
		return;
	unpack_remove();
	if (pos.lines == 0)
		return;
	if (partfile_reopen(&s->partfile, &pos) == -1)
		partfile_die(&s->partfile);
	partfile_flush(&s->partfile, &pos);
}

/* Ends the process by the signal. */
static _Noreturn void
end_by(struct supervisor *s, int sig)
{
	unpack_remove();
	signal(sig, SIG_DFL);
	raise(sig);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	_exit(128 + sig);
}

/* The worker may have written lines and not yet stored that.  Gives it a second
 * to reach its next write, where it ends, and returns whether it has ended. */
static bool
wait_for_write(struct supervisor *s)
{
	uint64_t end = clock_monotonic() + second;
	int sig = 0;

	while (atomic_load(&s->state->phase) == PHASE_WRITE &&
	       clock_monotonic() < end && (sig == SIGCHLD || sig <= 0)) {
		if (waitpid(s->worker, NULL, WNOHANG) == s->worker)
			return true;
		sig = wait_signal(s, write_moment);
	}
	return false;
}

static _Noreturn void
stop(struct supervisor *s, int sig)
{
	sigset_t again;

	atomic_store(&s->state->stopping, true);
	if (!wait_for_write(s)) {
		kill(s->worker, SIGKILL);
		waitpid(s->worker, NULL, 0);
	}
	atomic_store(&s->state->stopping, false);
	orphans_end(&s->signals);
	unpack_remove();
	/* A second signal ends the process even if nobody reads its output. */
	sigemptyset(&again);
	sigaddset(&again, sig);
	sigprocmask(SIG_UNBLOCK, &again, NULL);
	finish(s);
	end_by(s, sig);
}

/* Waits for the worker's end and returns its wait status. */
static int
watch(struct supervisor *s)
{
	int status, sig;
	pid_t ended;

	s->killed = NOT_KILLED;
	for (;;) {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == s->worker)
				return status;
		sig = wait_signal(
		    s, s->killed == NOT_KILLED ? check_limits(s) : 0);
		if (sig > 0 && sig != SIGCHLD)
			stop(s, sig);
	}
}

/* Stores in why how the worker's call ended. */
static void
say_death(struct supervisor *s, int status, char *why, size_t size)
{
	if (s->killed == KILLED_TIMEOUT)
		snprintf(why, size, "no reply within %u s",
		    limit_of(s, atomic_load(&s->state->phase)));
	else if (s->killed == KILLED_MEMORY)
		snprintf(why, size,
		    "model used more than %" PRIu64 " MB of memory",
		    s->pr->max_memory >> 20);
	else if (WIFEXITED(status))
		snprintf(
		    why, size, "model called exit(%d)", WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGABRT)
		snprintf(why, size, "model aborted");
	else
		snprintf(why, size, "model crashed: %s",
		    strsignal(WTERMSIG(status)));
}

static void
note_death(struct supervisor *s, int status)
{
	static const char *const classes[] = { "crash", "timeout", "memory" };
	struct state *state = s->state;
	bool running = atomic_load(&state->phase) == PHASE_RUN;
	int stage = atomic_load(&state->stage), n = 0;

	state->died = true;
	state->died_late = atomic_load(&state->phase) == PHASE_WRITE ||
			   (s->killed != NOT_KILLED &&
			       s->killed_call != atomic_load(&state->call));
	state->died_after = 0;
	if (running)
		state->died_after =
		    (s->ended - atomic_load(&state->since) + 500000) / 1000000;
	state->died_class = classes[s->killed];
	if (running && s->pr->model_count > 1)
		n = snprintf(state->died_why, STATE_TEXT / 2,
		    "%.400s (model %d of %zu): ", s->pr->models[stage].name,
		    stage + 1, s->pr->model_count);
	say_death(s, status, state->died_why + n, STATE_TEXT - (size_t)n);
}

/* If a signal came together with the worker's end, ends by it. */
static void
stop_if_asked(struct supervisor *s)
{
	static const struct timespec now = { 0, 0 };
	int sig;

	while ((sig = sigtimedwait(&s->signals, NULL, &now)) > 0)
		if (sig != SIGCHLD) {
			finish(s);
			end_by(s, sig);
		}
}

/* After a worker that ended without a verdict.  Returns the exit status, or -1
 * to start another worker. */
static int
after_death(struct supervisor *s, int status)
{
	int phase = atomic_load(&s->state->phase);

	if (phase == PHASE_WRITE && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGPIPE)
		end_by(s, SIGPIPE);
	stop_if_asked(s);
	note_death(s, status);
	if (phase == PHASE_LOAD) {
		finish(s);
		say("%s: %s while it was loaded%s",
		    s->pr->models[atomic_load(&s->state->stage)].name,
		    s->state->died_why,
		    s->killed == NOT_KILLED && WIFSIGNALED(status) &&
			    WTERMSIG(status) != SIGKILL
			? ": it may be damaged"
			: "");
		return 255;
	}
	/* A death in a call costs the batch one of its tries, so their number
	 * is limited.  Deaths elsewhere have other causes, for example too
	 * little memory. */
	if (phase == PHASE_RUN)
		s->idle_deaths = 0;
	else if (s->idle_deaths++ >= 3) {
		finish(s);
		say("the worker keeps dying: %s", s->state->died_why);
		return 1;
	}
	return -1;
}

/* Reports a crash while a model was closed; the run is complete. */
static void
say_closing(struct supervisor *s, int status)
{
	if (atomic_load(&s->state->phase) != PHASE_CLOSE ||
	    !WIFSIGNALED(status))
		return;
	note_death(s, status);
	say("%s: %s while it was closed",
	    s->pr->models[atomic_load(&s->state->stage)].name,
	    s->state->died_why);
}

/* Starts workers until one has finished the run.  Returns the exit status. */
static int
run(struct supervisor *s)
{
	int status, verdict, saved;

	for (;;) {
		if (start_worker(s) == -1) {
			saved = errno;
			finish(s);
			state_die(s->state, 1, "fork: %s", strerror(saved));
		}
		status = watch(s);
		s->ended = clock_monotonic();
		orphans_end(&s->signals);
		verdict = atomic_load(&s->state->verdict);
		if (verdict > 0) {
			say_closing(s, status);
			finish(s);
			return verdict - 1;
		}
		verdict = after_death(s, status);
		if (verdict >= 0)
			return verdict;
	}
}

/* Each model has a process of its own, whose memory is measured. */
static int
probe_each(struct supervisor *s)
{
	const struct predict *pr = s->pr;
	struct predict one = *pr;
	int status, worst = 0;
	size_t i;

	s->pr = &one;
	one.model_count = 1;
	for (i = 0; i < pr->model_count; i++) {
		one.models = &pr->models[i];
		atomic_store(&s->state->verdict, 0);
		status = run(s);
		if (status > worst)
			worst = status;
	}
	s->pr = pr;
	return worst;
}

int
supervisor_run(struct predict *pr)
{
	struct supervisor s = { .pr = pr, .parent = getpid() };
	int status;

	name_worker(pr);
	if (!pr->probe && remote_is(pr->out) && remote_get() == NULL)
		say_exit(1, "%s: %s", pr->out, remote_error());
	if (!pr->probe && !remote_is(pr->out) && mkdir(pr->out, 0777) == -1 &&
	    errno != EEXIST)
		say_errno_exit(1, "%s", pr->out);
	s.state = state_new();
	s.partfile = (struct partfile){ .state = s.state,
		.dir = pr->out,
		.worker = pr->worker,
		.fd = -1,
		.out = STDOUT_FILENO };
	s.on_pipe = signal(SIGPIPE, SIG_DFL);
	signal(SIGPIPE, s.on_pipe);
	block_signals(&s);
	orphans_adopt();
	unpack_prepare(pr);
	status = pr->probe ? probe_each(&s) : run(&s);
	buf_free(&s.partfile.name);
	return status;
}
