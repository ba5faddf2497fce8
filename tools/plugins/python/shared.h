/*
 * Frames in memory that the plugin and its interpreter share.
 *
 * A frame is written once and read in place, and if both sides are awake no
 * system call is made.  A side that sleeps says so in its memory; then the
 * other one writes a byte into a pipe after a frame, a bell.  bt_bridge.py is
 * the other end.
 */
#ifndef PLUGINS_PYTHON_SHARED_H
#define PLUGINS_PYTHON_SHARED_H

#include "plugins/python/frame.h"
#include "plugins/python/patience.h"

/* A memory that one side writes and the other reads. */
struct area {
	int fd;
	char *p; /* mapped; NULL if there is none */
	size_t size;
};

struct shared {
	struct area requests, answers;
	unsigned char number; /* of the last request */
	bool asleep;	      /* the interpreter rings */
	struct patience patience;
};

/* Makes the memory, and the pipe's end to, on which the interpreter rings, one
 * that never blocks.  Returns 0, or -1 if there is no memory to share. */
int shared_new(struct shared *s, int to);

void shared_free(struct shared *s);

/* Sends a frame; the other side's bell is the pipe to.  Returns 0, or -1 and
 * errno. */
int shared_send(struct shared *s, int to, struct span small, struct span large);

/*
 * Waits for the answer to the last frame; from is this side's bell.  The bytes
 * of small and large are borrowed until the next frame is sent.  Returns 0, or
 * -1 and errno as frame_receive does.
 */
int shared_receive(struct shared *s, int from, struct frame *f,
    struct span *small, struct span *large);

/* From the interpreter's side: the answer to the first frame, of one part. */
void shared_answer(
    struct shared *s, int to, uint32_t status, struct span small);

#endif
