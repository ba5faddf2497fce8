/*
 * The bytes of an output, gathered into large writes.  An output that cannot
 * be written to ends the process with status 1 and a message: the disk is
 * full for every object.
 */
#ifndef JOIN_SINK_H
#define JOIN_SINK_H

#include <stdint.h>

#include "base/span.h"
#include "io/out.h"

/* SINK_SLACK bytes may be written after the room asked for. */
enum { SINK_BLOCK = 256 << 10, SINK_SLACK = 64 };

struct sink {
	struct out *out;
	const char *name; /* of the output, for messages */
	char *p;
	size_t n, size;
};

/* The next bytes are for this output: writes those gathered for another. */
void sink_turn(struct sink *s, struct out *out, const char *name);

/* Writes the gathered bytes, or forgets them. */
void sink_flush(struct sink *s);
void sink_drop(struct sink *s);

/* How many bytes the output has so far; and takes back those after such a
 * place: 0, or -1 if they are out already. */
uint64_t sink_place(const struct sink *s);
int sink_cut(struct sink *s, uint64_t place);

void sink_make_room(struct sink *s, size_t n);

/* Room for n bytes more; s->n is the caller's to raise. */
static inline char *
sink_room(struct sink *s, size_t n)
{
	if (s->size - s->n < n)
		sink_make_room(s, n);
	return s->p + s->n;
}

static inline void
sink_add(struct sink *s, struct span text)
{
	memcpy(sink_room(s, text.n), text.p, text.n);
	s->n += text.n;
}

#endif
