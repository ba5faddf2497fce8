#include "plugins/python/frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>

enum { PIECE = 1 << 20 }; /* received at once, at most */

/* Drops the first n bytes of the count parts of v. */
static void
advance(struct iovec *v, int count, size_t n)
{
	size_t step;
	int i;

	for (i = 0; i < count && n > 0; i++) {
		step = n < v[i].iov_len ? n : v[i].iov_len;
		v[i].iov_base = (char *)v[i].iov_base + step;
		v[i].iov_len -= step;
		n -= step;
	}
}

static int
send_all(int to, int from, struct iovec *v, int count, size_t left)
{
	struct pollfd p[2] = { { .fd = to, .events = POLLOUT },
		{ .fd = from, .events = POLLIN } };
	ssize_t n;

	while (left > 0) {
		n = writev(to, v, count);
		if (n > 0) {
			advance(v, count, (size_t)n);
			left -= (size_t)n;
		} else if (errno == EAGAIN) {
			if (poll(p, 2, -1) > 0 && p[1].revents != 0)
				return 0;
		} else if (errno != EINTR)
			return -1;
	}
	return 0;
}

int
frame_send(int to, int from, struct span small, struct span large)
{
	struct frame f = {
		.small = (uint32_t)small.n, .at = -1, .large = large.n
	};
	struct iovec v[3] = { { &f, sizeof f }, { (void *)small.p, small.n },
		{ (void *)large.p, large.n } };

	return send_all(to, from, v, 3, sizeof f + small.n + large.n);
}

int
frame_send_bytes(int to, int from, struct span bytes)
{
	struct iovec v = { (void *)bytes.p, bytes.n };

	return send_all(to, from, &v, 1, bytes.n);
}

int
frame_answer(int to, uint32_t status, struct span small)
{
	struct frame f = {
		.status = status, .small = (uint32_t)small.n, .at = -1
	};
	struct iovec v[2] = { { &f, sizeof f }, { (void *)small.p, small.n } };

	/* At most PIPE_BUF bytes go as one. */
	return writev(to, v, 2) == -1 ? -1 : 0;
}

/* Receives the rest of the header and up to n bytes of the body. */
static int
receive_some(int from, struct frame *f, struct buf *body, size_t n, size_t *got)
{
	struct pollfd p = { .fd = from, .events = POLLIN };
	size_t head = *got < sizeof *f ? sizeof *f - *got : 0;
	struct iovec v[2] = { { (char *)f + sizeof *f - head, head },
		{ buf_room(body, n), n } };
	ssize_t r;

	r = poll(&p, 1, 1000);
	if (r == 0)
		errno = EAGAIN;
	if (r > 0) {
		r = readv(from, v, 2);
		if (r == 0)
			errno = EPIPE;
	}
	if (r == -1 && errno == EINTR)
		return 0;
	if (r <= 0)
		return -1;
	*got += (size_t)r;
	if ((size_t)r > head)
		body->n += (size_t)r - head;
	return 0;
}

int
frame_receive(int from, struct frame *f, struct buf *body, size_t *got)
{
	size_t want;

	if (*got == 0)
		body->n = 0;
	while (*got < sizeof *f)
		if (receive_some(from, f, body, 4096, got) == -1)
			return -1;
	if (f->large > SIZE_MAX / 2) {
		errno = EBADMSG;
		return -1;
	}
	want = f->small + (size_t)f->large;
	while (body->n < want) {
		/* Memory for bytes that come, not for all that are promised. */
		size_t piece = want - body->n < PIECE ? want - body->n : PIECE;

		if (receive_some(from, f, body, piece, got) == -1)
			return -1;
	}
	if (body->n == want)
		return 0;
	errno = EBADMSG;
	return -1;
}
