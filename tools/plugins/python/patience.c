#include "plugins/python/patience.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* bt_bridge.py waits for requests in the same way. */
enum {
	MOMENT = 50000,	 /* ns to poll for: a few times a wake-up */
	GAP_MAX = 8000,	 /* ns that a poll takes if the CPU is free */
	SLEEPS_MAX = 64, /* between two polls that do not pay */
};

static uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Polls for a moment; *paid is whether that was better than sleeping.  It was
 * not if another process had the CPU meanwhile, perhaps the one that answers.
 */
static int
look(struct pollfd *f, bool *paid)
{
	uint64_t now = now_ns(), end = now + MOMENT, before;
	int got;

	*paid = true;
	do {
		got = poll(f, 1, 0);
		before = now;
		now = now_ns();
		if (now - before > GAP_MAX)
			*paid = false;
	} while (got == 0 && now < end);
	if (got == 0)
		*paid = false;
	return got;
}

int
patience_wait(struct patience *p, int fd, int ms)
{
	struct pollfd f = { .fd = fd, .events = POLLIN };
	bool paid;
	int got;

	if (p->sleeps > 0) {
		p->sleeps--;
		return poll(&f, 1, ms);
	}
	got = poll(&f, 1, 0);
	if (got == 0) {
		got = look(&f, &paid);
		if (paid)
			p->after = 0;
		else if (p->after < SLEEPS_MAX)
			p->after = p->after > 0 ? p->after * 2 : 1;
	}
	p->sleeps = p->after;
	return got != 0 ? got : poll(&f, 1, ms);
}
