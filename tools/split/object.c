#include "split/object.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/say.h"

void
object_reserve(struct object *o, uint64_t n)
{
	/* If nothing is left, no record fits. */
	if (o->payload > 0)
		o->payload = o->payload > n ? o->payload - n : 1;
}

int
object_put(struct object *o, uint64_t offset, uint64_t length, uint64_t count,
    uint32_t crc)
{
	if (refs_put(&o->refs, offset, length, o->batch.first, count, crc) == 0)
		return 0;
	say("%s: a reference to it is longer than %d bytes", o->name, REF_MAX);
	return -1;
}

int
object_cut(struct object *o)
{
	struct batch *b = &o->batch;

	if (object_put(o, b->start, b->cut - b->start, b->count, b->sum) == -1)
		return -1;
	batch_next(b);
	return 0;
}

int
object_bad(
    const struct object *o, const struct place *place, const char *fmt, ...)
{
	struct buf at = { 0 };
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	if (place->header)
		buf_adds(&at, "header row");
	else
		buf_addf(&at, "record %" PRIu64, place->record);
	if (place->line > 0)
		buf_addf(&at, " (line %" PRIu64 ", byte %" PRIu64 ")",
		    place->line, place->byte);
	else
		buf_addf(&at, " at byte %" PRIu64, place->byte);
	say("%s: %s: %s", o->name, buf_str(&at), what);
	buf_free(&at);
	return -1;
}

int
object_too_large(const struct object *o, const struct place *place,
    uint64_t size, bool at_least)
{
	return object_bad(o, place,
	    "%s%" PRIu64 " bytes, more than the %" PRIu64
	    " of --max-payload-in-mb %" PRIu64 "%s",
	    at_least ? "at least " : "", size, o->payload, o->sp->payload >> 20,
	    o->payload < o->sp->payload ? " without the header row" : "");
}
