/*
 * Any bytes from the plugin python's interpreter are a frame, with the parts
 * that its header says, or none; what it promises and does not send costs no
 * memory.
 */
#include <unistd.h>

#include "plugins/python/frame.c"
#include "plugins/python/patience.c"
#include "want.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct patience patience = { 0 };
	struct frame f = { 0 };
	struct buf body = { 0 };
	size_t got = 0;
	int p[2];

	want(pipe(p) == 0);
	want(write(p[1], data, size) == (ssize_t)size);
	close(p[1]);
	if (frame_receive(&patience, p[0], &f, &body, &got) == 0) {
		want(body.n == f.small + f.large && size >= sizeof f + body.n);
		want(memcmp(body.p, data + sizeof f, body.n) == 0);
	} else
		want(errno == EPIPE || errno == EBADMSG);
	close(p[0]);
	buf_free(&body);
	return 0;
}
