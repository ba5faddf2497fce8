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

/* Bytes that may be written past what was asked room for. */
enum { SINK_BLOCK = 256 << 10, SINK_SLACK = 64 };

struct sink {
	struct out *out;
	const char *name; /* of the output, for messages */
	char *p;
	size_t n, size;
};

/* Where the next bytes go: those gathered before for another output are
 * written. */
void sink_turn(struct sink *s, struct out *out, const char *name);

/* Writes what is gathered, or forgets it. */
void sink_flush(struct sink *s);
void sink_drop(struct sink *s);

/* Bytes that the output has so far; and takes back what came after such a
 * place: 0, or -1 where that is out already. */
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
