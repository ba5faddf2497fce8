#include "predict/state.h"

#include <stdarg.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"

struct state *
state_new(void)
{
	struct state *state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (state == MAP_FAILED)
		say_errno_exit(1, "shared memory");
	return state;
}

const struct position *
state_position(struct state *state)
{
	return &state->positions[atomic_load(&state->turn) & 1];
}

void
state_commit(struct state *state, const struct position *pos)
{
	unsigned other = (atomic_load(&state->turn) & 1) ^ 1;

	state->positions[other] = *pos;
	atomic_store(&state->turn, other);
}

void
state_enter(struct state *state, enum phase phase, uint64_t time)
{
	atomic_store_explicit(&state->since, time, memory_order_relaxed);
	atomic_fetch_add_explicit(&state->call, 1, memory_order_relaxed);
	atomic_store_explicit(&state->phase, (int)phase, memory_order_release);
}

void
state_leave(struct state *state)
{
	static const struct timespec moment = { 0, 1000000 };
	int run = PHASE_RUN;

	while (!atomic_compare_exchange_weak(&state->phase, &run, PHASE_OWN)) {
		if (run != PHASE_RUN)
			nanosleep(&moment, NULL);
		run = PHASE_RUN;
	}
}

void
state_signals(sigset_t *set)
{
	static const int ending[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM,
		SIGUSR1, SIGUSR2, SIGXCPU };
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof ending / sizeof ending[0]; i++)
		sigaddset(set, ending[i]);
}

uint64_t
clock_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void
state_die(struct state *state, int status, const char *fmt, ...)
{
	va_list ap;

	/* Errors that follow from the first one are not reported. */
	if (atomic_load(&state->verdict) == 0) {
		va_start(ap, fmt);
		say_list(fmt, ap);
		va_end(ap);
	}
	atomic_store(&state->verdict, status + 1);
	_exit(status);
}
