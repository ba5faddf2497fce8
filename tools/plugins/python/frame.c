#include "plugins/python/frame.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "bt_model.h"

/* Takes n bytes off the front of what is to be moved. */
static void
advance(struct iovec *v, size_t count, size_t n)
{
	size_t i, step;

	for (i = 0; i < count && n > 0; i++) {
		step = n < v[i].iov_len ? n : v[i].iov_len;
		v[i].iov_base = (char *)v[i].iov_base + step;
		v[i].iov_len -= step;
		n -= step;
	}
}

static int
send_all(int fd, const struct frame *f, struct span small, struct span large)
{
	struct iovec v[3] = { { (void *)f, sizeof *f },
		{ (void *)small.p, small.n }, { (void *)large.p, large.n } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 3 };
	size_t left = sizeof *f + small.n + large.n;
	ssize_t n;

	while (left > 0) {
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
		if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0) {
			advance(v, 3, (size_t)n);
			left -= (size_t)n;
		}
	}
	return 0;
}

int
frame_send(int fd, struct span small, struct span large)
{
	struct frame f = {
		.small = (uint32_t)small.n, .at = -1, .large = large.n
	};

	return send_all(fd, &f, small, large);
}

int
frame_answer(int fd, uint32_t status, struct span small)
{
	struct frame f = {
		.status = status, .small = (uint32_t)small.n, .at = -1
	};
	struct span none = { NULL, 0 };

	return send_all(fd, &f, small, none);
}

/* Up to n bytes of the body; the header's rest comes with them. */
static ssize_t
receive_some(int fd, struct frame *f, struct buf *body, size_t n, size_t *got)
{
	size_t head = *got < sizeof *f ? sizeof *f - *got : 0;
	struct iovec v[2] = { { (char *)f + sizeof *f - head, head },
		{ buf_room(body, n), n } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	ssize_t r;

	do
		r = recvmsg(fd, &m, 0);
	while (r == -1 && errno == EINTR);
	if (r == 0)
		errno = EPIPE;
	if (r <= 0)
		return -1;
	*got += (size_t)r;
	if ((size_t)r > head)
		body->n += (size_t)r - head;
	return 0;
}

int
frame_receive(int fd, struct frame *f, struct buf *body, size_t *got)
{
	size_t want;

	if (*got == 0)
		body->n = 0;
	while (*got < sizeof *f)
		if (receive_some(fd, f, body, 4096, got) == -1)
			return -1;
	if (f->large > SIZE_MAX / 2) {
		errno = EBADMSG;
		return -1;
	}
	want = f->small + (size_t)f->large;
	while (body->n < want)
		if (receive_some(fd, f, body, want - body->n, got) == -1)
			return -1;
	if (body->n == want)
		return 0;
	errno = EBADMSG;
	return -1;
}
