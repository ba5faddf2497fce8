/*
 * SplitType None: the object is one record.
 */
#include <inttypes.h>

#include "base/say.h"
#include "split/object.h"

static int
too_large(const struct object *o, const char *at_least, uint64_t size)
{
	say("%s: %s%" PRIu64 " bytes, more than the %" PRIu64
	    " of --max-payload-in-mb %" PRIu64
	    ", and --split-type None sends it whole",
	    o->name, at_least, size, o->sp->payload, o->sp->payload >> 20);
	return -1;
}

static void *
begin(struct object *o)
{
	return o;
}

static int
feed(void *state, const char *p, size_t n)
{
	struct object *o = state;
	struct batch *b = &o->batch;

	if (o->in.end_known && object_exceeds(o, o->in.end - b->start))
		return too_large(o, "", o->in.end - b->start);
	batch_sum(b, p, b->seen, b->seen + n);
	if (object_exceeds(o, b->seen - b->start))
		return too_large(o, "at least ", o->sp->payload + 1);
	return 0;
}

static int
finish(void *state)
{
	struct object *o = state;
	struct batch *b = &o->batch;

	if (b->seen == b->start && !o->refs.ref.bare)
		return 0;
	b->cut = b->line = b->seen;
	b->count = 1;
	batch_sum(b, "", b->seen, b->seen);
	return object_cut(o);
}

static void
end(void *state)
{
	(void)state;
}

const struct cutter split_whole = { begin, feed, finish, end };
