#include "predict/state.h"

#include <stdarg.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"

struct shared *
shared_new(void)
{
	struct shared *sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sh == MAP_FAILED)
		say_errno_exit(1, "shared memory");
	return sh;
}

const struct state *
shared_state(struct shared *sh)
{
	return &sh->states[atomic_load(&sh->turn) & 1];
}

void
shared_commit(struct shared *sh, const struct state *st)
{
	unsigned other = (atomic_load(&sh->turn) & 1) ^ 1;

	sh->states[other] = *st;
	atomic_store(&sh->turn, other);
}

void
shared_enter(struct shared *sh, enum phase phase, uint64_t time)
{
	atomic_store_explicit(&sh->since, time, memory_order_relaxed);
	atomic_fetch_add_explicit(&sh->call, 1, memory_order_relaxed);
	atomic_store_explicit(&sh->phase, (int)phase, memory_order_release);
}

void
shared_leave(struct shared *sh)
{
	static const struct timespec moment = { 0, 1000000 };
	int run = PHASE_RUN;

	while (!atomic_compare_exchange_weak(&sh->phase, &run, PHASE_OWN)) {
		if (run != PHASE_RUN)
			nanosleep(&moment, NULL);
		run = PHASE_RUN;
	}
}

void
shared_signals(sigset_t *set)
{
	static const int ending[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM,
		SIGUSR1, SIGUSR2, SIGXCPU };
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof ending / sizeof ending[0]; i++)
		sigaddset(set, ending[i]);
}

static uint64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

uint64_t
clock_monotonic(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t
clock_epoch(void)
{
	return clock_ns(CLOCK_REALTIME) / 1000000;
}

void
shared_die(struct shared *sh, int status, const char *fmt, ...)
{
	va_list ap;

	/* What follows from the first error says nothing new. */
	if (atomic_load(&sh->verdict) == 0) {
		va_start(ap, fmt);
		say_list(fmt, ap);
		va_end(ap);
	}
	atomic_store(&sh->verdict, status + 1);
	_exit(status);
}
