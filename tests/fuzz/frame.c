/*
 * Any bytes from the plugin python's interpreter are a frame, with the parts
 * that its header says, or none; what it promises and does not send costs no
 * memory.  They come through a pipe, or are in memory that is shared, which the
 * interpreter may have made longer.
 */
#define _GNU_SOURCE /* memfd_create */
#include "plugins/python/frame.c"
#include "plugins/python/patience.c"
#include "plugins/python/shared.c"
#include "want.h"

static void
through_pipe(const uint8_t *data, size_t size)
{
	struct frame f = { 0 };
	struct buf body = { 0 };
	size_t got = 0;
	int p[2];

	want(pipe(p) == 0);
	want(write(p[1], data, size) == (ssize_t)size);
	close(p[1]);
	if (frame_receive(p[0], &f, &body, &got) == 0) {
		want(body.n == f.small + f.large && size >= sizeof f + body.n);
		want(memcmp(body.p, data + sizeof f, body.n) == 0);
	} else
		want(errno == EPIPE || errno == EBADMSG);
	close(p[0]);
	buf_free(&body);
}

/* The first byte says how much longer the file is than the memory mapped. */
static void
in_memory(const uint8_t *data, size_t size)
{
	struct span small, large;
	struct frame f = { 0 };
	struct area a;
	size_t n = size < SIZE_FIRST - FRAME ? size : SIZE_FIRST - FRAME, i;
	unsigned sum = 0;

	want(area_new(&a) == 0);
	memcpy(a.p + FRAME, data, n);
	want(size == 0 || ftruncate(a.fd, SIZE_FIRST + data[0] * 4096) == 0);
	if (get(&a, &f, &small, &large) == 0) {
		want(small.n == f.small && large.n == f.large);
		want(large.p == small.p + small.n);
		want(small.p == a.p + FRAME + sizeof f);
		want(large.p + large.n <= a.p + a.size);
		for (i = 0; i < small.n + large.n; i++)
			sum += (unsigned char)small.p[i];
		want(sum <= 255 * (small.n + large.n));
	} else
		want(errno == EBADMSG);
	area_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	through_pipe(data, size);
	in_memory(data, size);
	return 0;
}
