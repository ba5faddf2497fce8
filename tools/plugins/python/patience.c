#include "plugins/python/patience.h"

#include <stdint.h>
#include <time.h>

/* bt_bridge.py waits for requests in the same way. */
enum {
	MOMENT = 50000,	 /* ns to watch for: a few times a wake-up */
	GAP_MAX = 8000,	 /* ns between two looks at the clock, if the CPU is
			  * free */
	LOOKS = 32,	 /* at the byte, for one at the clock */
	SLEEPS_MAX = 64, /* between two watches that do not pay */
};

static uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

bool
patience_sleeps(struct patience *p)
{
	if (p->sleeps == 0)
		return false;
	p->sleeps--;
	return true;
}

static bool
look(const atomic_uchar *byte, unsigned char want)
{
	int i;

	for (i = 0; i < LOOKS; i++) {
		if (atomic_load_explicit(byte, memory_order_acquire) == want)
			return true;
#ifdef __x86_64__
		__builtin_ia32_pause();
#endif
	}
	return false;
}

/* It pays if that was better than sleeping.  It was not if another process had
 * the CPU meanwhile, perhaps the one that answers. */
void
patience_watch(struct patience *p, const atomic_uchar *byte, unsigned char want)
{
	uint64_t now = now_ns(), end = now + MOMENT, before;
	bool paid = true, came;

	do {
		came = look(byte, want);
		before = now;
		now = now_ns();
		if (now - before > GAP_MAX)
			paid = false;
	} while (!came && now < end);
	if (came && paid)
		p->after = 0;
	else if (p->after < SLEEPS_MAX)
		p->after = p->after > 0 ? p->after * 2 : 1;
	p->sleeps = p->after;
}
