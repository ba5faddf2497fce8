#define _GNU_SOURCE /* memfd_create */
#include "plugins/python/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where things are in an area; bt_bridge.py has the same.  The number is of the
 * frame that is there. */
enum { NUMBER = 0, ASLEEP = 1, FRAME = 64, SIZE_FIRST = 1 << 16 };

static void
area_unmap(struct area *a)
{
	if (a->p != NULL)
		munmap(a->p, a->size);
	a->p = NULL;
}

/* Maps size bytes of the file, which it has. */
static int
area_map(struct area *a, size_t size)
{
	void *p =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd, 0);

	if (p == MAP_FAILED)
		return -1;
	area_unmap(a);
	a->p = p;
	a->size = size;
	return 0;
}

/* Room for a frame of n bytes, and for larger ones to come. */
static int
area_grow(struct area *a, size_t n)
{
	size_t size = FRAME + n + n / 2;

	if (n <= a->size - FRAME)
		return 0;
	return ftruncate(a->fd, (off_t)size) == -1 ? -1 : area_map(a, size);
}

/*
 * Only on x86 is what one side writes seen by the other in the order in which
 * it was written; Python has no fence to have that elsewhere.
 */
static int
area_new(struct area *a)
{
#if defined(MFD_CLOEXEC) && defined(__x86_64__)
	a->p = NULL;
	a->fd = memfd_create("bt-python", MFD_CLOEXEC);
	if (a->fd == -1)
		return -1;
	if (ftruncate(a->fd, SIZE_FIRST) == 0 && area_map(a, SIZE_FIRST) == 0)
		return 0;
	close(a->fd);
#else
	(void)a;
#endif
	return -1;
}

static void
area_free(struct area *a)
{
	if (a->p != NULL)
		close(a->fd);
	area_unmap(a);
}

static atomic_uchar *
byte_of(const struct area *a, int place)
{
	return (atomic_uchar *)(a->p + place);
}

int
shared_new(struct shared *s, int to)
{
	struct rlimit limit;

	s->number = 0;
	s->asleep = false;
	/* To grow beyond a limit of file sizes is a signal. */
	if (getrlimit(RLIMIT_FSIZE, &limit) == -1 ||
	    limit.rlim_cur != RLIM_INFINITY || area_new(&s->requests) == -1)
		return -1;
	if (area_new(&s->answers) == -1) {
		area_free(&s->requests);
		return -1;
	}
	fcntl(to, F_SETFL, O_NONBLOCK);
	return 0;
}

void
shared_free(struct shared *s)
{
	area_free(&s->requests);
	area_free(&s->answers);
}

/* Writes a frame, which then is the one of that number. */
static void
put(struct area *a, unsigned char number, struct frame f, struct span small,
    struct span large)
{
	char *p = a->p + FRAME;

	memcpy(p, &f, sizeof f);
	if (small.n > 0)
		memcpy(p + sizeof f, small.p, small.n);
	if (large.n > 0)
		memcpy(p + sizeof f + small.n, large.p, large.n);
	atomic_store(byte_of(a, NUMBER), number);
}

static void
ring(const struct area *sleeper, int to)
{
	/* A full pipe has bells enough; of a dead sleeper the pipe tells. */
	if (atomic_load(byte_of(sleeper, ASLEEP)) != 0 &&
	    write(to, "", 1) == -1)
		return;
}

int
shared_send(struct shared *s, int to, struct span small, struct span large)
{
	struct frame f = {
		.small = (uint32_t)small.n, .at = -1, .large = large.n
	};

	if (area_grow(&s->requests, sizeof f + small.n + large.n) == -1)
		return -1;
	put(&s->requests, ++s->number, f, small, large);
	ring(&s->answers, to);
	return 0;
}

static bool
is_answered(const struct shared *s)
{
	return atomic_load(byte_of(&s->answers, NUMBER)) == s->number;
}

/* Sleeps until the answer is there; after a second without a bell, errno is
 * EAGAIN. */
static int
sleep_for_answer(struct shared *s, int from)
{
	struct pollfd bell = { .fd = from, .events = POLLIN };
	int ms = s->asleep ? 1000 : 1, got;
	char bells[64];

	if (is_answered(s))
		return 0;
	atomic_store(byte_of(&s->requests, ASLEEP), 1);
	s->asleep = true;
	while (!is_answered(s)) {
		got = poll(&bell, 1, ms);
		if (got > 0) {
			got = (int)read(from, bells, sizeof bells);
			if (got == 0) {
				errno = EPIPE;
				return is_answered(s) ? 0 : -1;
			}
		} else if (got == 0 && ms > 1) {
			errno = EAGAIN;
			got = -1;
		}
		if (got == -1 && errno != EINTR)
			return -1;
		/* If the interpreter looked at ASLEEP just before it was set,
		 * there is no bell; its answer is there after that moment. */
		ms = 1000;
	}
	return 0;
}

/* The frame in place: of the interpreter, whose word is not taken for its
 * size. */
static int
get(struct area *a, struct frame *f, struct span *small, struct span *large)
{
	struct stat st;
	uint64_t end;

	memcpy(f, a->p + FRAME, sizeof *f);
	end = FRAME + sizeof *f + f->small;
	if (f->large > SIZE_MAX / 2 || f->large + end > a->size) {
		if (fstat(a->fd, &st) == -1)
			return -1;
		if (f->large > (uint64_t)st.st_size ||
		    f->large + end > (uint64_t)st.st_size) {
			errno = EBADMSG;
			return -1;
		}
		if (area_map(a, (size_t)st.st_size) == -1)
			return -1;
	}
	*small = (struct span){ a->p + FRAME + sizeof *f, f->small };
	*large = (struct span){ small->p + small->n, (size_t)f->large };
	return 0;
}

/* Watches for the answer for as long as that pays. */
static void
watch_for_answer(struct shared *s)
{
	if (is_answered(s) || patience_sleeps(&s->patience))
		return;
	if (s->asleep)
		atomic_store(byte_of(&s->requests, ASLEEP), 0);
	s->asleep = false;
	patience_watch(&s->patience, byte_of(&s->answers, NUMBER), s->number);
}

int
shared_receive(struct shared *s, int from, struct frame *f, struct span *small,
    struct span *large)
{
	watch_for_answer(s);
	if (sleep_for_answer(s, from) == -1)
		return -1;
	return get(&s->answers, f, small, large);
}

void
shared_answer(struct shared *s, int to, uint32_t status, struct span small)
{
	struct frame f = { .status = status, .at = -1 };
	struct span none = { NULL, 0 };

	if (small.n > SIZE_FIRST - FRAME - sizeof f)
		small.n = SIZE_FIRST - FRAME - sizeof f;
	f.small = (uint32_t)small.n;
	put(&s->answers, 1, f, small, none);
	ring(&s->requests, to);
}
