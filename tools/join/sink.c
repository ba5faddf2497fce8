#include "join/sink.h"

#include "base/mem.h"
#include "base/say.h"
#include "io/remote.h"

void
sink_turn(struct sink *s, struct out *out, const char *name)
{
	if (s->out == out)
		return;
	sink_flush(s);
	s->out = out;
	s->name = name;
}

void
sink_flush(struct sink *s)
{
	if (s->n > 0 && out_write(s->out, s->p, s->n) == -1)
		say_exit(1, "%s: %s", s->name, remote_error());
	s->n = 0;
}

uint64_t
sink_place(const struct sink *s)
{
	return out_size(s->out) + s->n;
}

int
sink_cut(struct sink *s, uint64_t place)
{
	uint64_t written = out_size(s->out);

	if (place >= written) {
		s->n = (size_t)(place - written);
		return 0;
	}
	s->n = 0;
	return out_cut(s->out, place);
}

void
sink_drop(struct sink *s)
{
	s->n = 0;
	s->out = NULL;
}

void
sink_make_room(struct sink *s, size_t n)
{
	sink_flush(s);
	if (s->size >= n)
		return;
	s->size = n < SINK_BLOCK ? SINK_BLOCK : n;
	s->p = mem_resize(s->p, s->size + SINK_SLACK, 1);
}
