#include "format/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { SLOTS = 64 };

/* Beyond the records that were answered from 0 on without a gap. */
struct rest {
	struct ranges answered, failed;
};

/* Objects are told apart by 64 bits of their names alone. */
struct seen_object {
	uint64_t hash;	   /* 0: a free slot */
	uint64_t to;	   /* without rest, the records below were answered */
	struct rest *rest; /* NULL, or all that is known of the records */
};

struct range
range_of_batch(const struct ref *r)
{
	struct range batch = { r->first, r->first + r->count };

	if (r->count == 0 && batch.to == UINT64_MAX)
		batch.from--;
	else if (r->count == 0)
		batch.to++;
	return batch;
}

static uint64_t
name_of(const struct ref *r)
{
	uint64_t hash = hash_span(r->path);

	return hash != 0 ? hash : 1;
}

/* The object's slot, or the one that is free for it. */
static struct seen_object *
slot_of(const struct seen *s, uint64_t hash)
{
	size_t i = hash & (s->size - 1);

	while (s->slot[i].hash != 0 && s->slot[i].hash != hash)
		i = (i + 1) & (s->size - 1);
	return &s->slot[i];
}

static void
grow(struct seen *s)
{
	struct seen old = *s;
	size_t i;

	s->size = old.size > 0 ? 2 * old.size : SLOTS;
	s->slot = mem_resize(NULL, s->size, sizeof *s->slot);
	memset(s->slot, 0, s->size * sizeof *s->slot);
	for (i = 0; i < old.size; i++)
		if (old.slot[i].hash != 0)
			*slot_of(s, old.slot[i].hash) = old.slot[i];
	free(old.slot);
}

static struct rest *
rest_of(struct seen_object *o)
{
	if (o->rest == NULL) {
		o->rest = mem_alloc(sizeof *o->rest);
		memset(o->rest, 0, sizeof *o->rest);
		if (o->to > 0)
			ranges_add(&o->rest->answered, 0, o->to);
	}
	return o->rest;
}

static void
free_rest(struct seen_object *o)
{
	ranges_free(&o->rest->answered);
	ranges_free(&o->rest->failed);
	free(o->rest);
	o->rest = NULL;
}

/* Forgets the ranges if they say no more than one number does. */
static void
settle(struct seen_object *o)
{
	struct rest *rest = o->rest;

	if (!ranges_is_one(&rest->answered) ||
	    ranges_end(&rest->failed) > ranges_end(&rest->answered))
		return;
	o->to = ranges_end(&rest->answered);
	free_rest(o);
}

struct news
seen_add(struct seen *s, const struct result *res)
{
	struct range b = range_of_batch(&res->ref);
	struct news news = { false, b.to - b.from, 0 };
	struct seen_object *o;
	struct rest *rest;

	if (2 * (s->n + 1) > s->size)
		grow(s);
	o = slot_of(s, name_of(&res->ref));
	if (o->hash == 0) {
		s->n++;
		o->hash = name_of(&res->ref);
	}
	/* Nearly always the next one, or one that comes again. */
	if (o->rest == NULL && b.to <= o->to)
		return (struct news){ false, 0, 0 };
	if (o->rest == NULL && b.from == o->to && res->answered) {
		o->to = b.to;
	} else {
		rest = rest_of(o);
		news.records -=
		    ranges_count(&rest->answered, NULL, b.from, b.to);
		news.mended =
		    ranges_count(&rest->failed, &rest->answered, b.from, b.to);
		news.records -= news.mended;
		if (!res->answered)
			news.mended = 0;
		ranges_add(res->answered ? &rest->answered : &rest->failed,
		    b.from, b.to);
		settle(o);
	}
	news.any = news.records + news.mended > 0;
	if (res->ref.count == 0)
		news.records = news.mended = 0;
	return news;
}

bool
seen_answered(const struct seen *s, const struct ref *batch)
{
	struct range b = range_of_batch(batch);
	const struct seen_object *o;

	if (s->size == 0)
		return false;
	o = slot_of(s, name_of(batch));
	if (o->rest != NULL)
		return ranges_count(&o->rest->answered, NULL, b.from, b.to) ==
		       b.to - b.from;
	return b.to <= o->to;
}

void
seen_forget_failed(struct seen *s)
{
	struct rest *rest;
	size_t i;

	for (i = 0; i < s->size; i++)
		if ((rest = s->slot[i].rest) != NULL) {
			ranges_free(&rest->failed);
			memset(&rest->failed, 0, sizeof rest->failed);
		}
}

void
seen_free(struct seen *s)
{
	size_t i;

	for (i = 0; i < s->size; i++)
		if (s->slot[i].rest != NULL)
			free_rest(&s->slot[i]);
	free(s->slot);
}
