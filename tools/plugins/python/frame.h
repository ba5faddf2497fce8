/*
 * The messages between the plugin and its interpreter: a header in the
 * machine's byte order, a small part, a large one.  bt_bridge.py is the other
 * end.  These functions send them through pipes, where there is no memory to
 * share: shared.h.
 */
#ifndef PLUGINS_PYTHON_FRAME_H
#define PLUGINS_PYTHON_FRAME_H

#include <stdint.h>

#include "base/buf.h"

struct frame {
	uint32_t status; /* from the interpreter: enum bt_status */
	uint32_t small;	 /* bytes of the small part */
	int64_t at;	 /* the payload's byte at fault, or -1 */
	uint64_t large;	 /* bytes of the large part */
};

/*
 * Sends a frame on the non-blocking pipe to.  If the pipe is full and from can
 * be read, which then is at its end of file, stops as if all were sent.
 * Returns 0, or -1 and errno.
 */
int frame_send(int to, int from, struct span small, struct span large);

/* The same with bytes that are not a frame. */
int frame_send_bytes(int to, int from, struct span bytes);

/* From the interpreter's side: a frame of one part, on a blocking pipe. */
int frame_answer(int to, uint32_t status, struct span small);

/*
 * Reads a frame, its parts one after the other into body, in place of what that
 * held.  Returns 0, or -1 and errno: EPIPE at an end of file, EAGAIN if nothing
 * came for a second (call again with the same arguments: nothing is lost),
 * EBADMSG for anything but a frame.  A new frame begins with *got 0.
 */
int frame_receive(int from, struct frame *f, struct buf *body, size_t *got);

#endif
